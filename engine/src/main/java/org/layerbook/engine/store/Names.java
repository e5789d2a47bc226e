package org.layerbook.engine.store;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Reference;

/**
 * Names of images: references with a tag, and references with a digest, which record where an image was pulled from.
 * Setting and removing one costs the same however many there are. Safe between threads and processes.
 */
public interface Names {
    /** @param tagged when the name was last given to this image */
    record Name(Reference reference, Digest image, Instant tagged) {}

    /** The image's id. A reference without tag and digest means {@code latest}; of both, the digest counts. */
    Optional<Name> get(Reference reference) throws IOException;

    /**
     * Gives the name to the image, taking it from the one that has it.
     *
     * @return the image that had it
     * @throws StoreException when there is no such image
     */
    Optional<Digest> set(Reference reference, Digest image) throws IOException;

    /** Whether it is a name that only an additional store has. */
    default boolean isShared(Reference reference) throws IOException {
        return false;
    }

    /** False when it names nothing. The image stays. A {@link StoreException} when it {@linkplain #isShared is shared}. */
    boolean remove(Reference reference) throws IOException;

    /** Every name of one image, sorted. */
    List<Reference> of(Digest image) throws IOException;

    /** Every name, sorted. */
    List<Name> list() throws IOException;

    /**
     * Every name whose {@linkplain Reference#familiar familiar} form begins so, in no order, without looking what it names:
     * for completion, where the first answer has to be quick.
     */
    List<Reference> startingWith(String prefix) throws IOException;

    /** Every name, as {@link #startingWith} gives them. */
    default List<Reference> references() throws IOException {
        return startingWith("");
    }
}
