package org.layerbook.engine.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.layerbook.engine.store.TestImages.digest;
import static org.layerbook.engine.store.TestImages.image;
import static org.layerbook.engine.store.TestImages.layers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.image.CollectableSnapshots;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.store.file.StoreFiles;

/** Files of the store that are not what was written there, one rule each. */
@Timeout(60)
class DamagedStoreTest {
    @TempDir
    Path folder;

    private Store store;

    @BeforeEach
    void open() throws IOException {
        store = Store.open(folder.resolve("store"), TestImages.IDENTITY);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private Path only(String part) throws IOException {
        try (Stream<Path> files = Files.walk(store.home().resolve(part))) {
            return files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }

    private static void damage(Path file, String content) throws IOException {
        Files.delete(file);
        Files.writeString(file, content);
    }

    @Test
    void aBlobThatIsPutAgainIsWhole() throws IOException {
        byte[] content = "a document".getBytes(StandardCharsets.UTF_8);
        Digest digest = store.content().put(content);
        for (String bad : List.of("", "a docu", "b document")) {
            damage(store.content().path(digest), bad);
            assertThrows(StoreException.class, () -> store.content().read(digest));
            assertEquals(digest, store.content().put(content));
            assertArrayEquals(content, store.content().read(digest).toArray());
        }
    }

    @Test
    void aBlobOfAnotherSizeIsNotClaimed() throws IOException {
        Digest digest = store.content().put("a layer".getBytes(StandardCharsets.UTF_8));
        assertTrue(store.content().claim(digest, 7));
        damage(store.content().path(digest), "a lay");
        assertFalse(store.content().claim(digest, 7));
    }

    @Test
    void aDamagedNameIsToldAndCanBeGivenAnewOrTakenAway() throws IOException {
        Image image = image("1", layers("a"));
        store.images().put(image);
        Reference name = Reference.parse("app:1");
        for (String bad : List.of("", "{}", "no JSON", "{\"name\":\"other:1\",\"image\":\"" + image.id() + "\"}")) {
            store.names().set(name, image.id());
            damage(only("names"), bad);
            var e = assertThrows(StoreException.class, () -> store.names().get(name));
            assertTrue(
                    Pattern.compile("^names/../docker.io%library%app:1 in the store .* is damaged: .*"
                                    + "or remove this file to discard the entry$")
                            .matcher(e.getMessage())
                            .matches(),
                    e.getMessage());
            store.names().set(name, image.id());
            assertEquals(image.id(), store.names().get(name).orElseThrow().image());
            damage(only("names"), bad);
            assertTrue(store.names().remove(name));
            assertEquals(Optional.empty(), store.names().get(name));
        }
    }

    @Test
    void aDamagedImageKeepsAllFromBeingCollectedUntilItIsPutAgain() throws IOException {
        Image image = image("1", layers("a"));
        store.images().put(image);
        damage(only("images"), "{\"id\":\"" + image.id() + "\"}");
        Collector collector = store.collector(CollectableSnapshots.NONE);
        assertThrows(StoreException.class, collector::collect);
        assertTrue(store.content().contains(image.id()));
        store.images().put(image);
        collector.collect();
        assertEquals(
                image.layers(), store.images().get(image.id()).orElseThrow().layers());
        damage(only("images"), "");
        assertTrue(store.images().remove(image.id()));
    }

    @Test
    void aDamagedCacheRecordIsNone() throws IOException {
        Digest key = digest("key");
        for (String bad : List.of("", "one line", "chain:nonsense\nx", "\0\0\0")) {
            store.cache().put(key, "content".getBytes(StandardCharsets.UTF_8), List.of(), List.of());
            damage(only("cache"), bad);
            assertEquals(Optional.empty(), store.cache().get(key));
            assertEquals(List.of(), store.cache().list());
            store.collector(CollectableSnapshots.NONE).collect();
            assertEquals(1, store.verify(CollectableSnapshots.NONE).size(), () -> "verification is to name it: " + bad);
        }
        store.cache().put(key, "content".getBytes(StandardCharsets.UTF_8), List.of(), List.of());
        assertTrue(store.cache().get(key).isPresent());
    }

    @Test
    void aFolderThatIsALinkIsNotFollowed() throws IOException {
        store.close();
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("precious"), "x");
        Path temp = store.home().resolve("tmp");
        Files.delete(temp);
        Files.createSymbolicLink(temp, elsewhere);
        var e = assertThrows(StoreException.class, () -> Store.open(store.home(), TestImages.IDENTITY));
        assertEquals(
                "the store " + store.home()
                        + " is damaged: tmp is a symbolic link, not a directory; move it out of the store",
                e.getMessage());
        assertThrows(
                IOException.class,
                () -> store.collector(CollectableSnapshots.NONE).collect());
        assertTrue(Files.exists(elsewhere.resolve("precious")));
        Files.delete(temp);
        open();
    }

    @Test
    void whoOnlyLooksWritesNothing() throws IOException {
        try (var lease = store.leases().session("session")) {
            assertEquals(List.of(), StoreFiles.list(store.home().resolve("leases")));
            lease.replace(List.of(GcRoot.blob(digest("x"))));
            assertEquals(2, StoreFiles.list(store.home().resolve("leases")).size());
        }
        assertEquals(List.of(), StoreFiles.list(store.home().resolve("leases")));
    }

    @Test
    void aClockThatWasSetBackCollectsNothingEarly() throws IOException {
        try (var lease = store.leases().operation("docker load")) {
            Path list = StoreFiles.list(store.home().resolve("leases")).stream()
                    .filter(file -> !file.toString().endsWith(".lock"))
                    .findFirst()
                    .orElseThrow();
            long tomorrow = System.currentTimeMillis() + 86_400_000;
            Files.writeString(list, "since " + tomorrow + " docker load\n");
            Digest made = store.content().put("made since".getBytes(StandardCharsets.UTF_8));
            store.collector(CollectableSnapshots.NONE).collect();
            assertTrue(store.content().contains(made));
            lease.keep(List.of());
        }
    }
}
