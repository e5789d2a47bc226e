package org.layerbook.repl.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.HostCommand;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.ProcessIo;

/** A host whose programs answer what is laid down. */
final class FakeHost implements HostCommands {
    private final Map<String, String> environment;
    private final Map<List<String>, String> answers = new HashMap<>();

    FakeHost(Map<String, String> environment) {
        this.environment = environment;
    }

    FakeHost answers(String output, String... argv) {
        answers.put(List.of(argv), output);
        return this;
    }

    @Override
    public ExitStatus run(HostCommand command, ProcessIo io, Cancellation cancellation) throws IOException {
        String answer = answers.get(command.argv());
        if (answer == null) {
            return ExitStatus.of(127);
        }
        io.stdout().write(answer.getBytes(StandardCharsets.UTF_8));
        return ExitStatus.of(0);
    }

    @Override
    public ExitStatus runOnTerminal(HostCommand command, Cancellation cancellation) {
        throw new UnsupportedOperationException("a doctor needs no terminal");
    }

    @Override
    public boolean hasTerminal() {
        return false;
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    @Override
    public String description() {
        return "nowhere";
    }
}
