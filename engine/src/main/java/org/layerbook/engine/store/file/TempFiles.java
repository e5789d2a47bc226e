package org.layerbook.engine.store.file;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Places on the store's file system for what is being made, to be renamed into place when it is whole. What a process
 * leaves here is removed once the process is dead, never before.
 */
public interface TempFiles {
    /** A path where nothing is yet, in a folder that is there. */
    Path path() throws IOException;

    /** A new empty folder, mode 0700. The caller removes or renames it. */
    Path directory() throws IOException;

    /**
     * Renames {@code made}, a file or folder made here, to {@code target}. What is at {@code target} already stays, and is
     * from now on as young to the collector as if it had just been made; the caller removes {@code made} then.
     *
     * @return whether {@code made} is at {@code target} now
     */
    boolean publish(Path made, Path target) throws IOException;

    /** Makes {@code file} have {@code content}: all at once for whoever looks. Makes its folder. */
    void replace(Path file, byte[] content) throws IOException;
}
