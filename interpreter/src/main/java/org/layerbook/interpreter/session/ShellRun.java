package org.layerbook.interpreter.session;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.interpreter.cell.ShellSequence;
import org.layerbook.interpreter.cell.ShellSequence.Command;
import org.layerbook.interpreter.cell.ShellText;
import org.layerbook.interpreter.cell.ShellWord;
import org.layerbook.interpreter.magic.FileProblems;

/**
 * Carries out shell syntax with docker in it: lists of nothing but docker commands, with files and heredocs for their
 * streams, without a shell, so that they keep their rich results; all else in the host's.
 */
final class ShellRun {
    private final RunningCell cell;
    private final SourceRange place;

    ShellRun(RunningCell cell, SourceRange place) {
        this.cell = cell;
        this.place = place;
    }

    void run(ShellText shell) throws CellFailureException {
        Optional<List<Command>> commands = ShellSequence.of(shell);
        int status = commands.isPresent() ? runAll(commands.get()) : new HostRunner(cell).shell(shell.text(), place);
        if (status != 0) {
            throw CellFailureException.exitStatus(place, "the command", status);
        }
    }

    private int runAll(List<Command> commands) throws CellFailureException {
        int status = 0;
        Optional<CellFailureException> failure = Optional.empty();
        for (Command command : commands) {
            boolean runs = switch (command.joined()) {
                case ALWAYS -> true;
                case IF_SUCCEEDED -> status == 0;
                case IF_FAILED -> status != 0;
            };
            if (!runs) {
                continue;
            }
            // What failed before goes on as a shell does: it says so, and the operator decides.
            failure.ifPresent(
                    f -> cell.output().stderr(String.join("\n", f.facts().verbatim()) + "\n"));
            failure = Optional.empty();
            try {
                status = run(command);
            } catch (CellFailureException e) {
                status = e.facts().exitStatus();
                failure = Optional.of(e);
                if (cell.cancellation().isCancelled()) {
                    break;
                }
            }
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        return status;
    }

    private int run(Command command) throws CellFailureException {
        Map<String, String> environment = new HashMap<>(cell.environment());
        command.assignments()
                .forEach((name, value) -> environment.put(name, String.join(" ", value.expand(cell.environment()))));
        List<String> words = ShellWord.expand(command.words(), cell.environment());
        try (InputStream stdin = stdin(command, environment)) {
            Optional<Path> target = command.output().map(o -> file(o.file(), environment));
            if (target.isEmpty()) {
                return new DockerRunner(cell)
                        .run(words, place, new DockerRunner.Redirected(stdin, Optional.empty(), environment));
            }
            var how =
                    command.output().get().append() ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
            try (OutputStream stdout =
                    Files.newOutputStream(target.get(), StandardOpenOption.CREATE, StandardOpenOption.WRITE, how)) {
                return new DockerRunner(cell)
                        .run(words, place, new DockerRunner.Redirected(stdin, Optional.of(stdout), environment));
            }
        } catch (IOException e) {
            throw CellFailureException.at(place, "File error", FileProblems.sentence(e), Optional.empty());
        }
    }

    private InputStream stdin(Command command, Map<String, String> environment) throws IOException {
        if (command.heredoc().isPresent()) {
            return new ByteArrayInputStream(command.heredoc().get().getBytes(StandardCharsets.UTF_8));
        }
        return command.input().isPresent()
                ? Files.newInputStream(file(command.input().get(), environment))
                : unclosed(cell.output().stdin());
    }

    /** The cell's input outlives the command. */
    private static InputStream unclosed(InputStream stdin) {
        return new FilterInputStream(stdin) {
            @Override
            public void close() {}
        };
    }

    private Path file(ShellWord word, Map<String, String> environment) {
        return cell.shell().resolve(String.join(" ", word.expand(environment)));
    }
}
