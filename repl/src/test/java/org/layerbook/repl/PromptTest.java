package org.layerbook.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jline.utils.ScreenTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys in, a screen out: the prompt on a terminal in memory. */
class PromptTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String ENTER = "\r";
    private static final String ALT_ENTER = "\u001b\r";
    private static final String CTRL_C = "\u0003";
    private static final String CTRL_D = "\u0004";
    private static final String TAB = "\t";
    private static final String UP = "\u001bOA";

    @TempDir
    Path folder;

    private final ScriptedInterpreter interpreter = new ScriptedInterpreter();
    private Path history;
    private ScreenTerminal.VirtualTerminal virtual;
    private CompletableFuture<Integer> prompt;

    @BeforeEach
    void start() throws IOException {
        history = folder.resolve("home/history");
        open(interpreter, Map.of());
    }

    private void open(ScriptedInterpreter session, Map<String, String> environment) throws IOException {
        virtual = ScreenTerminal.withTerminal("test", "xterm-256color", 60, 20);
        prompt = CompletableFuture.supplyAsync(
                () -> Prompt.run(session, virtual.terminal(), history, environment),
                task -> Thread.ofPlatform().daemon().start(task));
        await("In [1]:");
    }

    @Test
    void withoutColoursThePromptHasNoneEither() throws Exception {
        String coloured = virtual.screen().dump(0, true);
        open(interpreter, Map.of("NO_COLOR", "1"));
        String plain = virtual.screen().dump(0, true);
        assertTrue(coloured.contains("In [1]:") && plain.contains("In [1]:"), plain);
        assertTrue(spans(coloured) > spans(plain), () -> coloured + "\n" + plain);
    }

    /** How many runs of cells that look alike there are. */
    private static long spans(String dump) {
        return dump.split("<span", -1).length;
    }

    @AfterEach
    void leave() throws Exception {
        virtual.terminal().close();
    }

    private void type(String... keys) throws IOException {
        virtual.terminal().processInputBytes(String.join("", keys).getBytes(StandardCharsets.UTF_8));
    }

    private String screen() {
        return String.join(
                        "\n",
                        virtual.screen()
                                .toString()
                                .lines()
                                .map(String::stripTrailing)
                                .toList())
                .stripTrailing();
    }

    /** What stands below the greeting. */
    private String below() {
        String text = screen();
        int start = text.indexOf("In [1]:");
        return start < 0 ? text : text.substring(start);
    }

    private void await(String end) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!screen().endsWith(end)) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("waited for <" + end + ">, and the screen is:\n" + screen());
                }
                virtual.screen().waitDirty(50);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void leaves() throws Exception {
        type(CTRL_D);
        assertEquals(0, prompt.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void cellsAreNumberedAndCtrlDLeaves() throws Exception {
        type("RUN echo hello", ENTER);
        await("In [2]:");
        type(ENTER);
        type("RUN print no newline", ENTER);
        await("In [3]:");
        assertEquals("""
                In [1]: RUN echo hello
                hello
                In [2]:
                In [2]: RUN print no newline
                no newline
                In [3]:""", below());
        leaves();
        assertEquals(List.of("RUN echo hello", "RUN print no newline"), interpreter.codes());
        assertEquals(
                List.of(Optional.of(1), Optional.of(2)),
                interpreter.requests.stream().map(r -> r.number()).toList());
    }

    @Test
    void anUnfinishedCellGoesOnInTheNextLine() throws Exception {
        type("RUN echo one \\", ENTER, "  two", ENTER);
        await("In [2]:");
        type("RUN <<EOF", ENTER, "echo inside", ENTER, "", ENTER, "EOF", ENTER);
        await("In [3]:");
        type("%%file x", ENTER, "body", ENTER, ENTER);
        await("In [4]:");
        assertEquals(
                List.of("RUN echo one \\\n  two", "RUN <<EOF\necho inside\n\nEOF", "%%file x\nbody\n"),
                interpreter.codes());
        assertTrue(below().contains("In [1]: RUN echo one \\\n   ...:   two\n"), below());
        leaves();
    }

    @Test
    void altEnterBeginsANewLine() throws Exception {
        type("FROM x", ALT_ENTER, "RUN echo y", ENTER);
        await("In [2]:");
        assertEquals(List.of("FROM x\nRUN echo y"), interpreter.codes());
    }

    @Test
    void whatIsPastedIsOneCell() throws Exception {
        type("\u001b[200~FROM x\nRUN echo one\nRUN echo two\n\u001b[201~");
        await("...:");
        assertEquals(List.of(), interpreter.codes());
        type(ENTER);
        await("In [2]:");
        assertEquals(List.of("FROM x\nRUN echo one\nRUN echo two\n"), interpreter.codes());
    }

    @Test
    void ctrlCDropsWhatIsTyped() throws Exception {
        type("RUN echo one \\", ENTER);
        await("...:");
        type("rest", CTRL_C);
        await("In [1]:");
        type("RUN echo two", ENTER);
        await("In [2]:");
        assertEquals(List.of("RUN echo two"), interpreter.codes());
    }

    @Test
    void ctrlCEndsWhatRunsAndThePromptComesBack() throws Exception {
        type("RUN block", ENTER);
        assertTrue(interpreter.blocking.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        type(CTRL_C);
        await("interrupted\nIn [2]:");
        leaves();
    }

    @Test
    void aFailureIsShownAndTheSessionGoesOn() throws Exception {
        type("RUN fail 3", ENTER);
        await("In [2]:");
        assertEquals("""
                In [1]: RUN fail 3
                it failed
                  1 │ RUN fail
                    │ ^^^^^^^^
                In [2]:""", below());
    }

    @Test
    void whatChangesStaysBelowTheOutput() throws Exception {
        type("RUN live table", ALT_ENTER, "RUN echo one", ALT_ENTER, "RUN echo two", ENTER);
        await("In [2]:");
        assertTrue(below().endsWith("one\ntwo\ntable is done\nIn [2]:"), below());
    }

    @Test
    void tabCompletes() throws Exception {
        type("fr", TAB);
        await("In [1]: FROM");
        type("bu", TAB);
        await("\nbuildroot:1      busybox:latest");
        type("s", TAB, "src", TAB, "x", ENTER);
        await("In [2]:");
        assertEquals(List.of("FROM busybox:latest src/x"), interpreter.codes());
    }

    @Test
    void aTabAtTheHeadOfALineOrInABodyIsATab() throws Exception {
        type("RUN cat <<-E", ENTER, TAB, "one", ENTER, TAB, TAB, "two", ENTER, "bu", TAB, "x", ENTER, TAB, "E", ENTER);
        await("In [2]:");
        type("%%file x", ENTER, "fr", TAB, "x", ENTER, ENTER);
        await("In [3]:");
        type("  ", TAB, "FROM x", ENTER);
        await("In [4]:");
        type("  fr", TAB, "bus", TAB, ENTER);
        await("In [5]:");
        assertEquals(
                List.of(
                        "RUN cat <<-E\n\tone\n\t\ttwo\nbu\tx\n\tE",
                        "%%file x\nfr\tx\n",
                        "  \tFROM x",
                        "  FROM busybox:latest "),
                interpreter.codes());
    }

    @Test
    void aHeredocOfAShellGoesOnToItsEnd() throws Exception {
        type("docker build -t hd - <<EOF", ENTER, "FROM scratch", ENTER, ENTER, "LABEL a=b", ENTER, "EOF", ENTER);
        await("In [2]:");
        assertEquals(List.of("docker build -t hd - <<EOF\nFROM scratch\n\nLABEL a=b\nEOF"), interpreter.codes());
    }

    @Test
    void questionsAreAskedAndAPasswordIsNotShown() throws Exception {
        type("RUN ask Continue? [y/N]", ENTER);
        await("RUN ask Continue? [y/N]\nContinue? [y/N]");
        type("\"y\" \\!!", ENTER);
        await("In [2]:");
        assertTrue(below().contains("\n\"y\" \\!!\nIn [2]:"), below());
        type("RUN secret Password:", ENTER);
        await("\nPassword:");
        type("geheim", ENTER);
        await("In [3]:");
        assertTrue(below().contains("\nPassword:\n[geheim]\n"), below());
        assertFalse(Files.readString(history).contains("geheim"));
    }

    @Test
    void wideCharactersTakeTwoColumns() throws Exception {
        type("RUN echo 日本語x", "\u007f", "\u007f", "y", ENTER);
        await("In [2]:");
        assertEquals(List.of("RUN echo 日本y"), interpreter.codes());
    }

    @Test
    void theHistoryOutlivesTheSessionAndIsPrivate() throws Exception {
        type("RUN echo one", ENTER);
        await("In [2]:");
        type("RUN echo a \\", ENTER, "b", ENTER);
        await("In [3]:");
        type("docker login -p geheim x", ENTER);
        await("In [4]:");
        type("FROM x", ALT_ENTER, "RUN docker login -p geheim", ENTER);
        await("In [5]:");
        leaves();
        assertFalse(Files.readString(history).contains("geheim"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(history)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(history.getParent())));

        var next = new ScriptedInterpreter();
        open(next, Map.of());
        type(UP);
        await("In [1]: RUN echo a \\\n   ...: b");
        type(ENTER);
        await("In [2]:");
        assertEquals(List.of("RUN echo a \\\nb"), next.codes());
    }

    @Test
    void aHistoryThatCannotBeKeptIsNoFault() throws Exception {
        leaves();
        history = Files.writeString(folder.resolve("file"), "").resolve("history");
        open(interpreter, Map.of());
        type("RUN echo one", ENTER);
        await("one\nIn [2]:");
    }
}
