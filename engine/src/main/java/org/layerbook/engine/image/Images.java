package org.layerbook.engine.image;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Reference;

/**
 * The images of the store, by id. An image is listed until it is removed, whether it has a name or not; as long as it is
 * listed, its blobs and snapshots stay. Safe between threads and processes; adding and removing one costs the same however
 * many there are.
 *
 * <p>An image does not know its children: BuildKit records no parents, and so a base image can be removed while others
 * were built on it, which keep its layers.
 */
public interface Images {
    boolean contains(Digest id);

    /** Whether it is listed only because an additional store has it: it can be used and named, not removed. */
    default boolean isShared(Digest id) {
        return false;
    }

    /** @throws StoreException when it is damaged */
    Optional<Image> get(Digest id) throws IOException;

    /**
     * Lists the image and stores its config. What it consists of (blobs of its layers, manifest, snapshots) has to be in
     * the store, kept by a lease. An image that is there already keeps what is known of its manifest and blobs, unless
     * this one knows it.
     */
    void put(Image image) throws IOException;

    /**
     * No longer lists the image. What it consisted of is removed by the next collection.
     *
     * @return false when it was not there, or still has a name
     * @throws StoreException when it {@linkplain #isShared is shared}
     */
    boolean remove(Digest id) throws IOException;

    /** The layers that no other listed image has, top first. Costs the same however many images there are. */
    List<Layer> ownLayers(Image image) throws IOException;

    /** How many there are, or {@code most} where there are more; costs in proportion to {@code most}. */
    int count(int most) throws IOException;

    /** Every image without reading a config, newest first as {@code docker images} sorts. */
    List<Summary> list() throws IOException;

    /** Finds what a user means by a name, an id or the beginning of one. */
    Resolution resolve(String text) throws IOException;

    /**
     * @param created absent when the config does not say
     * @param size bytes of the files in all layers
     * @param manifest of an image that came from elsewhere, or was once saved or pushed
     * @param names sorted
     */
    record Summary(Digest id, Optional<Instant> created, long size, Optional<Digest> manifest, List<Names.Name> names) {
        public Summary {
            names = List.copyOf(names);
        }

        /** References with a tag. */
        public List<Reference> tags() {
            return names.stream()
                    .map(Names.Name::reference)
                    .filter(name -> name.digest().isEmpty())
                    .toList();
        }

        /** References with a digest. */
        public List<Reference> digests() {
            return names.stream()
                    .map(Names.Name::reference)
                    .filter(name -> name.digest().isPresent())
                    .toList();
        }
    }

    /** What {@link #resolve} found. */
    sealed interface Resolution {
        /** @param name when it was found by name */
        record Found(Digest id, Optional<Reference> name) implements Resolution {}

        /** @param familiar the text as docker repeats it in {@code No such image: busybox:latest} */
        record Missing(String familiar) implements Resolution {}

        /** The beginning of several ids. */
        record Ambiguous(String prefix, List<Digest> ids) implements Resolution {}

        /** @param message docker's sentence */
        record Invalid(String message) implements Resolution {}
    }
}
