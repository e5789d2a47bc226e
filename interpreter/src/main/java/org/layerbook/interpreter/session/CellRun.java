package org.layerbook.interpreter.session;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.host.HostCommand;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.cell.Cell;
import org.layerbook.interpreter.cell.Entry;
import org.layerbook.interpreter.cell.ShellText;
import org.layerbook.interpreter.cell.ShellWord;
import org.layerbook.interpreter.magic.FileProblems;
import org.layerbook.interpreter.magic.Magic;
import org.layerbook.interpreter.magic.MagicCall;
import org.layerbook.interpreter.magic.MagicException;
import org.layerbook.interpreter.magic.NestedFailureException;
import org.layerbook.interpreter.session.history.Checkpoint;
import org.layerbook.interpreter.session.history.References;
import org.layerbook.interpreter.session.output.CapturableOutput;
import org.layerbook.interpreter.shim.ShimDocker;
import org.layerbook.interpreter.shim.ShimTurn;

/** One cell that runs: its entries in order, up to the first failure. Confined to one thread, used once. */
final class CellRun {
    /** The name of a failure of which nothing is known but the status. */
    static final String EXIT_STATUS = "ExitStatus";

    private final SessionParts parts;
    private final CellBuild build;
    private final CapturableOutput output;
    private final Cancellation cancellation;
    private final HostRunner host;
    private final Checkpoint.Ran self;

    /** Whether the shell of the line that ran last has been left, by {@code exit} or under {@code set -e}. */
    private boolean exited;

    /** Other threads read it while this one waits for a host command. */
    private volatile ShellContext shell;

    CellRun(
            SessionParts parts,
            Checkpoint.Ran self,
            ShellContext shell,
            CellBuild build,
            CapturableOutput output,
            Cancellation cancellation) {
        this.self = self;
        this.parts = parts;
        this.shell = shell;
        this.build = build;
        this.output = output;
        this.cancellation = cancellation;
        this.host = new HostRunner(parts.engine().provider().host(), output, cancellation);
    }

    ShellContext shell() {
        return shell;
    }

    void setShell(ShellContext changed) {
        shell = changed;
    }

    CellBuild build() {
        return build;
    }

    SessionParts parts() {
        return parts;
    }

    CapturableOutput output() {
        return output;
    }

    /** Runs the entries; whatever was done before a failure stands. */
    CellResult run(Cell cell) {
        boolean builds = false;
        try {
            Optional<CellFailureException> held = Optional.empty();
            for (Entry entry : checked(cell).entries()) {
                if (entry instanceof Entry.Comment || entry instanceof Entry.TutorialOutput) {
                    continue;
                }
                builds = entry instanceof Entry.Instruction;
                held.ifPresent(failure -> show(failure, false));
                held = attempt(entry);
                if (exited) {
                    exited = false;
                    break;
                }
            }
            if (held.isPresent()) {
                throw held.get();
            }
            build.showSteps(instructionContext());
            return new CellResult.Ok();
        } catch (CellFailureException e) {
            build.showSteps(instructionContext());
            Optional<String> after = builds || build.isTouched() ? Optional.of(build.afterFailure()) : Optional.empty();
            return Failures.result(e, cell.text(), after, output.columns());
        } catch (NestedFailureException e) {
            build.showSteps(instructionContext());
            return e.failed();
        }
    }

    /**
     * Runs an entry.
     *
     * @return its failure where that ends the cell only if nothing follows: under {@code %shell-fallback} commands go on as
     *     in a shell
     */
    private Optional<CellFailureException> attempt(Entry entry) throws CellFailureException, NestedFailureException {
        try {
            run(entry);
            return Optional.empty();
        } catch (CellFailureException e) {
            boolean command = entry instanceof Entry.DockerCommand || entry instanceof Entry.ShellForm;
            if (cancellation.isCancelled() || !command) {
                throw e;
            }
            if (goesOn(entry)) {
                show(e, true);
                return Optional.empty();
            }
            if (!shell.shellFallback() || shell.errexit()) {
                throw e;
            }
            return Optional.of(e);
        }
    }

    private static boolean goesOn(Entry entry) {
        return switch (entry) {
            case Entry.DockerCommand docker -> docker.goesOn();
            case Entry.ShellForm form -> form.goesOn();
            default -> false;
        };
    }

    /** Shows a failure that does not end the cell. @param status whether the exit status is said where nothing else is */
    private void show(CellFailureException failure, boolean status) {
        CellFailureException.Facts facts = failure.facts();
        boolean silent = facts.verbatim().isEmpty() && facts.name().equals(EXIT_STATUS);
        if (silent && status) {
            output.stderr("exit status " + facts.exitStatus() + "\n");
        } else if (!silent) {
            output.stderr(
                    String.join("\n", facts.verbatim().isEmpty() ? List.of(facts.message()) : facts.verbatim()) + "\n");
        }
    }

    private static Cell checked(Cell cell) throws CellFailureException {
        Optional<Entry.Mistake> mistake = cell.firstMistake();
        if (mistake.isPresent()) {
            throw mistake(mistake.get());
        }
        return cell;
    }

    /** Only what changes the build: host commands and what merely looks are not done again. */
    void runAgain(Cell cell) throws CellFailureException, NestedFailureException {
        for (Entry entry : checked(cell).entries()) {
            boolean builds = switch (entry) {
                case Entry.Instruction i -> true;
                case Entry.LineMagic m -> parts.magics().line(m.name()).changesBuild();
                case Entry.CellMagic m -> parts.magics().cell(m.name()).changesBuild();
                default -> false;
            };
            if (builds) {
                run(entry);
            }
        }
    }

    static CellFailureException mistake(Entry.Mistake mistake) {
        String name = switch (mistake.kind()) {
            case CELL -> "CellError";
            case INSTRUCTION -> "DockerfileError";
            case INCOMPLETE -> "Incomplete";
        };
        return CellFailureException.of(mistake.diagnostic(), name);
    }

    private void run(Entry entry) throws CellFailureException, NestedFailureException {
        if (cancellation.isCancelled()) {
            throw HostRunner.interrupted(entry.range());
        }
        if (!(entry instanceof Entry.Instruction || entry instanceof Entry.Comment)) {
            build.showSteps(instructionContext());
        }
        switch (entry) {
            case Entry.Instruction i -> build.run(instructionContext(), i.instruction(), i.beforeFrom(), i.range());
            case Entry.DockerCommand d -> docker(ShellWord.expand(d.words(), shell.environment()), d.range());
            case Entry.ShellForm s -> new ShellRun(this, s.range()).run(s.shell());
            case Entry.LineMagic m ->
                magic(m.name(), m.rest(), Optional.empty(), m.range().startLine() + 1, m.range());
            case Entry.CellMagic m -> magic(m.name(), m.rest(), Optional.of(m.body()), m.bodyLine(), headOf(m));
            case Entry.HostCommand h -> hostCommand(h);
            case Entry.Help h -> help(h);
            case Entry.Comment c -> {}
            case Entry.TutorialOutput o -> {}
            case Entry.Mistake m -> throw mistake(m);
        }
    }

    /** What this cell has done up to here is its own; what follows belongs to the cells that it replays. */
    void beginReplay() {
        if (build.isChanged()) {
            build.checkpoint(self);
        }
    }

    /** Runs a cell of before again as a part of this one; it gets a checkpoint of its own. */
    void replay(Checkpoint.Ran cell) throws NestedFailureException {
        Cell read = parts.parser(shell).parse(cell.code());
        try {
            runAgain(read);
        } catch (CellFailureException e) {
            if (build.isChanged()) {
                build.checkpoint(cell);
            }
            throw new NestedFailureException(
                    Failures.result(e, read.text(), Optional.of(build.afterFailure()), output.columns()));
        }
        build.checkpoint(cell);
    }

    /** Its first line: the body is not what is wrong with a magic. */
    private static SourceRange headOf(Entry.CellMagic magic) {
        int line = magic.range().startLine();
        int column = magic.range().startColumn();
        String head = magic.text().lines().findFirst().orElse("").strip();
        return new SourceRange(line, column, line, column + head.length());
    }

    InstructionContext instructionContext() {
        return parts.instructionContext(shell);
    }

    References references() {
        return instructionContext().references(build.history(), build.state());
    }

    // Docker commands.

    /** @param words with the program's name */
    void docker(List<String> words, SourceRange place) throws CellFailureException {
        int status = new DockerRunner(this).run(words, place);
        if (status != 0) {
            throw CellFailureException.at(
                    place,
                    EXIT_STATUS,
                    words.getFirst() + " " + (words.size() > 1 ? words.get(1) + " " : "") + "exited with status "
                            + status,
                    Optional.empty(),
                    status);
        }
    }

    // Host commands.

    private void hostCommand(Entry.HostCommand entry) throws CellFailureException {
        int status = host(HostCommand.shell(entry.command(), shell.directory(), shell.environment()), entry.range());
        if (status != 0) {
            output.stderr("exit status " + status + "\n");
        }
    }

    int host(HostCommand command, SourceRange place) throws CellFailureException {
        return host(command, output.stdin(), place);
    }

    /** Runs a command that reads the text, wherever the user sits. */
    int host(HostCommand command, String stdin, SourceRange place) throws CellFailureException {
        var input = new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8));
        return turn(
                place,
                turn -> host.runWithInput(
                        new HostCommand(command.argv(), command.directory(), turn.environment(command.environment())),
                        input,
                        place));
    }

    /** @return the exit status. The {@code docker} that the command finds is this session. */
    private int host(HostCommand command, InputStream stdin, SourceRange place) throws CellFailureException {
        return turn(
                place,
                turn -> host.run(
                        new HostCommand(command.argv(), command.directory(), turn.environment(command.environment())),
                        stdin,
                        place));
    }

    /** As a host command, and its folder and variables are those of what runs next. */
    int shell(String text, InputStream stdin, SourceRange place) throws CellFailureException {
        return turn(place, turn -> {
            Path left = turn.file("left");
            Map<String, String> given = turn.environment(shell.environment());
            int status = host.run(
                    new HostCommand(ShellState.argv(text, left, shell.errexit()), shell.directory(), given),
                    stdin,
                    place);
            shell = ShellState.after(left, shell, given);
            exited = shell.shellFallback() && ShellState.exited(left);
            return status;
        });
    }

    @FunctionalInterface
    private interface InTurn {
        int run(ShimTurn turn) throws CellFailureException, IOException;
    }

    private int turn(SourceRange place, InTurn body) throws CellFailureException {
        ShimDocker docker = asked -> new DockerRunner(this).answer(asked, place);
        try (ShimTurn turn = ShimTurn.begin(parts.engine().provider().shim(), docker, cancellation)) {
            return body.run(turn);
        } catch (IOException e) {
            throw CellFailureException.at(place, "SystemError", FileProblems.sentence(e), Optional.empty());
        }
    }

    // Magics and help.

    private void magic(String name, String rest, Optional<String> body, int bodyLine, SourceRange place)
            throws CellFailureException, NestedFailureException {
        Magic magic =
                body.isPresent() ? parts.magics().cell(name) : parts.magics().line(name);
        List<String> words = ShellText.words(rest, shell.environment());
        try {
            var call = new MagicCall(name, words, rest, body, bodyLine, place);
            magic.body().run(call, new CellMagicContext(this, place));
        } catch (MagicException e) {
            throw e.getCause() instanceof CellFailureException failure
                    ? failure
                    : CellFailureException.at(place, "MagicError", e.getMessage(), e.hint(), e.exitStatus());
        }
    }

    private void help(Entry.Help entry) throws CellFailureException {
        var found = parts.help().on(entry.topic());
        if (found.isEmpty()) {
            throw CellFailureException.at(
                    entry.range(),
                    "NoHelp",
                    "there is no help on `" + entry.topic() + "`",
                    Optional.of("`?` alone says what a cell can hold"));
        }
        output.display(found.get());
    }

    /** What a docker command and {@code $VARIABLE} see. */
    Map<String, String> environment() {
        return shell.environment();
    }

    Cancellation cancellation() {
        return cancellation;
    }
}
