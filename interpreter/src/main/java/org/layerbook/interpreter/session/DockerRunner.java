package org.layerbook.interpreter.session;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.cell.ShellText;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.output.TextSink;
import org.layerbook.interpreter.session.history.ImagesOfSession;
import org.layerbook.interpreter.shim.ShimDocker;

/** Docker commands of a cell. */
final class DockerRunner {
    private final RunningCell cell;

    DockerRunner(RunningCell cell) {
        this.cell = cell;
    }

    /**
     * Where a command reads and writes when not at the cell's own streams.
     *
     * @param stdout empty: the cell, which then also gets rich results
     */
    record Redirected(InputStream stdin, Optional<OutputStream> stdout, Map<String, String> environment) {}

    /** For the {@code docker} that a host command of this cell finds: streams only, on a thread of its own. */
    int answer(ShimDocker.Asked asked, SourceRange place) throws CommandException {
        var context = new CommandContext(
                new ImagesOfSession(cell.references()),
                asked.stdin(),
                asked.stdout(),
                asked.stderr(),
                Optional.empty(),
                asked.directory(),
                asked.environment(),
                asked.cancellation());
        List<String> words = asked.words().subList(1, asked.words().size());
        try {
            return cell.instructionContext().engine(place).docker(words, context);
        } catch (CellFailureException e) {
            throw new CommandException(e.getMessage(), 1);
        }
    }

    /** {@code docker-compose up} is {@code docker compose up}. */
    private static List<String> arguments(List<String> words) {
        var arguments = new ArrayList<>(words);
        if (arguments.removeFirst().equals(ShellText.COMPOSE)) {
            arguments.addFirst("compose");
        }
        return arguments;
    }

    /** @param words with the program's name. @return the exit status */
    int run(List<String> words, SourceRange place) throws CellFailureException {
        return run(words, place, new Redirected(cell.output().stdin(), Optional.empty(), cell.environment()));
    }

    int run(List<String> words, SourceRange place, Redirected redirected) throws CellFailureException {
        if (words.getFirst().equals("hadolint")) {
            throw CellFailureException.at(place, "Not supported", "hadolint is not supported", Optional.empty());
        }
        CellOutput output = cell.output();
        try (var stdout = new TextSink(output::stdout);
                var stderr = new TextSink(output::stderr)) {
            var context = new CommandContext(
                    new ImagesOfSession(cell.references()),
                    redirected.stdin(),
                    redirected.stdout().orElse(stdout),
                    stderr,
                    redirected.stdout().isPresent() ? Optional.empty() : Optional.of(output),
                    cell.shell().directory(),
                    redirected.environment(),
                    cell.cancellation());
            return cell.instructionContext().engine(place).docker(arguments(words), context);
        } catch (CommandException e) {
            throw cell.cancellation().isCancelled()
                    ? CellFailureException.interrupted(place)
                    : CellFailureException.of(e, place);
        }
    }
}
