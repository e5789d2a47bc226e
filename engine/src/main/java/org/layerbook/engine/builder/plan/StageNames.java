package org.layerbook.engine.builder.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;

/**
 * Finds stages by what instructions and users call them. BuildKit's rules: names are kept in lower case, the last stage of
 * a name counts, FROM looks a name up as it is written, and everything else in any case.
 */
public final class StageNames<S> {
    private static final Pattern INDEX = Pattern.compile("[+-]?[0-9]{1,18}");

    private final Map<String, S> byName = new HashMap<>();
    private final Map<Long, S> byIndex = new HashMap<>();

    public static <S> StageNames<S> of(List<S> stages, ToIntFunction<S> index, Function<S, Optional<String>> name) {
        var names = new StageNames<S>();
        for (S stage : stages) {
            names.add(index.applyAsInt(stage), name.apply(stage), stage);
        }
        return names;
    }

    void add(int index, Optional<String> name, S stage) {
        byIndex.put((long) index, stage);
        name.ifPresent(given -> byName.put(given.toLowerCase(Locale.ROOT), stage));
    }

    /** What a FROM means. */
    public Optional<S> base(String written) {
        return Optional.ofNullable(byName.get(written));
    }

    /** What a mount or {@code --target} means. */
    public Optional<S> named(String name) {
        return Optional.ofNullable(byName.get(name.toLowerCase(Locale.ROOT)));
    }

    /** What {@code COPY --from} means. No name is a number. */
    public Optional<S> namedOrNumbered(String name) {
        Optional<Long> index = index(name);
        return index.isPresent() ? Optional.ofNullable(byIndex.get(index.get())) : named(name);
    }

    /** How many there are. */
    int count() {
        return byIndex.size();
    }

    /** The number that a text is, as Go reads one. */
    static Optional<Long> index(String text) {
        return INDEX.matcher(text).matches() ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }
}
