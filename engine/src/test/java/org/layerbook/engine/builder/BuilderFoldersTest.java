package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.builder.run.CacheMounts;
import org.layerbook.engine.store.Store;
import org.layerbook.engine.store.TestImages;

class BuilderFoldersTest {
    @TempDir
    Path folder;

    private Store store;

    @BeforeEach
    void open() throws IOException {
        store = Store.open(folder, TestImages.IDENTITY);
        Path mount = Files.createDirectories(folder.resolve("build/mounts/0123456789ab"));
        Files.createDirectories(mount.resolve("data/sub"));
        Files.writeString(mount.resolve("data/sub/file"), "12345");
        Files.writeString(mount.resolve("id"), "/cache\n");
        Files.createDirectories(folder.resolve("build/stat"));
        Files.writeString(folder.resolve("build/stat/ba9876543210"), "123");
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    @Test
    void cacheMountsAndContextsAreListedWithTheirSizes() throws IOException {
        assertEquals(
                List.of("exec.cachemount 0123456789ab 12 false", "source.local ba9876543210 3 false"),
                new BuilderFolders(store)
                        .list().stream()
                                .map(item ->
                                        item.type().word() + " " + item.id() + " " + item.size() + " " + item.inUse())
                                .toList());
    }

    @Test
    void whatABuildUsesStays() throws IOException {
        var folders = new BuilderFolders(store);
        BuilderFolders.Item mount = folders.list().getFirst();
        try (var _ = store.locks().share(CacheMounts.useLock(mount.id()));
                var _ = store.locks().share(CacheMounts.useLock(mount.id()))) {
            assertTrue(folders.list().getFirst().inUse());
            assertFalse(folders.remove(mount));
            assertTrue(Files.exists(folder.resolve("build/mounts/0123456789ab/data/sub/file")));
        }
        assertTrue(folders.remove(mount));
        assertFalse(folders.remove(mount), "gone already");
        assertTrue(folders.remove(folders.list().getFirst()));
        assertEquals(List.of(), folders.list());
        assertEquals(0, folder.resolve("build/mounts").toFile().list().length);
    }
}
