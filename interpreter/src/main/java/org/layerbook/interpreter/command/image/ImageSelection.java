package org.layerbook.interpreter.command.image;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.image.Images;
import org.layerbook.engine.oci.Digest;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.Filters;
import org.layerbook.interpreter.command.spec.ImageArgument;
import org.layerbook.interpreter.report.Created;

/** Which images filters take. A config is read only where a filter asks for what is in it. */
public final class ImageSelection {
    private final Filters filters;
    private final Images images;
    private final Optional<Boolean> dangling;
    private final Optional<Instant> until;
    private final Optional<Instant> before;
    private final Optional<Instant> since;

    /** @throws CommandException when a filter's value makes no sense */
    public ImageSelection(Filters filters, Invocation invocation) throws CommandException, IOException {
        this.filters = filters;
        this.images = invocation.store().images();
        this.dangling = filters.truth("dangling");
        this.until = filters.until(invocation.now());
        this.before = created(filters, "before", invocation);
        this.since = created(filters, "since", invocation);
    }

    private static Optional<Instant> created(Filters filters, String name, Invocation invocation)
            throws CommandException, IOException {
        if (filters.values(name).isEmpty()) {
            return Optional.empty();
        }
        ImageArgument image = ImageArgument.resolve(filters.values(name).getLast(), invocation);
        return Optional.of(
                Created.of(image.load(invocation.store()).config().created()).orElse(Instant.MIN));
    }

    public boolean takes(Images.Summary image) throws IOException {
        Instant created = image.created().orElse(Instant.MIN);
        return dangling.map(wanted -> wanted == image.names().isEmpty()).orElse(true)
                && until.map(created::isBefore).orElse(true)
                && before.map(created::isBefore).orElse(true)
                && since.map(created::isAfter).orElse(true)
                && (!filters.asksForLabels() || filters.matchesLabels(labels(image.id())));
    }

    private Map<String, String> labels(Digest id) throws IOException {
        return images.get(id).map(image -> image.config().config().labels()).orElse(Map.of());
    }
}
