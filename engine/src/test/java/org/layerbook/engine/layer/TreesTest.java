package org.layerbook.engine.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Trees;

class TreesTest {
    private final Path temp = Files.createTempDirectory("layerbook");

    TreesTest() throws IOException {}

    @AfterEach
    void cleanUp() throws IOException {
        Trees.delete(temp);
    }

    @Test
    void aTreeDeeperThanAPathMayBeIsDeleted() throws IOException {
        Path tree = Files.createDirectory(temp.resolve("tree"));
        for (int depth = 0; depth < 500; depth++) {
            // Put into a new directory each time, so that no path is ever long.
            Path around = Files.createDirectory(temp.resolve("around"));
            Files.createFile(around.resolve("file"));
            Files.move(tree, around.resolve("n".repeat(20)));
            Files.move(around, tree);
        }
        Trees.delete(tree);
        try (Stream<Path> left = Files.list(temp)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void linksAreDeletedNotFollowed() throws IOException {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.createFile(outside.resolve("file"));
        Path tree = Files.createDirectory(temp.resolve("tree"));
        LinuxFiles.symlink(outside.toString(), tree.resolve("link"));
        Files.createDirectory(tree.resolve("directory"));
        LinuxFiles.symlink("../link", tree.resolve("directory/link"));
        LinuxFiles.chmodFollowing(tree.resolve("directory"), 0);
        Trees.delete(tree);
        assertFalse(Files.exists(tree));
        assertTrue(Files.exists(outside.resolve("file")));
        Trees.delete(tree);
    }
}
