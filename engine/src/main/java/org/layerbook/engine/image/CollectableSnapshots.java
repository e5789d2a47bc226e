package org.layerbook.engine.image;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.layerbook.engine.oci.Digest;

/** What the collector has to know of the snapshots, which are another package's. */
public interface CollectableSnapshots {
    /** For a store without snapshots. */
    CollectableSnapshots NONE = new CollectableSnapshots() {
        @Override
        public List<Snapshot> list() {
            return List.of();
        }

        @Override
        public void discard(Digest chainId, Path trash) {}
    };

    /**
     * @param parent the snapshot that this one stands on
     * @param made when it was committed, or found again by someone who was about to make it
     */
    record Snapshot(Digest chainId, Optional<Digest> parent, Instant made) {}

    /** Says of every snapshot that cannot be used what is wrong with it. */
    default void verify(BiConsumer<Digest, String> problem) throws IOException {}

    /** Every committed snapshot. */
    List<Snapshot> list() throws IOException;

    /** The chain IDs of {@link #list}, without looking into any. */
    default Set<Digest> chainIds() throws IOException {
        return list().stream().map(Snapshot::chainId).collect(Collectors.toSet());
    }

    /** What {@link #list} says of one; absent when it is not there. */
    default Optional<Snapshot> find(Digest chainId) throws IOException {
        return list().stream()
                .filter(snapshot -> snapshot.chainId().equals(chainId))
                .findFirst();
    }

    /**
     * Moves a snapshot into {@code trash}, a folder on the same file system, and quickly: all others are waiting. Fine if
     * it is not there.
     */
    void discard(Digest chainId, Path trash) throws IOException;
}
