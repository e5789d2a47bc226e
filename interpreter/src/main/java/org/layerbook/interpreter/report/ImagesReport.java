package org.layerbook.interpreter.report;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.oci.Digest;

/**
 * The images of the store, one line a name.
 *
 * @param full ids are shown whole
 * @param digests a column with the digests is shown
 * @param stored bytes that all images of the store take, each layer once, where that was counted
 */
public record ImagesReport(List<Line> lines, boolean full, boolean digests, Optional<Long> stored) implements Report {
    public static final String NONE = "<none>";

    public ImagesReport {
        lines = List.copyOf(lines);
    }

    /**
     * @param repository as docker shows it, {@link #NONE} for an image without a name; so are tag and digest
     * @param created absent when the config does not say
     * @param size bytes of the files in all layers
     * @param shared how many of these are in layers that other images have too, where that was counted
     */
    public record Line(
            String repository,
            String tag,
            String digest,
            Digest id,
            Optional<Instant> created,
            long size,
            Optional<Long> shared) {
        public Line withShared(long bytes) {
            return new Line(repository, tag, digest, id, created, size, Optional.of(bytes));
        }
    }
}
