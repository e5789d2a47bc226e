package org.layerbook.interpreter.session;

import java.util.List;
import java.util.Optional;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.host.HostCommand;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.cell.Cell;
import org.layerbook.interpreter.cell.Entry;
import org.layerbook.interpreter.cell.ShellText;
import org.layerbook.interpreter.cell.ShellWord;
import org.layerbook.interpreter.magic.Magic;
import org.layerbook.interpreter.magic.MagicCall;
import org.layerbook.interpreter.magic.MagicException;
import org.layerbook.interpreter.magic.NestedFailureException;
import org.layerbook.interpreter.session.history.Checkpoint;
import org.layerbook.interpreter.session.shell.ShellContext;

/** One cell that runs: its entries in order, up to the first failure. Confined to one thread, used once. */
final class CellRun implements NestedRuns {
    private final RunningCell cell;
    private final SessionParts parts;

    CellRun(RunningCell cell) {
        this.cell = cell;
        this.parts = cell.parts();
    }

    /** Runs the entries of a cell without mistakes; whatever was done before a failure stands. */
    CellResult run(Cell read) {
        boolean builds = false;
        try {
            Optional<CellFailureException> held = Optional.empty();
            for (Entry entry : read.entries()) {
                if (entry instanceof Entry.Comment || entry instanceof Entry.TutorialOutput) {
                    continue;
                }
                builds = entry instanceof Entry.Instruction;
                held.ifPresent(failure -> show(failure, false));
                held = attempt(entry);
                if (cell.takeShellExited()) {
                    break;
                }
            }
            if (held.isPresent()) {
                throw held.get();
            }
            cell.showSteps();
            return new CellResult.Ok();
        } catch (CellFailureException e) {
            return failed(e, read, builds);
        } catch (NestedFailureException e) {
            cell.showSteps();
            return e.failed();
        }
    }

    /** @param builds whether an instruction failed */
    private CellResult failed(CellFailureException failure, Cell read, boolean builds) {
        cell.showSteps();
        BuildPresenter presenter = cell.presenter();
        Optional<String> after =
                builds || presenter.isTouched() ? Optional.of(presenter.afterFailure()) : Optional.empty();
        return Failures.result(failure, read.text(), after, cell.output().columns());
    }

    @Override
    public CellResult run(String code, int line) {
        Cell read = parts.parser(cell.shell()).parse(code, line);
        Optional<Entry.Mistake> mistake = read.firstMistake();
        return mistake.isPresent() ? failed(CellFailureException.of(mistake.get()), read, false) : run(read);
    }

    @Override
    public void replay(Checkpoint.Ran earlier) throws NestedFailureException {
        CellBuild build = cell.build();
        Cell read = parts.parser(cell.shell()).parse(earlier.code());
        try {
            runAgain(read);
        } catch (CellFailureException e) {
            if (build.isChanged()) {
                build.checkpoint(earlier);
            }
            throw new NestedFailureException(Failures.result(
                    e,
                    read.text(),
                    Optional.of(cell.presenter().afterFailure()),
                    cell.output().columns()));
        }
        build.checkpoint(earlier);
    }

    /** Only what changes the build: host commands and what merely looks are not done again. */
    private void runAgain(Cell read) throws CellFailureException, NestedFailureException {
        Optional<Entry.Mistake> mistake = read.firstMistake();
        if (mistake.isPresent()) {
            throw CellFailureException.of(mistake.get());
        }
        for (Entry entry : read.entries()) {
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
            if (cell.cancellation().isCancelled() || !command) {
                throw e;
            }
            if (goesOn(entry)) {
                show(e, true);
                return Optional.empty();
            }
            if (!cell.shell().shellFallback() || cell.shell().errexit()) {
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
        boolean silent = facts.verbatim().isEmpty() && facts.name().equals(CellFailureException.EXIT_STATUS);
        if (silent && status) {
            cell.output().stderr("exit status " + facts.exitStatus() + "\n");
        } else if (!silent) {
            cell.output()
                    .stderr(String.join("\n", facts.verbatim().isEmpty() ? List.of(facts.message()) : facts.verbatim())
                            + "\n");
        }
    }

    private void run(Entry entry) throws CellFailureException, NestedFailureException {
        if (cell.cancellation().isCancelled()) {
            throw CellFailureException.interrupted(entry.range());
        }
        if (!(entry instanceof Entry.Instruction || entry instanceof Entry.Comment)) {
            cell.showSteps();
        }
        switch (entry) {
            case Entry.Instruction i ->
                cell.build().run(cell.instructionContext(), i.instruction(), i.beforeFrom(), i.range());
            case Entry.DockerCommand d -> docker(ShellWord.expand(d.words(), cell.environment()), d.range());
            case Entry.ShellForm s -> new ShellRun(cell, s.range()).run(s.shell());
            case Entry.LineMagic m ->
                magic(m.name(), m.rest(), Optional.empty(), m.range().startLine() + 1, m.range());
            case Entry.CellMagic m -> magic(m.name(), m.rest(), Optional.of(m.body()), m.bodyLine(), headOf(m));
            case Entry.HostCommand h -> host(h);
            case Entry.Help h -> help(h);
            case Entry.Comment c -> {}
            case Entry.TutorialOutput o -> {}
            case Entry.Mistake m -> throw CellFailureException.of(m);
        }
    }

    /** Its first line: the body is not what is wrong with a magic. */
    private static SourceRange headOf(Entry.CellMagic magic) {
        int line = magic.range().startLine();
        int column = magic.range().startColumn();
        String head = magic.text().lines().findFirst().orElse("").strip();
        return new SourceRange(line, column, line, column + head.length());
    }

    /** @param words with the program's name */
    private void docker(List<String> words, SourceRange place) throws CellFailureException {
        int status = new DockerRunner(cell).run(words, place);
        if (status != 0) {
            String command = words.size() > 1 ? words.getFirst() + " " + words.get(1) : words.getFirst();
            throw cell.cancellation().isCancelled()
                    ? CellFailureException.interrupted(place)
                    : CellFailureException.exitStatus(place, command, status);
        }
    }

    private void host(Entry.HostCommand entry) throws CellFailureException {
        ShellContext shell = cell.shell();
        var command = HostCommand.shell(entry.command(), shell.directory(), shell.environment());
        int status = new HostRunner(cell).run(command, entry.range());
        if (status != 0) {
            cell.output().stderr("exit status " + status + "\n");
        }
    }

    private void magic(String name, String rest, Optional<String> body, int bodyLine, SourceRange place)
            throws CellFailureException, NestedFailureException {
        Magic magic =
                body.isPresent() ? parts.magics().cell(name) : parts.magics().line(name);
        List<String> words = ShellText.words(rest, cell.environment());
        try {
            var call = new MagicCall(name, words, rest, body, bodyLine, place);
            magic.body().run(call, new CellMagicContext(cell, this, place));
        } catch (MagicException e) {
            throw e.getCause() instanceof CellFailureException failure
                    ? failure
                    : CellFailureException.at(place, "Magic error", e.getMessage(), e.hint(), e.exitStatus());
        }
    }

    private void help(Entry.Help entry) throws CellFailureException {
        var found = parts.help().on(entry.topic());
        if (found.isEmpty()) {
            throw CellFailureException.at(
                    entry.range(),
                    "No help",
                    "there is no help for `" + entry.topic() + "`",
                    Optional.of("`?` shows what a cell can contain"));
        }
        cell.output().display(found.get());
    }
}
