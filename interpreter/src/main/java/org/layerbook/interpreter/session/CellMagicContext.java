package org.layerbook.interpreter.session;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.dockerfile.TextEncoding;
import org.layerbook.engine.dockerfile.parse.DockerfileReader;
import org.layerbook.engine.host.HostCommand;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.cell.Cell;
import org.layerbook.interpreter.magic.FileProblems;
import org.layerbook.interpreter.magic.MagicContext;
import org.layerbook.interpreter.magic.MagicException;
import org.layerbook.interpreter.magic.NestedFailureException;
import org.layerbook.interpreter.practice.PracticeRegistry;
import org.layerbook.interpreter.report.LayersReport;
import org.layerbook.interpreter.report.Report;
import org.layerbook.interpreter.report.StagesReport;
import org.layerbook.interpreter.session.history.Checkpoint;
import org.layerbook.interpreter.session.history.DockerfileExport;
import org.layerbook.interpreter.session.history.NamedBuild;
import org.layerbook.interpreter.session.history.SessionHistory;
import org.layerbook.interpreter.session.history.SessionState;
import org.layerbook.interpreter.view.Views;
import org.layerbook.interpreter.view.layout.ViewOptions;

/** A running cell as its magics see it. */
final class CellMagicContext implements MagicContext {
    private final CellRun run;
    private final CellBuild build;
    private final SourceRange place;

    CellMagicContext(CellRun run, SourceRange place) {
        this.run = run;
        this.build = run.build();
        this.place = place;
    }

    @Override
    public void show(Report report) {
        run.output().display(Views.render(report, ViewOptions.of(run.output().columns())));
    }

    @Override
    public void print(String text) {
        run.output().stdout(text);
    }

    @Override
    public void printError(String text) {
        run.output().stderr(text);
    }

    @Override
    public boolean newBuild(Optional<String> name) {
        boolean replaces = name.isPresent()
                && build.state().builds().stream().anyMatch(b -> b.name().equals(name) && !b.isEmpty());
        build.setState(build.state().withNewBuild(name));
        return replaces;
    }

    @Override
    public List<String> undo(int count) {
        var undone = new ArrayList<String>();
        int more = count;
        if (build.isChanged()) {
            undone.add("this cell");
            more--;
        }
        SessionHistory history = build.history();
        history.checkpoints().reversed().stream()
                .limit(more)
                .forEach(c -> undone.add(c.cell().title()));
        build.restart(history.undone(more));
        return undone;
    }

    @Override
    public String standing() {
        return build.standing();
    }

    @Override
    public void reset() {
        build.restart(build.history().reset());
    }

    @Override
    public Replayed replay() throws NestedFailureException {
        run.beginReplay();
        SessionHistory.Replay replay = build.history().replay();
        build.restart(replay.base());
        for (Checkpoint.Stale stale : replay.cells()) {
            run.replay(stale.cell());
        }
        return new Replayed(titles(replay.cells()), titles(replay.homeless()));
    }

    private static List<String> titles(List<Checkpoint.Stale> cells) {
        return cells.stream().map(Checkpoint.Stale::title).toList();
    }

    @Override
    public StagesReport stages() {
        SessionState state = build.state();
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
    public String dockerfile() throws MagicException {
        try {
            return DockerfileExport.of(build.history(), build.state());
        } catch (DockerfileExport.Unsayable e) {
            throw new MagicException(e.getMessage());
        }
    }

    @Override
    public void load(Path file, Optional<Integer> until) throws MagicException, NestedFailureException {
        String text;
        try {
            byte[] bytes = Files.readAllBytes(file);
            Optional<String> encoding =
                    TextEncoding.problem(bytes, file.getFileName().toString());
            if (encoding.isPresent()) {
                throw new MagicException(file + ": " + encoding.get());
            }
            text = new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new MagicException(FileProblems.sentence(e));
        }
        var named = new CellFailureException.FileText(
                run.shell().directory().relativize(file).toString(), text);
        try {
            Dockerfile dockerfile = DockerfileReader.read(text);
            for (Instruction instruction : dockerfile.instructions()) {
                SourceRange range = instruction.origin().range();
                if (until.isEmpty() || range.startLine() <= until.get()) {
                    build.run(run.instructionContext(), instruction, false, range);
                }
            }
        } catch (DockerfileException e) {
            throw nestedFailure(
                    CellFailureException.of(e.diagnostic(), "DockerfileError").in(named));
        } catch (CellFailureException e) {
            throw nestedFailure(e.in(named));
        }
    }

    private NestedFailureException nestedFailure(CellFailureException failure) {
        return new NestedFailureException(Failures.result(
                failure, "", Optional.of(build.afterFailure()), run.output().columns()));
    }

    @Override
    public Optional<Stage> liveStage() {
        return build.state().liveStage();
    }

    @Override
    public Optional<StepRecord> lastStep() {
        return liveStage().map(stage -> stage.steps().getLast());
    }

    @Override
    public Image image(String name) throws MagicException {
        if (name.startsWith("@")) {
            return run.references()
                    .resolve(name)
                    .orElseThrow(() -> new MagicException(
                            "`" + name + "` names nothing in this session",
                            run.references().existing()));
        }
        try {
            return run.instructionContext()
                    .engine(place)
                    .image(name)
                    .orElseThrow(
                            () -> new MagicException("there is no image `" + name + "`", "`docker images` lists them"));
        } catch (IOException e) {
            throw new MagicException(FileProblems.sentence(e));
        } catch (CellFailureException e) {
            throw new MagicException(e);
        }
    }

    @Override
    public FileTree files(Image image) throws MagicException {
        try {
            return run.instructionContext().engine(place).files(image);
        } catch (IOException e) {
            throw new MagicException(FileProblems.sentence(e));
        } catch (CellFailureException e) {
            throw new MagicException(e);
        }
    }

    @Override
    public LayersReport layers(Image image) throws MagicException {
        try {
            return run.instructionContext().engine(place).layers(image);
        } catch (IOException e) {
            throw new MagicException(FileProblems.sentence(e));
        } catch (CellFailureException e) {
            throw new MagicException(e);
        }
    }

    @Override
    public Path context() {
        return run.instructionContext().context(build.state());
    }

    @Override
    public void setContext(Path folder) {
        build.setState(build.state().withContext(Optional.of(folder)));
    }

    @Override
    public Map<String, String> args() {
        return build.state().args();
    }

    @Override
    public void setArgs(Map<String, String> args) {
        build.setState(build.state().withArgs(args));
    }

    @Override
    public Path workingDirectory() {
        return run.shell().directory();
    }

    @Override
    public void setWorkingDirectory(Path folder) {
        run.setShell(run.shell().in(folder));
    }

    @Override
    public Map<String, String> environment() {
        return run.shell().environment();
    }

    @Override
    public void setEnvironment(Map<String, String> environment) {
        run.setShell(run.shell().with(environment));
    }

    @Override
    public boolean shellFallback() {
        return run.shell().shellFallback();
    }

    @Override
    public void setShellFallback(boolean on) {
        run.setShell(run.shell().withShellFallback(on));
    }

    @Override
    public int host(List<String> argv) throws MagicException {
        try {
            return run.host(new HostCommand(argv, workingDirectory(), environment()), place);
        } catch (CellFailureException e) {
            throw new MagicException(e);
        }
    }

    @Override
    public int host(List<String> argv, String stdin) throws MagicException {
        try {
            return run.host(new HostCommand(argv, workingDirectory(), environment()), stdin, place);
        } catch (CellFailureException e) {
            throw new MagicException(e);
        }
    }

    @Override
    public int docker(List<String> words, String stdin) throws MagicException {
        var all = new ArrayList<String>(List.of("docker"));
        all.addAll(words);
        var input = new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8));
        try {
            return new DockerRunner(run)
                    .run(all, place, new DockerRunner.Redirected(input, Optional.empty(), environment()));
        } catch (CellFailureException e) {
            throw new MagicException(e);
        }
    }

    @Override
    public PracticeRegistry practiceRegistry() {
        return run.parts().practice();
    }

    @Override
    public void nested(String code, int line) throws NestedFailureException {
        Cell cell = run.parts().parser(run.shell()).parse(code, line);
        if (run.run(cell) instanceof CellResult.Failed failed) {
            throw new NestedFailureException(failed);
        }
    }

    @Override
    public String captured(String code, int line) throws NestedFailureException {
        run.output().beginCapture();
        String text;
        try {
            nested(code, line);
        } finally {
            text = run.output().endCapture();
        }
        return text;
    }
}
