package org.layerbook.engine.image;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.oci.Reference;

/**
 * Names of images: references with a tag, and references with a digest, which record where an image was pulled from.
 * Setting and removing one costs the same however many there are. Safe between threads and processes.
 */
public interface Names {
    /**
     * What a name stands for: what was pulled, built or tagged under it. The same image may have names that stand for
     * different documents: its manifest, another manifest of it, an index of several platforms.
     *
     * @param image what the name means where one image is wanted; of an index the one of the platform in use
     * @param target the manifest or index; absent for an image that was built here and has not left the store
     * @param tagged when the name was last given to this image
     */
    record Name(Reference reference, Digest image, Optional<Descriptor> target, Instant tagged) {
        /** The index that the name stands for; empty when it stands for one image alone. */
        public Optional<Descriptor> index() {
            return target.filter(document -> MediaTypes.isIndex(document.mediaType()));
        }

        /** The manifest that the name stands for; empty for an index, and where none was written yet. */
        public Optional<Descriptor> manifest() {
            return target.filter(document -> !MediaTypes.isIndex(document.mediaType()));
        }

        /** Whether both stand for the same: one document, or one image of which not both have a manifest yet. */
        public boolean standsFor(Name other) {
            if (index().isPresent() || other.index().isPresent() || target.isPresent() && other.target.isPresent()) {
                return target.map(Descriptor::digest).equals(other.target.map(Descriptor::digest));
            }
            return image.equals(other.image);
        }
    }

    /** The image's id. A reference without tag and digest means {@code latest}; of both, the digest counts. */
    Optional<Name> get(Reference reference) throws IOException;

    /**
     * Gives the name to the image, taking it from the one that has it.
     *
     * @param target what it stands for, a document of the content store, which stays there as long as the name does
     * @return the image that had it
     * @throws StoreException when there is no such image
     */
    Optional<Digest> set(Reference reference, Digest image, Optional<Descriptor> target) throws IOException;

    /** Gives the name to an image that was built here and has no manifest of its own yet. */
    default Optional<Digest> set(Reference reference, Digest image) throws IOException {
        return set(reference, image, Optional.empty());
    }

    /**
     * Says what a name without a target stands for, now that its manifest is written. Nothing happens when the name has
     * been given to something else since.
     */
    void settle(Name name, Descriptor target) throws IOException;

    /** Whether it is a name that only an additional store has. */
    default boolean isShared(Reference reference) throws IOException {
        return false;
    }

    /** Removes a name, not its image; false if there is no such name. A {@link StoreException} when it {@linkplain #isShared is shared}. */
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
