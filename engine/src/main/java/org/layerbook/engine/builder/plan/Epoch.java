package org.layerbook.engine.builder.plan;

import java.util.List;
import java.util.Optional;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.SourceRange;

/** SOURCE_DATE_EPOCH: a build argument, an ARG before FROM with a default, or the environment's. */
public final class Epoch {
    public static final String NAME = "SOURCE_DATE_EPOCH";

    private Epoch() {}

    public static Optional<Long> of(BuildSettings settings, Environment globals, List<StageGraph.Node> nodes)
            throws DockerfileException {
        SourceRange place = nodes.isEmpty()
                ? new SourceRange(1, 1, 1, 2)
                : nodes.getFirst().from().origin().range();
        return of(settings, globals, place);
    }

    /** @throws DockerfileException when it is no number of seconds */
    public static Optional<Long> of(BuildSettings settings, Environment globals, SourceRange place)
            throws DockerfileException {
        Optional<String> text = Optional.ofNullable(settings.buildArgs().get(NAME))
                .or(() -> globals.get(NAME))
                .filter(value -> !value.isEmpty());
        if (text.isEmpty()) {
            return settings.buildArgs().containsKey(NAME) ? Optional.empty() : settings.sourceDateEpoch();
        }
        Optional<Long> number = number(text.get());
        if (number.isEmpty()) {
            throw new DockerfileException(
                    Diagnostic.of(place, "invalid " + NAME + ": " + text.get() + " (expected a number of seconds)"));
        }
        return number;
    }

    public static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
