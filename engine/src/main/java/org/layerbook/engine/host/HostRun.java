package org.layerbook.engine.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.layerbook.engine.linux.Trees;

/**
 * One command of the host as files in a directory: the script {@code run} that becomes it, and the pipes {@code in},
 * {@code out} and {@code err}; or the mark {@code terminal} instead of the pipes, or {@code own-input} instead of the first.
 */
final class HostRun {
    private final Path directory;
    private final List<OutputFifo> outputs;
    private final Optional<InputFifo> input;

    private HostRun(Path directory, List<OutputFifo> outputs, Optional<InputFifo> input) {
        this.directory = directory;
        this.outputs = outputs;
        this.input = input;
    }

    /**
     * @param group where the script writes the number of its process, which is that of its group, before all else
     * @param resetSignals whether {@code env} is to give Ctrl-C back, which a shell takes from what it puts in the background
     */
    static HostRun prepare(
            Path directory, HostCommand command, ProcessIo io, Optional<Path> group, boolean resetSignals)
            throws IOException {
        writeScript(directory, command, group, resetSignals);
        OutputFifo out = OutputFifo.create(directory.resolve("out"), io.stdout());
        OutputFifo err = OutputFifo.create(directory.resolve("err"), io.stderr());
        if (io.isOwnInput()) {
            Files.createFile(directory.resolve("own-input"));
        }
        InputFifo in = InputFifo.create(directory.resolve("in"), io);
        return new HostRun(directory, List.of(out, err), Optional.of(in));
    }

    static HostRun prepareOnTerminal(Path directory, HostCommand command, Optional<Path> group, boolean resetSignals)
            throws IOException {
        writeScript(directory, command, group, resetSignals);
        Files.createFile(directory.resolve("terminal"));
        return new HostRun(directory, List.of(), Optional.empty());
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** After the command has ended: all its output has been handed over, and the files are gone. */
    void finish() throws IOException {
        if (input.isPresent()) {
            input.get().finish();
        }
        try {
            for (OutputFifo each : outputs) {
                each.finish();
            }
        } finally {
            Trees.delete(directory);
        }
    }

    private static void writeScript(Path directory, HostCommand command, Optional<Path> group, boolean resetSignals)
            throws IOException {
        StringBuilder script = new StringBuilder();
        group.ifPresent(
                g -> script.append("echo $$ >").append(quote(g.toString())).append(" || exit 126\n"));
        script.append("cd -- ").append(quote(command.directory().toString())).append(" || exit 126\n");
        script.append("exec env -i");
        if (resetSignals) {
            script.append(" --default-signal=INT,QUIT");
        }
        for (Map.Entry<String, String> each : new TreeMap<>(command.environment()).entrySet()) {
            script.append(" \\\n").append(quote(each.getKey() + "=" + each.getValue()));
        }
        if (command.argv().getFirst().contains("=")) {
            // env would take it for a variable.
            script.append(" \\\n/bin/sh -c 'exec \"$@\"' sh");
        }
        for (String each : command.argv()) {
            script.append(" \\\n").append(quote(each));
        }
        script.append('\n');
        Files.write(directory.resolve("run"), script.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String quote(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
