package org.layerbook.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.layerbook.engine.store.TestImages.digest;
import static org.layerbook.engine.store.TestImages.image;
import static org.layerbook.engine.store.TestImages.layers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.image.CollectableSnapshots;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.image.Lease;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.Manifest;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.oci.Reference;

class CollectorTest {
    @TempDir
    Path folder;

    private Store store;
    private final FakeSnapshots snapshots = new FakeSnapshots();

    private static final class FakeSnapshots implements CollectableSnapshots {
        private final Map<Digest, Snapshot> chains = new LinkedHashMap<>();

        void add(Layer[] layers, Instant made) {
            for (int i = 0; i < layers.length; i++) {
                Optional<Digest> parent = i == 0 ? Optional.empty() : Optional.of(layers[i - 1].chainId());
                chains.put(layers[i].chainId(), new Snapshot(layers[i].chainId(), parent, made));
            }
        }

        @Override
        public List<Snapshot> list() {
            return List.copyOf(chains.values());
        }

        @Override
        public void discard(Digest chainId, Path trash) {
            chains.remove(chainId);
        }
    }

    @BeforeEach
    void open() throws IOException {
        store = Store.open(folder.resolve("store"), TestImages.IDENTITY);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private Digest oldBlob(String content) throws IOException {
        Digest blob = store.content().put(content.getBytes(StandardCharsets.UTF_8));
        Files.setLastModifiedTime(store.content().path(blob), FileTime.from(Instant.EPOCH));
        return blob;
    }

    @Test
    void keepsWhatImagesAndCacheRecordsNeed() throws IOException {
        Layer[] kept = layers("one", "two");
        Layer[] cached = layers("one", "three", "four");
        Layer[] lost = layers("one", "lost");
        for (Layer[] chain : List.of(kept, cached, lost)) {
            snapshots.add(chain, Instant.EPOCH);
        }
        Digest layerBlob = oldBlob("layer");
        Digest manifest = oldBlob("manifest");
        Digest unused = oldBlob("unused");
        Layer top = kept[1];
        Layer withBlob = new Layer(
                top.diffId(), top.chainId(), 10, Optional.of(new Descriptor(MediaTypes.OCI_LAYER_GZIP, layerBlob, 5)));
        Image plain = image("a", kept[0], withBlob);
        Image image = new Image(
                plain.configBytes(),
                plain.config(),
                plain.layers(),
                Optional.of(new Descriptor(MediaTypes.OCI_MANIFEST, manifest, 8)));
        store.images().put(image);
        store.cache().put(digest("key"), new byte[0], Set.of(GcRoot.chain(cached[2].chainId())), List.of("p"));

        assertEquals(List.of(), store.verify(snapshots));
        assertEquals(
                new Collector.Collected(1, 1, 0, 6, 0),
                store.collector(snapshots).collect());
        assertFalse(store.content().contains(unused));
        assertEquals(Optional.of(image), store.images().get(image.id()));
        assertEquals(
                Set.of(kept[0].chainId(), kept[1].chainId(), cached[1].chainId(), cached[2].chainId()),
                snapshots.chains.keySet());
        assertEquals(List.of(), store.verify(snapshots));

        store.images().remove(image.id());
        var collected = store.collector(snapshots).collect();
        assertEquals(3, collected.blobs(), "config, manifest, layer");
        assertEquals(1, collected.snapshots(), "the cache record still needs the lowest");
        assertEquals(
                1, store.collector(snapshots).collect(Duration.ofSeconds(-1)).cacheRecords());
        assertEquals(Map.of(), snapshots.chains);
        assertEquals(Optional.empty(), store.cache().latest("p"));
    }

    @Test
    void aLeaseKeepsWhatItNames() throws IOException {
        Layer[] layers = layers("one", "two");
        snapshots.add(layers, Instant.EPOCH);
        Digest blob = oldBlob("leased");
        Digest later = oldBlob("later");
        try (Lease lease = store.leases().session("test")) {
            lease.keep(List.of(GcRoot.chain(layers[1].chainId()), GcRoot.blob(blob)));
            lease.keep(GcRoot.blob(later));
            assertEquals(0, store.collector(snapshots).collect().blobs());
            assertEquals(2, snapshots.chains.size());
            lease.replace(List.of(GcRoot.blob(later), GcRoot.chain(layers[0].chainId())));
            assertEquals(
                    new Collector.Collected(1, 1, 0, 6, 2),
                    store.collector(snapshots).collect());
            assertTrue(store.content().contains(later));
            store.content().put("young".getBytes(StandardCharsets.UTF_8));
            assertEquals(1, store.collector(snapshots).collect().blobs(), "a session spares nothing else");
        }
        assertEquals(1, store.collector(snapshots).collect().blobs());
        assertEquals(Map.of(), snapshots.chains);
    }

    @Test
    void anOperationSparesWhatWasMadeOrClaimedSinceItBegan() throws IOException {
        Digest old = oldBlob("old");
        Digest claimed = oldBlob("claimed");
        Layer[] young = layers("young");
        Layer[] aged = layers("aged");
        try (Lease _ = store.leases().operation("test")) {
            Digest made = store.content().put("made".getBytes(StandardCharsets.UTF_8));
            assertTrue(store.content().claim(claimed));
            assertFalse(store.content().claim(digest("nothing")));
            snapshots.add(young, Instant.now());
            snapshots.add(aged, Instant.EPOCH);
            assertEquals(1, store.collector(snapshots).collect().blobs());
            assertFalse(store.content().contains(old));
            assertTrue(store.content().contains(claimed) && store.content().contains(made));
            assertEquals(Set.of(young[0].chainId()), snapshots.chains.keySet());
        }
        assertEquals(2, store.collector(snapshots).collect().blobs());
        assertEquals(Map.of(), snapshots.chains);
    }

    /** An index that an image was pulled in: the name with its digest keeps it. */
    @Test
    void aNameWithADigestKeepsWhatTheDigestNames() throws IOException {
        Image image = image("a");
        store.images().put(image);
        Digest index = oldBlob("index");
        Reference name = Reference.parse("web").repository().withDigest(index);
        store.names().set(name, image.id());
        store.collector(snapshots).collect();
        assertTrue(store.content().contains(index));
        store.names().remove(name);
        store.collector(snapshots).collect();
        assertFalse(store.content().contains(index));
    }

    /** Under one name the image has another manifest than under others, with layers compressed differently. */
    @Test
    void aNameKeepsWhatItsManifestOrIndexNames() throws IOException {
        Image image = image("a");
        store.images().put(image);
        Digest layer = oldBlob("layer, compressed differently");
        byte[] manifest = Manifest.of(
                        new Descriptor(MediaTypes.OCI_CONFIG, image.id(), 1),
                        List.of(new Descriptor(MediaTypes.OCI_LAYER_ZSTD, layer, 1)))
                .toJson();
        var described = new Descriptor(MediaTypes.OCI_MANIFEST, store.content().put(manifest), manifest.length);
        byte[] index = Index.of(List.of(described)).toJson();
        var indexed = new Descriptor(MediaTypes.OCI_INDEX, store.content().put(index), index.length);
        Reference web = Reference.parse("web");
        for (Descriptor target : List.of(described, indexed)) {
            store.content().put(index);
            store.names().set(web, image.id(), Optional.of(target));
            store.collector(snapshots).collect();
            assertTrue(store.content().contains(target.digest()));
            assertTrue(store.content().contains(described.digest()));
            assertTrue(store.content().contains(layer));
        }
        store.names().set(web, image.id());
        store.collector(snapshots).collect();
        assertFalse(store.content().contains(indexed.digest()));
        assertFalse(store.content().contains(layer));
    }

    @Test
    void verificationNamesWhatIsWrong() throws IOException {
        Layer[] layers = layers("one");
        Image image = image("a", layers);
        store.images().put(image);
        store.names().set(Reference.parse("web"), image.id());
        store.cache().put(digest("k"), new byte[0], Set.of(GcRoot.blob(digest("x"))), List.of("p"));
        Digest damaged = store.content().put("good".getBytes(StandardCharsets.UTF_8));
        Files.delete(store.content().path(damaged));
        Files.writeString(store.content().path(damaged), "bad");
        assertEquals(
                List.of(
                        new Problem(
                                Problem.Kind.BLOB,
                                damaged.toString(),
                                "is damaged: digest mismatch: got " + digest("bad")),
                        new Problem(
                                Problem.Kind.IMAGE,
                                image.id().toString(),
                                "is missing the layer " + layers[0].diffId()),
                        new Problem(
                                Problem.Kind.CACHE,
                                digest("k").toString(),
                                "refers to blob " + digest("x") + ", which is missing")),
                store.verify(snapshots));
        Files.delete(store.content().path(image.id()));
        Files.delete(folder.resolve("store/images/" + image.id().hex().substring(0, 2) + "/"
                + image.id().hex()));
        assertTrue(store.verify(snapshots)
                .contains(new Problem(
                        Problem.Kind.NAME, "web:latest", "refers to the image " + image.id() + ", which is missing")));
    }

    @Test
    @Timeout(60)
    void nothingThatIsBeingMadeIsCollected() throws Exception {
        var stop = new AtomicBoolean();
        try (var threads = Executors.newFixedThreadPool(4)) {
            var collector = CompletableFuture.runAsync(() -> collectUntil(stop), threads);
            var makers = new ArrayList<CompletableFuture<Void>>();
            for (int t = 0; t < 3; t++) {
                int thread = t;
                makers.add(CompletableFuture.runAsync(() -> make(thread), threads));
            }
            try {
                for (CompletableFuture<Void> maker : makers) {
                    maker.get();
                }
            } finally {
                stop.set(true);
            }
            collector.get();
        }
        assertEquals(List.of(), store.verify(snapshots));
    }

    private void collectUntil(AtomicBoolean stop) {
        try {
            while (!stop.get()) {
                store.collector(CollectableSnapshots.NONE).collect();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Every thread makes the same blobs again and again, which the collector takes as soon as nobody needs them. */
    private void make(int thread) {
        try {
            for (int i = 0; i < 60; i++) {
                try (Lease _ = store.leases().operation("make")) {
                    byte[] content = ("layer " + i % 5).getBytes(StandardCharsets.UTF_8);
                    Digest blob = store.content().put(content);
                    Layer layer = layers("layer " + i % 5)[0];
                    Image image = image(
                            thread + " " + i,
                            new Layer(
                                    layer.diffId(),
                                    layer.chainId(),
                                    10,
                                    Optional.of(new Descriptor(MediaTypes.OCI_LAYER, blob, content.length))));
                    store.images().put(image);
                    assertEquals(Optional.of(image), store.images().get(image.id()));
                    assertTrue(store.content().contains(blob));
                    if (i % 3 != 0) {
                        store.images().remove(image.id());
                    }
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
