package org.layerbook.interpreter.session.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.image.Image;

/** What {@code @}, {@code @NAME}, {@code @N}, {@code @[N]}, {@code @BUILD/STAGE} and {@code @failed} name at one moment. */
public record References(SessionHistory history, SessionState state, FailedRoot failed) {
    static final String FAILED = "@failed";
    private static final Pattern CELL = Pattern.compile("@\\[(\\d{1,9})\\]");

    /** The image; a stage's name goes before a build's. */
    public Optional<Image> resolve(String reference) {
        if (!reference.startsWith("@")) {
            return Optional.empty();
        }
        Matcher cell = CELL.matcher(reference);
        if (cell.matches()) {
            return Optional.ofNullable(history.produced().get(Integer.parseInt(cell.group(1))));
        }
        Optional<Stage> stage = stage(reference);
        return stage.isEmpty() && reference.equals(FAILED) ? failed.image() : stage.map(Stage::image);
    }

    private Optional<Stage> stage(String reference) {
        String name = reference.substring(1);
        if (name.isEmpty()) {
            return state.liveStage();
        }
        int slash = name.indexOf('/');
        if (slash >= 0) {
            return build(name.substring(0, slash)).flatMap(b -> b.stage(name.substring(slash + 1)));
        }
        return state.liveBuild()
                .stage(name)
                .or(() -> build(name).flatMap(b -> b.state().live()));
    }

    private Optional<NamedBuild> build(String name) {
        return state.builds().stream().filter(b -> b.isCalled(name)).findFirst();
    }

    /** Every reference that names something now, the live image first. */
    public List<String> all() {
        var found = new ArrayList<String>();
        if (state.liveImage().isPresent()) {
            found.add("@");
        }
        stages(state.liveBuild(), "@", found);
        for (NamedBuild build : state.builds().subList(0, state.builds().size() - 1)) {
            build.name().ifPresent(name -> found.add("@" + name));
            stages(build, "@" + build.called() + "/", found);
        }
        history.produced().keySet().forEach(n -> found.add("@[" + n + "]"));
        if (failed.isPresent()) {
            found.add(FAILED);
        }
        return List.copyOf(found);
    }

    /** For a reference that names nothing. */
    public String existing() {
        List<String> all = all();
        return all.isEmpty() ? "there is no image yet: start with FROM" : "this session has " + String.join(", ", all);
    }

    private static void stages(NamedBuild build, String prefix, List<String> found) {
        for (int index : build.visibleStages()) {
            build.state().stages().get(index).name().ifPresent(name -> found.add(prefix + name));
            found.add(prefix + index);
        }
    }
}
