package org.layerbook.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program on a real terminal: its modes, its signals, its end. */
class PromptProcessTest {
    @TempDir
    Path folder;

    @Test
    void aSessionFromGreetingToCtrlD() throws Exception {
        try (var terminal = new PseudoTerminal(folder, PromptMain.class, folder.toString())) {
            terminal.await("In [1]:");
            terminal.type("RUN echo hello\r");
            terminal.await("hello\nIn [2]:");
            terminal.type("RUN echo runs\u001b\rRUN block\r");
            terminal.await("...: RUN block\nruns");
            // Java would print its threads for Ctrl-\.
            terminal.type("\u001c");
            terminal.type("\u0003");
            terminal.await("runs\n^C\ninterrupted\nIn [3]:");
            terminal.type("RUN secret Password:\r");
            terminal.await("\nPassword:");
            terminal.type("geheim\r");
            terminal.await("[geheim]\nIn [4]:");
            terminal.type("\u001a\u001c");
            terminal.type("RUN echo still here\r");
            terminal.await("still here\nIn [5]:");
            terminal.type("\u0004");
            assertEquals(0, terminal.status());
        }
    }

    @Test
    void cellsGivenOnATerminalEndWithCtrlC() throws Exception {
        try (var terminal = new PseudoTerminal(
                folder,
                PromptMain.class,
                folder.toString(),
                "--keep-going",
                "-c",
                "\"RUN echo one\\nRUN block\"",
                "-c",
                "\"RUN echo three\"")) {
            terminal.await("one");
            terminal.type("\u0003");
            assertEquals(130, terminal.status());
            assertTrue(terminal.shown().endsWith("one\n^C\ninterrupted"), terminal.shown());
        }
    }
}
