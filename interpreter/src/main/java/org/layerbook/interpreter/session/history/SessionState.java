package org.layerbook.interpreter.session.history;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.builder.step.BuildState;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.image.Image;

/**
 * Everything that cells can build on. A value: going back is using an old one.
 *
 * @param builds the last one is live; never empty
 * @param context what {@code %context} set; the working directory when absent
 * @param args what {@code %args} set, the session's {@code --build-arg}s
 * @param copies steps that read a build context, and which
 */
public record SessionState(
        List<NamedBuild> builds, Optional<Path> context, Map<String, String> args, List<ContextUse> copies) {
    public static final SessionState EMPTY = new SessionState(
            List.of(new NamedBuild(1, Optional.empty(), BuildState.EMPTY)), Optional.empty(), Map.of(), List.of());

    public SessionState {
        builds = List.copyOf(builds);
        copies = List.copyOf(copies);
        args = Collections.unmodifiableMap(new LinkedHashMap<>(args));
    }

    /** @param context the folder as it was called then; absolute */
    public record ContextUse(StepRecord step, Path context) {}

    /** The context that a step read, if it read one. */
    public Optional<Path> contextOf(StepRecord step) {
        return copies.stream()
                .filter(use -> use.step() == step)
                .map(ContextUse::context)
                .findFirst();
    }

    public NamedBuild liveBuild() {
        return builds.getLast();
    }

    public BuildState build() {
        return liveBuild().state();
    }

    public Optional<Stage> liveStage() {
        return build().live();
    }

    public Optional<Image> liveImage() {
        return liveStage().map(Stage::image);
    }

    public SessionState withBuild(BuildState changed) {
        var all = new ArrayList<>(builds);
        all.set(all.size() - 1, liveBuild().with(changed));
        return new SessionState(all, context, args, copies);
    }

    public SessionState withCopy(StepRecord step, Path from) {
        var more = new ArrayList<>(copies);
        more.add(new ContextUse(step, from));
        return new SessionState(builds, context, args, more);
    }

    /** A new build goes live. One that is empty, or has the same name, gives way to it. */
    public SessionState withNewBuild(Optional<String> name) {
        var kept = new ArrayList<NamedBuild>();
        for (NamedBuild build : builds) {
            boolean replaced = name.isPresent() && build.name().equals(name);
            if (!build.isEmpty() && !replaced) {
                kept.add(build);
            }
        }
        int number = kept.stream().mapToInt(NamedBuild::number).max().orElse(0) + 1;
        kept.add(new NamedBuild(number, name, BuildState.EMPTY));
        return new SessionState(kept, context, args, copies);
    }

    public SessionState withContext(Optional<Path> changed) {
        return changed.equals(context) ? this : new SessionState(builds, changed, args, copies);
    }

    public SessionState withArgs(Map<String, String> changed) {
        return changed.equals(args) ? this : new SessionState(builds, context, changed, copies);
    }
}
