package org.layerbook.interpreter.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.dockerfile.TextEncoding;
import org.layerbook.engine.dockerfile.parse.DockerfileReader;
import org.layerbook.interpreter.magic.BuildPort;
import org.layerbook.interpreter.magic.FileProblems;
import org.layerbook.interpreter.magic.MagicException;
import org.layerbook.interpreter.magic.NestedFailureException;
import org.layerbook.interpreter.report.StagesReport;
import org.layerbook.interpreter.session.history.Checkpoint;
import org.layerbook.interpreter.session.history.DockerfileExport;
import org.layerbook.interpreter.session.history.NamedBuild;
import org.layerbook.interpreter.session.history.SessionHistory;
import org.layerbook.interpreter.session.history.SessionState;

/** The build of a running cell as its magics see it. */
record CellBuildPort(RunningCell cell, NestedRuns runs) implements BuildPort {
    @Override
    public boolean begin(Optional<String> name) {
        SessionState state = cell.build().state();
        boolean replaces = name.isPresent()
                && state.builds().stream().anyMatch(b -> b.name().equals(name) && !b.isEmpty());
        cell.build().setState(state.withNewBuild(name));
        return replaces;
    }

    @Override
    public List<String> undo(int count) {
        var undone = new ArrayList<String>();
        int more = count;
        if (cell.build().isChanged()) {
            undone.add("this cell");
            more--;
        }
        SessionHistory history = cell.build().history();
        history.checkpoints().reversed().stream()
                .limit(more)
                .forEach(c -> undone.add(c.cell().title()));
        cell.restart(history.undone(more));
        return undone;
    }

    @Override
    public void reset() {
        cell.restart(cell.build().history().reset());
    }

    @Override
    public Replayed replay() throws NestedFailureException {
        if (cell.build().isChanged()) {
            // What this cell has done up to here is its own; what follows belongs to the cells that it replays.
            cell.build().checkpoint(cell.self());
        }
        SessionHistory.Replay replay = cell.build().history().replay();
        cell.restart(replay.base());
        for (Checkpoint.Stale stale : replay.cells()) {
            runs.replay(stale.cell());
        }
        return new Replayed(titles(replay.cells()), titles(replay.homeless()));
    }

    private static List<String> titles(List<Checkpoint.Stale> cells) {
        return cells.stream().map(Checkpoint.Stale::title).toList();
    }

    @Override
    public void load(Path file, Optional<Integer> until) throws MagicException, NestedFailureException {
        String text = read(file);
        var named = new CellFailureException.FileText(
                cell.shell().directory().relativize(file).toString(), text);
        try {
            for (Instruction instruction : DockerfileReader.read(text).instructions()) {
                SourceRange range = instruction.origin().range();
                if (until.isEmpty() || range.startLine() <= until.get()) {
                    cell.build().run(cell.instructionContext(), instruction, false, range);
                }
            }
        } catch (DockerfileException e) {
            throw nestedFailure(
                    CellFailureException.of(e.diagnostic(), "Dockerfile error").in(named));
        } catch (CellFailureException e) {
            throw nestedFailure(e.in(named));
        }
    }

    private static String read(Path file) throws MagicException {
        try {
            byte[] bytes = Files.readAllBytes(file);
            Optional<String> encoding =
                    TextEncoding.problem(bytes, file.getFileName().toString());
            if (encoding.isPresent()) {
                throw new MagicException(file + ": " + encoding.get());
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new MagicException(FileProblems.sentence(e));
        }
    }

    private NestedFailureException nestedFailure(CellFailureException failure) {
        return new NestedFailureException(Failures.result(
                failure,
                "",
                Optional.of(cell.presenter().afterFailure()),
                cell.output().columns()));
    }

    @Override
    public String standing() {
        return cell.presenter().standing();
    }

    @Override
    public StagesReport stages() {
        SessionState state = cell.build().state();
        var lines = new ArrayList<StagesReport.Line>();
        for (NamedBuild named : state.builds()) {
            boolean live = named == state.liveBuild();
            for (int index : named.visibleStages()) {
                Stage stage = named.state().stages().get(index);
                String prefix = live ? "@" : "@" + named.called() + "/";
                lines.add(new StagesReport.Line(
                        prefix + index,
                        stage.name(),
                        stage.base(),
                        stage.steps().size(),
                        stage.image(),
                        live && state.liveStage().equals(Optional.of(stage))));
            }
        }
        return new StagesReport(lines);
    }

    @Override
    public Optional<Stage> liveStage() {
        return cell.build().state().liveStage();
    }

    @Override
    public String dockerfile() throws MagicException {
        try {
            return DockerfileExport.of(cell.build().history(), cell.build().state());
        } catch (DockerfileExport.NotExpressibleException e) {
            throw new MagicException(e.getMessage());
        }
    }

    @Override
    public Path context() {
        return cell.instructionContext().context(cell.build().state());
    }

    @Override
    public void setContext(Path folder) {
        cell.build().setState(cell.build().state().withContext(Optional.of(folder)));
    }

    @Override
    public Map<String, String> args() {
        return cell.build().state().args();
    }

    @Override
    public void setArgs(Map<String, String> args) {
        cell.build().setState(cell.build().state().withArgs(args));
    }
}
