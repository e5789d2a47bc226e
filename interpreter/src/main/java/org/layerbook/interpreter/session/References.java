package org.layerbook.interpreter.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerbook.engine.build.Stage;
import org.layerbook.engine.store.Image;

/** What {@code @}, {@code @NAME}, {@code @N}, {@code @[N]} and {@code @BUILD/STAGE} name. Pure. */
final class References {
    private static final Pattern CELL = Pattern.compile("@\\[(\\d{1,9})\\]");

    private References() {}

    /** The image; a stage's name goes before a build's. */
    static Optional<Image> resolve(String reference, SessionHistory history, SessionState state) {
        if (!reference.startsWith("@")) {
            return Optional.empty();
        }
        Matcher cell = CELL.matcher(reference);
        if (cell.matches()) {
            return Optional.ofNullable(history.produced().get(Integer.parseInt(cell.group(1))));
        }
        return stage(reference, state).map(Stage::image);
    }

    static Optional<Stage> stage(String reference, SessionState state) {
        String name = reference.substring(1);
        if (name.isEmpty()) {
            return state.liveStage();
        }
        int slash = name.indexOf('/');
        if (slash >= 0) {
            return build(name.substring(0, slash), state).flatMap(b -> b.stage(name.substring(slash + 1)));
        }
        return state.liveBuild()
                .stage(name)
                .or(() -> build(name, state).flatMap(b -> b.state().live()));
    }

    private static Optional<NamedBuild> build(String name, SessionState state) {
        return state.builds().stream().filter(b -> b.isCalled(name)).findFirst();
    }

    /** Every reference that names something now, the live image first. */
    static List<String> all(SessionHistory history, SessionState state) {
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
        return List.copyOf(found);
    }

    private static void stages(NamedBuild build, String prefix, List<String> found) {
        for (int index : build.visibleStages()) {
            build.state().stages().get(index).name().ifPresent(name -> found.add(prefix + name));
            found.add(prefix + index);
        }
    }
}
