package org.layerbook.interpreter.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.builder.Builder;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.image.Image;
import org.layerbook.interpreter.session.context.ContextStaleness;
import org.layerbook.interpreter.session.context.Notebooks;
import org.layerbook.interpreter.session.engine.LazyEngine;
import org.layerbook.interpreter.session.engine.SessionEngine;
import org.layerbook.interpreter.session.history.FailedRoot;
import org.layerbook.interpreter.session.history.References;
import org.layerbook.interpreter.session.history.SessionHistory;
import org.layerbook.interpreter.session.history.SessionState;
import org.layerbook.interpreter.session.history.StageUse;
import org.layerbook.interpreter.session.shell.ShellContext;

/** What an instruction of a session needs besides its text: the builder, the context, the images that {@code @} names. */
final class InstructionContext {
    private final LazyEngine engine;
    private final FailedRoot failed;
    private final ContextStaleness staleness;
    private final ShellContext shell;
    private final Optional<Path> notebook;

    /** @param notebook the file that the cells stand in, where it is known */
    InstructionContext(
            LazyEngine engine,
            FailedRoot failed,
            ContextStaleness staleness,
            ShellContext shell,
            Optional<Path> notebook) {
        this.engine = engine;
        this.failed = failed;
        this.staleness = staleness;
        this.shell = shell;
        this.notebook = notebook;
    }

    Builder builder(SourceRange place) throws CellFailureException {
        return engine(place).builder();
    }

    SessionEngine engine(SourceRange place) throws CellFailureException {
        try {
            return engine.get();
        } catch (IOException e) {
            String message = e.getMessage() == null ? e.toString() : e.getMessage();
            throw CellFailureException.at(place, "System error", message, Optional.of("run `layerbook doctor`"));
        }
    }

    Path context(SessionState state) {
        return state.context().orElse(shell.directory());
    }

    BuildSettings settings(Instruction instruction, SessionHistory history, SessionState state, SourceRange place)
            throws CellFailureException {
        return settings(state)
                .change()
                .namedImages(named(instruction, history, state, place))
                .done();
    }

    private BuildSettings settings(SessionState state) {
        Path context = context(state);
        var hidden = new ArrayList<String>(List.of("**/" + Notebooks.CHECKPOINTS));
        // As patterns of a .dockerignore, in which these characters would match others.
        Notebooks.in(context, notebook).forEach(file -> hidden.add(file.replaceAll("[\\\\*?\\[!#]", "?")));
        return BuildSettings.DEFAULT
                .change()
                .context(context)
                .hidden(hidden)
                .buildArgs(state.args())
                .done();
    }

    private Map<String, Image> named(
            Instruction instruction, SessionHistory history, SessionState state, SourceRange place)
            throws CellFailureException {
        References references = references(history, state);
        var images = new LinkedHashMap<String, Image>();
        for (String source : StageUse.sources(instruction)) {
            if (!source.startsWith("@")) {
                continue;
            }
            Optional<Image> image = references.resolve(source);
            if (image.isEmpty()) {
                throw CellFailureException.at(
                        place,
                        "No such image",
                        "no image `" + source + "` in this session",
                        Optional.of(references.existing()));
            }
            images.put(source, image.get());
        }
        return images;
    }

    References references(SessionHistory history, SessionState state) {
        return new References(history, state, failed);
    }

    /** A sentence for a COPY or ADD that would have read what is kept out of the context. */
    List<String> hiddenFrom(Instruction instruction, SessionState state) {
        List<String> paths = switch (instruction) {
            case Instruction.Copy copy
            when copy.from().isEmpty() -> copy.sources().paths();
            case Instruction.Add add -> add.sources().paths();
            default -> List.of();
        };
        Path context = context(state);
        if (paths.isEmpty()) {
            return List.of();
        }
        var kept = new ArrayList<String>();
        for (String file : Notebooks.in(context, notebook)) {
            if (Files.exists(context.resolve(file)) && paths.stream().anyMatch(path -> covers(path, file))) {
                kept.add(file);
            }
        }
        boolean whole = paths.stream().anyMatch(path -> covers(path, Notebooks.CHECKPOINTS));
        if (whole && Files.isDirectory(context.resolve(Notebooks.CHECKPOINTS))) {
            kept.add(Notebooks.CHECKPOINTS);
        }
        return kept.isEmpty() ? List.of() : List.of("without " + String.join(" and ", kept));
    }

    private static boolean covers(String source, String file) {
        String path = source.replaceFirst("^\\.?/+", "").replaceFirst("/+$", "");
        return path.isEmpty()
                || path.equals(".")
                || path.startsWith("*")
                || file.equals(path)
                || file.startsWith(path + "/");
    }

    /** Steps of the stage whose files have changed since, but those just carried out. */
    List<String> outOfDate(SessionState state, Stage stage, List<StepRecord> fresh) {
        Optional<SessionEngine> open = engine.ifOpen();
        if (open.isEmpty()) {
            return List.of();
        }
        Builder builder = open.get().builder();
        List<StepRecord> asked = stage.steps().stream()
                .filter(step ->
                        state.contextOf(step).isPresent() && fresh.stream().noneMatch(made -> made == step))
                .toList();
        Set<StepRecord> outdated = staleness.outdated(
                asked,
                step -> isOutOfDate(
                        builder, state, stage, step, state.contextOf(step).orElseThrow()));
        var titles = new ArrayList<String>();
        for (int i = 0; i < stage.steps().size(); i++) {
            if (outdated.contains(stage.steps().get(i))) {
                titles.add("step " + (i + 1));
            }
        }
        return List.copyOf(titles);
    }

    private boolean isOutOfDate(Builder builder, SessionState state, Stage stage, StepRecord step, Path context) {
        return builder.isOutOfDate(state.build(), stage, step, settings(state.withContext(Optional.of(context))));
    }

    /** The root of a failed step belongs to whoever caught it. */
    void keepFailed(BuildException failure) {
        failed.keep(failure);
    }
}
