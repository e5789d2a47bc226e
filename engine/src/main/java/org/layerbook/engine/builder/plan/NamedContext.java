package org.layerbook.engine.builder.plan;

import java.nio.file.Path;
import java.util.Optional;
import org.layerbook.engine.image.Image;

/** What {@code --build-context NAME=…} lets a name stand for, in FROM, {@code --from} and mounts. */
public sealed interface NamedContext {
    /**
     * The files of a folder.
     *
     * @param isLocal the user's own folder: its .dockerignore holds and the files become root's; otherwise fetched for
     *     this build, where BuildKit knows no .dockerignore
     * @param time of what was fetched, where it has one
     */
    record Folder(Path folder, boolean isLocal, Optional<Long> time) implements NamedContext {
        public Folder(Path folder, boolean isLocal) {
            this(folder, isLocal, Optional.empty());
        }
    }

    /** An image as FROM would name it ({@code docker-image://}); {@code scratch} for an empty one. */
    record ImageName(String name) implements NamedContext {}

    /** An image that is in the store already. */
    record Given(Image image) implements NamedContext {}
}
