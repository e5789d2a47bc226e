package org.layerbook.interpreter.command.container;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.layerbook.engine.container.Container;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;

/** How much room containers take. */
final class ContainerSizes {
    private ContainerSizes() {}

    /** Bytes of the files that a container has written or changed. */
    static long written(Container container, Invocation invocation) throws IOException {
        Optional<Path> changes = invocation.services().containers().changes(container);
        if (changes.isEmpty() || !Files.isDirectory(changes.get())) {
            return 0;
        }
        long[] bytes = {0};
        Files.walkFileTree(changes.get(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                bytes[0] += attributes.isRegularFile() ? attributes.size() : 0;
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // it runs, and has just removed it
            }
        });
        return bytes[0];
    }

    /** Of its image. */
    static long ofImage(Container container, Invocation invocation) throws IOException {
        var image = invocation.store().images().get(container.spec().image());
        return image.isPresent() ? image.get().size() : 0;
    }
}
