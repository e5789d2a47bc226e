package org.layerbook.engine.builder.step;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.oci.Platform;

/**
 * Where FROM, {@code COPY --from=IMAGE} and {@code RUN --mount=from=IMAGE} get images: the store, a registry, a session.
 * Thread-safe.
 */
public interface ImageSource {
    /**
     * The image, with its layers ready to be mounted; empty when there is no such image, or none for the platform.
     * Fetching may take long: what it does goes to {@code progress}.
     *
     * @param name as written in the Dockerfile, expanded: {@code busybox}, {@code localhost:5000/a@sha256:…}, or what the
     *     session understands besides ({@code @builder})
     * @throws IOException when it is there but cannot be fetched; the message is a sentence
     */
    Optional<Image> find(String name, Platform platform, Progress progress, Cancellation cancellation)
            throws IOException;

    /** The image where it is at hand: nothing is fetched. Empty too where that cannot be told. */
    default Optional<Image> atHand(String name, Platform platform) {
        return Optional.empty();
    }

    /** As {@link #find}, but where there is a registry, what the name means there now ({@code --pull}). */
    default Optional<Image> refresh(String name, Platform platform, Progress progress, Cancellation cancellation)
            throws IOException {
        return find(name, platform, progress, cancellation);
    }

    /** Names that do exist, for "did you mean"; may be empty. No effect, and fast. */
    List<String> knownNames();

    /** Hears how far a fetch is. */
    @FunctionalInterface
    interface Progress {
        /** @param done bytes; @param total bytes, 0 when not known */
        void on(String what, long done, long total);
    }
}
