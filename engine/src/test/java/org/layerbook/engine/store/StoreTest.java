package org.layerbook.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.layerbook.engine.store.TestImages.digest;
import static org.layerbook.engine.store.TestImages.image;
import static org.layerbook.engine.store.TestImages.layers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.CacheRecords;
import org.layerbook.engine.image.CollectableSnapshots;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Images;
import org.layerbook.engine.image.Images.Resolution;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.store.file.FileContentStore;
import org.layerbook.engine.store.file.ShardIndex;
import org.layerbook.engine.store.file.StoreFiles;

class StoreTest {
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

    @Test
    void blobsAreVerifiedAndAddedOnce() throws IOException {
        byte[] content = "content".getBytes(StandardCharsets.UTF_8);
        Digest digest = store.content().put(content);
        assertEquals(Digest.sha256(content), digest);
        assertEquals(digest, store.content().put(content));
        assertEquals(Optional.of(7L), store.content().size(digest));
        try (var in = store.content().open(digest)) {
            assertEquals("content", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertEquals(
                folder.resolve("store/blobs/sha256/" + digest.hex()).toRealPath(),
                store.content().path(digest));
        try (var ingest = store.content().ingest()) {
            ingest.out().write(content);
            var e = assertThrows(IOException.class, () -> ingest.commit(Optional.of(digest("other"))));
            assertEquals("digest mismatch: got " + digest + ", expected " + digest("other"), e.getMessage());
        }
        assertFalse(store.content().contains(digest("other")));
        try (var ingest = store.content().ingest()) {
            ingest.out().write(content);
            ingest.out().write('!');
        }
        assertFalse(store.content().contains(digest("content!")));
    }

    @Test
    void blobsOfOtherAlgorithms() throws IOException {
        byte[] content = "content".getBytes(StandardCharsets.UTF_8);
        var expected = new Digest(
                "sha512",
                HexFormat.of().formatHex(FileContentStore.hash("sha512").digest(content)));
        try (var ingest = store.content().ingest()) {
            ingest.out().write(content);
            assertEquals(expected, ingest.commit(Optional.of(expected)));
        }
        assertEquals(Bytes.of(content), store.content().read(expected));
    }

    @Test
    void aDamagedOrMissingDocumentIsNotGivenOut() throws IOException {
        Digest digest = store.content().put("content".getBytes(StandardCharsets.UTF_8));
        Files.delete(store.content().path(digest));
        var missing = assertThrows(StoreException.class, () -> store.content().read(digest));
        assertTrue(missing.getMessage().startsWith("blob " + digest + " is missing"), missing.getMessage());
        Files.writeString(store.content().path(digest), "damage");
        var damaged = assertThrows(StoreException.class, () -> store.content().read(digest));
        assertTrue(damaged.getMessage().contains("is damaged"), damaged.getMessage());
    }

    @Test
    void imagesAreFoundByNameIdAndPrefix() throws IOException {
        Image image = image("a", layers("one", "two"));
        store.images().put(image);
        store.names().set(Reference.parse("web"), image.id());
        assertEquals(Optional.of(image), store.images().get(image.id()));

        String hex = image.id().hex();
        for (String id : List.of(
                hex, "sha256:" + hex, hex.substring(0, 12), "sha256:" + hex.substring(0, 12), hex.substring(0, 1))) {
            assertEquals(
                    new Resolution.Found(image.id(), Optional.empty()),
                    store.images().resolve(id),
                    id);
        }
        for (String name : List.of("web", "web:latest", "docker.io/library/web")) {
            assertEquals(
                    new Resolution.Found(image.id(), Optional.of(Reference.parse("web:latest"))),
                    store.images().resolve(name),
                    name);
        }
        assertEquals(new Resolution.Missing("web:2"), store.images().resolve("web:2"));
        assertEquals(new Resolution.Missing("nothing:latest"), store.images().resolve("nothing"));
        assertEquals(
                new Resolution.Missing("sha256:" + "0".repeat(64)),
                store.images().resolve("0".repeat(64)));
        assertEquals(
                new Resolution.Invalid("invalid reference format: repository name (library/WEB) must be lowercase"),
                store.images().resolve("WEB"));
    }

    @Test
    void theBeginningOfSeveralIdsIsAmbiguousAndANameGoesBeforeAnId() throws IOException {
        for (int i = 0; i < 17; i++) {
            store.images().put(image("image " + i));
        }
        List<Digest> ids =
                store.images().list().stream().map(Images.Summary::id).toList();
        String common = ids.stream()
                .map(id -> id.hex().substring(0, 1))
                .filter(c -> ids.stream().filter(id -> id.hex().startsWith(c)).count() > 1)
                .findFirst()
                .orElseThrow();
        var ambiguous =
                assertInstanceOf(Resolution.Ambiguous.class, store.images().resolve(common));
        assertEquals(
                ids.stream().filter(id -> id.hex().startsWith(common)).sorted().toList(), ambiguous.ids());
        store.names().set(Reference.parse(common), ids.getFirst());
        assertInstanceOf(Resolution.Found.class, store.images().resolve(common));
    }

    @Test
    void aNameMovesFromImageToImage() throws IOException {
        Image a = image("a");
        Image b = image("b");
        store.images().put(a);
        store.images().put(b);
        Reference name = Reference.parse("web:1");
        assertEquals(Optional.empty(), store.names().set(name, a.id()));
        assertEquals(Optional.of(a.id()), store.names().set(name, b.id()));
        assertEquals(Optional.of(b.id()), store.names().set(name, b.id()));
        assertEquals(List.of(), store.names().of(a.id()));
        assertEquals(List.of(name), store.names().of(b.id()));
        assertEquals(1, store.names().list().size());
        assertFalse(store.images().remove(b.id()), "it has a name");
        assertTrue(store.names().remove(name));
        assertFalse(store.names().remove(name));
        assertTrue(store.images().remove(b.id()));
        assertEquals(
                List.of(a.id()),
                store.images().list().stream().map(Images.Summary::id).toList());
        assertThrows(StoreException.class, () -> store.names().set(name, b.id()));
    }

    @Test
    void namesWithDigestsRecordWhereAnImageCameFrom() throws IOException {
        Image image = image("a");
        store.images().put(image);
        Reference tag = Reference.parse("reg.io/x:1");
        Reference digest = Reference.parse("reg.io/x@" + digest("manifest"));
        store.names().set(tag, image.id());
        store.names().set(digest, image.id());
        Images.Summary summary = store.images().list().getFirst();
        assertEquals(List.of(tag), summary.tags());
        assertEquals(List.of(digest), summary.digests());
        assertEquals(Optional.of(Instant.parse("2026-01-02T03:04:05Z")), summary.created());
        assertInstanceOf(Resolution.Found.class, store.images().resolve("reg.io/x:7@" + digest("manifest")));
    }

    @Test
    void aNameSaysWhatItStandsFor() throws IOException {
        Image image = image("a");
        store.images().put(image);
        Reference name = Reference.parse("web:1");
        var manifest = new Descriptor(MediaTypes.OCI_MANIFEST, digest("manifest"), 7);
        var index = new Descriptor(MediaTypes.OCI_INDEX, digest("index"), 8);
        store.names().set(name, image.id());
        Names.Name plain = store.names().get(name).orElseThrow();
        assertEquals(Optional.empty(), plain.target());
        store.names().settle(plain, manifest);
        Names.Name settled = store.names().get(name).orElseThrow();
        assertEquals(Optional.of(manifest), settled.manifest());
        assertEquals(plain.tagged(), settled.tagged());
        assertTrue(plain.standsFor(settled));
        store.names().set(name, image.id(), Optional.of(index));
        store.names().settle(plain, manifest); // too late: the name has been given to something else
        Names.Name given = store.names().get(name).orElseThrow();
        assertEquals(Optional.of(index), given.index());
        assertEquals(Optional.empty(), given.manifest());
        assertFalse(given.standsFor(settled) || plain.standsFor(given));
        // As the derived index of names has it.
        assertEquals(List.of(given), store.images().list().getFirst().names());
    }

    @Test
    void theLongestNamesFit() throws IOException {
        Image image = image("a");
        store.images().put(image);
        Reference a = Reference.parse("r.io/" + "a".repeat(255) + ":" + "t".repeat(128));
        Reference b = Reference.parse("r.io/" + "a".repeat(255) + ":" + "t".repeat(127));
        store.names().set(a, image.id());
        store.names().set(b, image.id());
        assertEquals(List.of(b, a), store.names().of(image.id()));
        assertEquals(Set.of(a, b), Set.copyOf(store.names().startingWith("")));
        assertTrue(store.names().remove(a));
        assertEquals(
                List.of(b),
                store.names().list().stream().map(Names.Name::reference).toList());
    }

    @Test
    void whatIsLearntOfALayerServesEveryImage() throws IOException {
        Layer[] layers = layers("one");
        Image built = image("a", layers);
        store.images().put(built);
        var blob = new Descriptor(MediaTypes.OCI_LAYER_GZIP, store.content().put(new byte[] {1}), 1);
        Image other = image("b", new Layer(layers[0].diffId(), layers[0].chainId(), 10, Optional.of(blob)));
        store.images().put(other);
        assertEquals(
                Optional.of(blob),
                store.images().get(built.id()).orElseThrow().layers().getFirst().blob());
        store.images().put(built);
        assertEquals(Optional.of(other), store.images().get(other.id()));
        Files.delete(store.content().path(blob.digest()));
        assertEquals(Optional.of(built), store.images().get(built.id()));
    }

    @Test
    void cacheRecordsAndTheLatestKeyOfAPosition() throws IOException {
        Digest key = digest("key");
        assertEquals(Optional.empty(), store.cache().get(key));
        store.cache()
                .put(key, "{\n}".getBytes(StandardCharsets.UTF_8), Set.of(GcRoot.chain(digest("c"))), List.of("web 3"));
        CacheRecords.Record record = store.cache().get(key).orElseThrow();
        assertEquals("{\n}", new String(record.content().toArray(), StandardCharsets.UTF_8));
        assertEquals(Set.of(GcRoot.chain(digest("c"))), record.holds());
        assertEquals(Optional.of(key), store.cache().latest("web 3"));
        assertEquals(Optional.empty(), store.cache().latest("web 4"));
        Digest next = digest("next");
        store.cache().put(next, new byte[0], Set.of(), List.of("web 3"));
        assertEquals(Optional.of(next), store.cache().latest("web 3"));
        assertEquals(2, store.cache().list().size());
        assertTrue(store.cache().remove(next));
        assertEquals(Optional.empty(), store.cache().latest("web 3"));
    }

    @Test
    void anotherProcessesChangesAreSeenInLists() throws IOException {
        Image a = image("a");
        Image b = image("b");
        store.images().put(a);
        assertEquals(1, store.images().list().size());
        try (Store other = Store.open(store.home(), TestImages.IDENTITY)) {
            other.images().put(b);
            other.names().set(Reference.parse("b"), b.id());
            assertEquals(2, store.images().list().size());
            other.names().set(Reference.parse("b"), a.id());
            assertEquals(a.id(), store.names().list().getFirst().image());
            other.names().remove(Reference.parse("b"));
            other.images().remove(b.id());
        }
        assertEquals(1, store.images().list().size());
        assertEquals(List.of(), store.names().list());
    }

    @Test
    void anothersStoreIsRefused() {
        var user = new Identity(0, "0 1000 1\n1 100000 65536", "0 1000 1\n1 100000 65536");
        assertEquals(Identity.Xattrs.USER, user.xattrs());
        var e = assertThrows(StoreException.class, () -> Store.open(store.home(), user));
        assertEquals(
                "the store " + store.home()
                        + " belongs to root, but Layerbook runs as user IDs 0 1000 1, 1 100000 65536: "
                        + "file owners would be wrong; set LAYERBOOK_HOME to another directory",
                e.getMessage());
    }

    @Test
    void aNewerStoreAndAForeignFolderAreRefused() throws IOException {
        Path file = store.home().resolve("store.json");
        Files.writeString(file, Files.readString(file).replace("\"format\": 1", "\"format\": 2"));
        var newer = assertThrows(StoreException.class, () -> Store.open(store.home(), TestImages.IDENTITY));
        assertTrue(newer.getMessage().contains("has format 2, but this Layerbook reads format 1"), newer.getMessage());
        Files.writeString(file, "{");
        assertThrows(IOException.class, () -> Store.open(store.home(), TestImages.IDENTITY));
        Path foreign = Files.createDirectories(folder.resolve("foreign"));
        Files.writeString(foreign.resolve("thesis.txt"), "x");
        var e = assertThrows(StoreException.class, () -> Store.open(foreign, TestImages.IDENTITY));
        assertTrue(e.getMessage().contains("is neither empty nor a Layerbook store"), e.getMessage());
        assertEquals(1, Files.list(foreign).toList().size());
    }

    @Test
    void anUnwritableStoreSaysSo() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        var e = assertThrows(StoreException.class, () -> Store.open(file.resolve("store"), TestImages.IDENTITY));
        assertTrue(e.getMessage().startsWith("cannot "), e.getMessage());
        assertTrue(e.getMessage().contains("set LAYERBOOK_HOME to another directory"), e.getMessage());
    }

    @Test
    void aFullDiskIsOneSentence() {
        var e = StoreException.ofWrite(Path.of("/s"), new IOException("No space left on device"));
        assertEquals(
                "no space left on the disk of the store /s; free space with docker system prune, or set LAYERBOOK_HOME "
                        + "to a directory on another disk",
                e.getMessage());
    }

    @Test
    void temporaryFilesGoWithTheStore() throws IOException {
        Path made = store.temp().directory();
        Files.writeString(made.resolve("x"), "x");
        store.close();
        try (var left = Files.list(store.home().resolve("tmp"))) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void ownLayersAreThoseThatNoOtherListedImageHas() throws IOException {
        Layer[] one = layers("base", "middle", "one");
        Layer[] two = layers("base", "two");
        Image first = image("1", one);
        Image second = image("2", two);
        store.images().put(first);
        assertEquals(List.of(one[2], one[1], one[0]), store.images().ownLayers(first));
        store.images().put(second);
        store.images().put(second); // twice is once
        assertEquals(List.of(one[2], one[1]), store.images().ownLayers(first));
        assertEquals(List.of(two[1]), store.images().ownLayers(second));
        assertTrue(store.images().remove(second.id()));
        assertEquals(List.of(one[2], one[1], one[0]), store.images().ownLayers(first));
    }

    /** A process that died between an image's ways back and its record, or before they were all taken away. */
    @Test
    void waysBackToImagesThatAreNotListedCountForNothingAndGo() throws IOException {
        Layer[] layers = layers("base");
        Image listed = image("1", layers);
        Image dead = image("2", layers);
        store.images().put(listed);
        Path shard = store.home().resolve("users/" + layers[0].chainId().hex().substring(0, 2));
        String wayBack = "sha256-" + layers[0].chainId().hex() + "=" + dead.id().hex();
        Files.createFile(shard.resolve(wayBack));
        assertEquals(List.of(layers), store.images().ownLayers(listed));
        store.collector(CollectableSnapshots.NONE).collect();
        assertFalse(Files.exists(shard.resolve(wayBack)));
        assertEquals(1, StoreFiles.list(shard).size());
    }

    @Test
    void aStoreWithoutWaysBackGetsThem() throws IOException {
        Layer[] layers = layers("base", "top");
        Image one = image("1", layers);
        Image two = image("2", layers[0]);
        store.images().put(one);
        store.images().put(two);
        Trees.delete(store.home().resolve("users"));
        Files.delete(store.home().resolve("users-complete"));
        assertEquals(List.of(layers[1]), store.images().ownLayers(one));
    }

    /** What one process has read, another lists without opening it, as long as it is true. */
    @Test
    void theIndexSaysNothingThatHasChanged() throws Exception {
        Map<Digest, Reference> made = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            Image image = image("image " + i);
            store.images().put(image);
            Reference name = Reference.parse("localhost:5000/some/name-" + i + ":v" + i);
            store.names().set(name, image.id());
            made.put(image.id(), name);
        }
        settle();
        List<Images.Summary> listed = store.images().list();
        assertEquals(300, listed.size());
        assertTrue(Files.exists(store.home().resolve("index/images")));
        assertTrue(Files.exists(store.home().resolve("index/names")));
        assertEquals(listed, again().images().list(), "from the index");

        Images.Summary gone = listed.getFirst();
        store.names().remove(made.get(gone.id()));
        store.images().remove(gone.id());
        Image more = image("more");
        store.images().put(more);
        store.names().set(Reference.parse("more:1"), more.id());
        assertEquals(300, again().images().list().size());
        assertEquals(store.images().list(), again().images().list());
        assertEquals(List.of(Reference.parse("more:1")), again().names().startingWith("mo"));
        assertEquals(299, again().names().startingWith("localhost:5000/some/").size());
        assertEquals(List.of(), again().names().startingWith(made.get(gone.id()).familiar()));
    }

    @Test
    void aDamagedIndexCostsTimeOnly() throws Exception {
        for (int i = 0; i < 300; i++) {
            Image image = image("image " + i);
            store.images().put(image);
            store.names().set(Reference.parse("name-" + i), image.id());
        }
        settle();
        List<Images.Summary> listed = store.images().list();
        Path index = store.home().resolve("index/images");
        String whole = Files.readString(index);
        for (String damaged : List.of("", "x", whole.substring(0, 3000), whole.replace("\t", " "), whole + "=1\n")) {
            Files.writeString(index, damaged);
            Files.writeString(store.home().resolve("index/names"), damaged);
            assertEquals(listed, again().images().list());
        }
    }

    /** Folders that were changed just now are not taken into the index: their times are too coarse for that. */
    private void settle() throws IOException {
        for (String folder : List.of("images", "names")) {
            for (Path shard : StoreFiles.list(store.home().resolve(folder))) {
                while (System.currentTimeMillis() - ShardIndex.Stamp.of(shard).millis() <= 250) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    /** As another process sees the store, which has read nothing yet. */
    private Store again() throws IOException {
        return Store.open(store.home(), TestImages.IDENTITY);
    }
}
