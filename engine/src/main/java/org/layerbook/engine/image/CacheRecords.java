package org.layerbook.engine.image;

import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.oci.Digest;

/**
 * What steps gave, by the digest of their cache key; and, by a step's position, the key it last had, so that a miss can be
 * explained. The content belongs to whoever builds. A record is visible whole or not at all. Safe between threads and
 * processes.
 */
public interface CacheRecords {
    /**
     * @param holds what stays in the store as long as the record does
     * @param used when it was last put or got, to the hour
     */
    record Record(Digest key, Bytes content, Set<GcRoot> holds, Instant used) {
        public Record {
            holds = Set.copyOf(holds);
        }
    }

    /** What it holds is in the store, but may be collected together with it unless a lease keeps it. */
    Optional<Record> get(Digest key) throws IOException;

    /**
     * Records the outcome of {@code key}, over an older one.
     *
     * @param holds has to be kept by a lease meanwhile
     * @param positions any texts that say where a step stands, such as its image name and number
     */
    void put(Digest key, byte[] content, Collection<GcRoot> holds, List<String> positions) throws IOException;

    /** The key that was last put for this position, if its record is still there. */
    Optional<Digest> latest(String position) throws IOException;

    boolean remove(Digest key) throws IOException;

    List<Record> list() throws IOException;
}
