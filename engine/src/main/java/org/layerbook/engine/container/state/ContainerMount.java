package org.layerbook.engine.container.state;

import java.nio.file.Path;

/** What is mounted into a container. */
public sealed interface ContainerMount {
    /** Absolute, inside the container. */
    String target();

    boolean readOnly();

    /** A file or folder of the host. */
    record Bind(Path source, String target, boolean readOnly) implements ContainerMount {}

    /** @param anonymous made for this container alone; goes with it where volumes are removed */
    record Volume(String name, String target, boolean readOnly, boolean anonymous, boolean noCopy)
            implements ContainerMount {
        /** The folder that is mounted. @param store where the store lies */
        public Path data(Path store) {
            return store.resolve("volumes").resolve(name).resolve("_data");
        }
    }

    /** In memory. @param options of mount(8): {@code size=64m,mode=1777} */
    record Tmpfs(String target, String options) implements ContainerMount {
        @Override
        public boolean readOnly() {
            return false;
        }
    }
}
