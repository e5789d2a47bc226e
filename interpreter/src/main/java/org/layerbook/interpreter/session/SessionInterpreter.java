package org.layerbook.interpreter.session;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.parse.Completeness;
import org.layerbook.engine.image.Image;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.Interpreter;
import org.layerbook.interpreter.Rendered;
import org.layerbook.interpreter.cell.Cell;
import org.layerbook.interpreter.cell.CellParser;
import org.layerbook.interpreter.command.CommandCatalog;
import org.layerbook.interpreter.command.spec.DockerWords;
import org.layerbook.interpreter.command.spec.SessionImages;
import org.layerbook.interpreter.magic.Magics;
import org.layerbook.interpreter.magic.NestedFailureException;
import org.layerbook.interpreter.practice.PracticeRegistry;
import org.layerbook.interpreter.session.completion.Completions;
import org.layerbook.interpreter.session.completion.Inspection;
import org.layerbook.interpreter.session.context.ContextStaleness;
import org.layerbook.interpreter.session.engine.EngineProvider;
import org.layerbook.interpreter.session.engine.LazyEngine;
import org.layerbook.interpreter.session.help.Help;
import org.layerbook.interpreter.session.history.Checkpoint;
import org.layerbook.interpreter.session.history.FailedRoot;
import org.layerbook.interpreter.session.history.ImagesOfSession;
import org.layerbook.interpreter.session.history.References;
import org.layerbook.interpreter.session.history.SessionHistory;
import org.layerbook.interpreter.session.output.CapturableOutput;
import org.layerbook.interpreter.session.output.SilentOutput;
import org.layerbook.interpreter.session.shell.ShellContext;

/**
 * A session: cells in, a live image out. Opening one touches neither store nor sandbox.
 *
 * <p>{@link #run} is for one thread at a time; everything else may be called beside it.
 */
public final class SessionInterpreter implements Interpreter {
    private final SessionParts parts;
    private final Completions completions;
    private final Object runLock = new Object();
    /** Deleted cells whose steps have not left the state yet; guarded by the lock. */
    private final Set<String> deleted = new HashSet<>();

    private volatile SessionHistory history = SessionHistory.EMPTY;
    private volatile ShellContext shell;
    private volatile Optional<Cancellation> running = Optional.empty();

    private SessionInterpreter(SessionParts parts, ShellContext shell, DockerWords docker) {
        this.parts = parts;
        this.shell = shell;
        this.completions = new Completions(
                parts.magics(), docker, prefix -> parts.engine().provider().imageNames(prefix));
    }

    /**
     * What a session is opened with.
     *
     * @param directory the user's folder, absolute
     * @param notebook the file that the cells stand in, where it is known: it is left out of build contexts
     */
    public record Options(Path directory, Optional<Path> notebook) {
        /** In a folder; Jupyter says in {@code JPY_SESSION_NAME} which notebook it is for, where it does. */
        public static Options in(Path directory, Map<String, String> environment) {
            return new Options(
                    directory,
                    Optional.ofNullable(environment.get("JPY_SESSION_NAME"))
                            .filter(file -> file.endsWith(".ipynb"))
                            .map(file -> directory.resolve(file).normalize()));
        }
    }

    /** @param engine opened at the first cell that needs it; the session closes what it opened */
    public static SessionInterpreter open(Options options, EngineProvider engine) {
        return open(options, engine, new CommandCatalog());
    }

    /** @param docker what is known of docker's commands */
    public static SessionInterpreter open(Options options, EngineProvider engine, DockerWords docker) {
        var magics = new Magics();
        var parser = new CellParser(magics.vocabulary(docker.commands()));
        var lazy = new LazyEngine(engine);
        var practice = new PracticeRegistry(engine.host(), () -> lazy.get().scratch());
        var parts = new SessionParts(
                parser,
                magics,
                new Help(magics, docker::help),
                lazy,
                new FailedRoot(),
                practice,
                new ContextStaleness(),
                options.notebook());
        return new SessionInterpreter(
                parts, new ShellContext(options.directory(), engine.host().environment(), false, false), docker);
    }

    @Override
    public CellResult run(CellRequest request, CellOutput output) {
        synchronized (runLock) {
            var cancellation = new Cancellation();
            running = Optional.of(cancellation);
            try {
                return run(request, output, cancellation);
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
                return Failures.unexpected(e);
            } finally {
                running = Optional.empty();
            }
        }
    }

    private CellResult run(CellRequest request, CellOutput shown, Cancellation cancellation) {
        var output = new CapturableOutput(shown);
        deleted.addAll(request.deletedCells());
        Cell cell = parts.parser(shell).parse(request.code());
        if (cell.firstMistake().isPresent()) {
            CellFailureException failure =
                    CellFailureException.of(cell.firstMistake().get());
            return Failures.result(failure, cell.text(), Optional.of("Nothing was run."), output.columns());
        }
        leaveDeleted(request.cellId(), output, cancellation);
        var self = new Checkpoint.Ran(request.code(), request.cellId(), request.number());
        Optional<Integer> position = history.positionOf(request.cellId());
        Optional<Image> replaced = position.isPresent() ? history.state().liveImage() : Optional.empty();
        SessionHistory base = position.map(history::rewoundTo).orElse(history);
        var running = new RunningCell(parts, self, shell, base, replaced, output, cancellation);
        CellResult result = new CellRun(running).run(cell);
        CellBuild build = running.build();
        if (build.isChanged() || result instanceof CellResult.Ok) {
            build.checkpoint(self);
        }
        shell = running.shell();
        settle(build.history().withProduced(request.number()), output);
        return result;
    }

    private void settle(SessionHistory changed, CellOutput output) {
        history = changed;
        try {
            var held = new ArrayList<>(ImagesOfSession.held(history, history.state()));
            held.addAll(parts.failed().held());
            parts.engine().hold(held);
        } catch (IOException e) {
            output.stderr("Cannot record in the store which images this session uses: " + e.getMessage() + "\n");
        }
    }

    /** What deleted cells built leaves the state; the cells after them run again, from the cache as far as they can. */
    private void leaveDeleted(Optional<String> runsNow, CellOutput output, Cancellation cancellation) {
        runsNow.ifPresent(deleted::remove);
        Set<String> gone = Set.copyOf(deleted);
        deleted.clear();
        history = history.withoutStale(gone);
        Optional<Integer> first = history.firstOf(gone);
        if (first.isEmpty()) {
            return;
        }
        List<Checkpoint.Stale> kept = history.checkpoints().stream()
                .skip(first.get())
                .map(Checkpoint::stale)
                .filter(c -> c.cell().id().filter(gone::contains).isEmpty())
                .toList();
        // From the cell on that runs now, cells leave the state in any case.
        int now = kept.stream().map(c -> c.cell().id()).toList().indexOf(runsNow);
        boolean rewinds = runsNow.isPresent() && now >= 0;
        var quiet = new CapturableOutput(new SilentOutput(output.columns()));
        var self = new Checkpoint.Ran("", Optional.empty(), Optional.empty());
        var running =
                new RunningCell(parts, self, shell, history.cutAt(first.get()), Optional.empty(), quiet, cancellation);
        var run = new CellRun(running);
        try {
            for (Checkpoint.Stale cell : rewinds ? kept.subList(0, now) : kept) {
                run.replay(cell.cell());
            }
            SessionHistory left = running.build().history();
            settle(rewinds ? left.withMoreStale(kept.subList(now + 1, kept.size())) : left, output);
        } catch (NestedFailureException e) {
            output.stderr("Could not remove the steps of a deleted cell; the build is unchanged: "
                    + e.failed().message() + "\n");
        }
    }

    @Override
    public Completion complete(String code, int cursor) {
        return completions.complete(code, cursor, parts.parser(shell), references(), shell);
    }

    @Override
    public Optional<Rendered> inspect(String code, int cursor, int detail) {
        return Inspection.topics(code, cursor, parts.parser(shell)).stream()
                .flatMap(topic -> parts.help().on(topic).stream())
                .findFirst();
    }

    @Override
    public Completeness completeness(String code) {
        return parts.parser(shell).completeness(code);
    }

    /** What the session's references name now. */
    public SessionImages images() {
        return new ImagesOfSession(references());
    }

    private References references() {
        SessionHistory now = history;
        return new References(now, now.state(), parts.failed());
    }

    @Override
    public void interrupt() {
        running.ifPresent(Cancellation::cancel);
    }

    @Override
    public void close() {
        interrupt();
        synchronized (runLock) {
            history = SessionHistory.EMPTY;
            parts.failed().close();
            parts.practice().close();
            parts.engine().close();
        }
    }
}
