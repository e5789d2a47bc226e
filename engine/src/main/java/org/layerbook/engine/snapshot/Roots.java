package org.layerbook.engine.snapshot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Makes root file systems out of layers' trees: by mounting, or where that may not be, by copying. */
interface Roots {
    /**
     * @param lowers topmost first; none for an empty root
     * @param folder an empty directory for whatever is needed; the caller deletes it after closing the root
     */
    Writable writable(List<Path> lowers, Path folder) throws IOException;

    /** As {@link #writable}; nothing can, or at least nothing should, be changed in it. */
    Readable readable(List<Path> lowers, Path folder) throws IOException;

    /** As {@link #writable}, but nothing is mounted yet, and {@code folder} may hold what an earlier one has left. */
    Kept durable(List<Path> lowers, Path folder) throws IOException;

    /** docker's name for this way of keeping files: {@code overlayfs} or {@code vfs}. */
    String driver();

    String description();

    interface Readable {
        Path root();

        /** Afterwards nothing is mounted any more. */
        void close() throws IOException;
    }

    interface Writable extends Readable {
        /** Closes the root. @return the tree of what was changed in it, an overlay diff not yet settled */
        Path finish() throws IOException;
    }

    /** See {@link Snapshots.Durable}. */
    interface Kept {
        Path root();

        /** An overlay's upper directory; empty where the root is a copy. */
        Optional<Path> upper();

        void mount() throws IOException;

        void unmount() throws IOException;
    }
}
