package org.layerbook.engine.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.store.file.StoreFiles;

/** What containers stand on: the file {@code holds} in the folder of each, a line for each thing. */
final class ContainerHolds {
    private ContainerHolds() {}

    static Set<GcRoot> read(Path home) throws IOException {
        Path folder = home.resolve("containers");
        var held = new HashSet<GcRoot>();
        if (!Files.isDirectory(folder)) {
            return held;
        }
        try (Stream<Path> containers = Files.list(folder)) {
            for (Path container : containers.toList()) {
                try {
                    Files.readAllLines(container.resolve("holds")).forEach(line -> held.add(GcRoot.parse(line)));
                } catch (NoSuchFileException e) {
                    continue; // removed meanwhile
                }
            }
        }
        return held;
    }

    /** What scripts that were killed have left of containers that are gone already. */
    static void sweep(Path home, Path trash) throws IOException {
        for (Path entry : StoreFiles.list(home.resolve("containers"))) {
            if (entry.getFileName().toString().startsWith(".removed-")) {
                StoreFiles.discard(entry, trash);
            }
        }
    }
}
