package org.layerbook.interpreter.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.Rendered;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.Confirmation;

class ConfirmationTest {
    private final List<String> asked = new ArrayList<>();

    @Test
    void theUserAtANotebookIsAsked() throws Exception {
        assertTrue(ask(Optional.of("y")));
        assertTrue(ask(Optional.of(" YES ")));
        assertFalse(ask(Optional.of("")));
        assertFalse(ask(Optional.of("n")));
        assertEquals(List.of("Sure? ", "Sure? ", "Sure? ", "Sure? "), asked);
    }

    @Test
    void whereNobodyCanBeAskedItRefusesAndSaysHowToGoAhead() {
        var refusal = assertThrows(CommandException.class, () -> ask(Optional.empty()));
        assertTrue(refusal.getMessage().contains("use -f to skip it"), refusal.getMessage());
        assertEquals(1, refusal.exitStatus());
    }

    @Test
    void whereNobodyCanBeAskedWhatWasPipedInAnswers() throws Exception {
        assertTrue(ask(Optional.empty(), "y\nn\n"));
        assertFalse(ask(Optional.empty(), "\ny\n"));
    }

    private boolean ask(Optional<String> answer) throws CommandException, IOException {
        return ask(answer, "");
    }

    private boolean ask(Optional<String> answer, String stdin) throws CommandException, IOException {
        var display = new CellOutput() {
            @Override
            public void stdout(String text) {}

            @Override
            public void stderr(String text) {}

            @Override
            public void display(Rendered rendered) {}

            @Override
            public Display live(Rendered rendered) {
                return changed -> {};
            }

            @Override
            public Optional<String> ask(String prompt, boolean password) {
                asked.add(prompt);
                return answer;
            }

            @Override
            public int columns() {
                return 80;
            }
        };
        var context = new CommandContext(
                null,
                new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
                OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream(),
                Optional.of(display),
                Path.of("/"),
                Map.of(),
                new Cancellation());
        return Confirmation.ask(context, "Sure? ", "docker image prune");
    }
}
