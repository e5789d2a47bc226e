package org.layerbook.interpreter.session;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.HostCommand;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.magic.FileProblems;
import org.layerbook.interpreter.output.TextSink;
import org.layerbook.interpreter.session.shell.ShellContext;
import org.layerbook.interpreter.session.shell.ShellState;
import org.layerbook.interpreter.shim.ShimDocker;
import org.layerbook.interpreter.shim.ShimTurn;

/**
 * Host commands of a cell: at a terminal they have it to themselves, else their output goes out as it comes. The {@code
 * docker} that they find is this session.
 */
final class HostRunner {
    private final RunningCell cell;
    private final HostCommands host;

    HostRunner(RunningCell cell) {
        this.cell = cell;
        this.host = cell.parts().engine().provider().host();
    }

    /** @return the exit status; a program that is not there is 127 */
    int run(HostCommand command, SourceRange place) throws CellFailureException {
        return turn(place, turn -> runHere(within(turn, command), cell.output().stdin()));
    }

    /** Runs a command that reads the text, wherever the user sits. */
    int run(HostCommand command, String stdin, SourceRange place) throws CellFailureException {
        var input = new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8));
        return turn(place, turn -> runInCell(within(turn, command), input));
    }

    /** Runs shell text; its folder and variables are those of what runs next. */
    int shell(String text, SourceRange place) throws CellFailureException {
        return turn(place, turn -> {
            ShellContext shell = cell.shell();
            Path left = turn.file("left");
            Map<String, String> given = turn.environment(shell.environment());
            var command = new HostCommand(ShellState.argv(text, left, shell.errexit()), shell.directory(), given);
            ExitStatus status = runHere(command, cell.output().stdin());
            if (status.wasCancelled()) {
                return status;
            }
            cell.setShell(ShellState.after(left, shell, given));
            if (shell.shellFallback() && ShellState.exited(left)) {
                cell.setShellExited();
            }
            return status;
        });
    }

    private static HostCommand within(ShimTurn turn, HostCommand command) {
        return new HostCommand(command.argv(), command.directory(), turn.environment(command.environment()));
    }

    @FunctionalInterface
    private interface InTurn {
        ExitStatus run(ShimTurn turn) throws IOException;
    }

    private int turn(SourceRange place, InTurn body) throws CellFailureException {
        ShimDocker docker = asked -> new DockerRunner(cell).answer(asked, place);
        try (ShimTurn turn = ShimTurn.begin(cell.parts().engine().provider().shim(), docker, cell.cancellation())) {
            ExitStatus status = body.run(turn);
            if (status.wasCancelled()) {
                throw CellFailureException.interrupted(place);
            }
            return status.code();
        } catch (IOException e) {
            if (cell.cancellation().isCancelled()) {
                throw CellFailureException.interrupted(place);
            }
            throw CellFailureException.at(place, "System error", FileProblems.sentence(e), Optional.empty());
        }
    }

    private ExitStatus runHere(HostCommand command, InputStream stdin) throws IOException {
        return host.hasTerminal() && cell.output().lendTerminal() ? runOnTerminal(command) : runInCell(command, stdin);
    }

    private ExitStatus runInCell(HostCommand command, InputStream stdin) throws IOException {
        CellOutput output = cell.output();
        try (var stdout = new TextSink(output::stdout);
                var stderr = new TextSink(output::stderr)) {
            return host.run(command, new ProcessIo(stdin, stdout, stderr), cell.cancellation());
        }
    }

    private ExitStatus runOnTerminal(HostCommand command) throws IOException {
        try {
            return host.runOnTerminal(command, cell.cancellation());
        } finally {
            cell.output().takeTerminalBack();
        }
    }
}
