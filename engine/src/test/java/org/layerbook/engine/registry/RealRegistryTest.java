package org.layerbook.engine.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.archive.FakeSnapshots;
import org.layerbook.engine.archive.TestTar;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.protocol.RegistryException;
import org.layerbook.engine.registry.protocol.RegistrySettings;
import org.layerbook.engine.registry.transfer.TransferEvent;
import org.layerbook.engine.registry.transfer.TransferListener;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Store;

/** Debian's docker-registry between us and skopeo: what one side pushes, the other gets, with the same digests. */
class RealRegistryTest {
    private static final Platform AMD64 = new Platform("linux", "amd64");
    private static final Platform ARM64 = new Platform("linux", "arm64");
    private static final Identity OWNER = new Identity(0, "0 0 4294967295", "0 0 4294967295");

    @TempDir
    Path folder;

    private DebianRegistry server;
    private String host;
    private Store store;
    private final FakeSnapshots snapshots = new FakeSnapshots();
    private Registry registry;

    @BeforeEach
    void serve() throws Exception {
        assumeTrue(
                DebianRegistry.isThere("docker-registry") && DebianRegistry.isThere("skopeo"),
                "docker-registry and skopeo are not installed");
        server = new DebianRegistry(folder.resolve("registry"), "", "");
        host = server.host();
        store = Store.open(folder.resolve("store"), OWNER);
        registry = open();
    }

    private Registry open() {
        Map<String, String> environment = Map.of("HOME", folder.toString());
        return new Registry(
                store,
                snapshots,
                RegistrySettings.DEFAULT,
                new CredentialStore(environment, new NoHost()),
                environment);
    }

    @AfterEach
    void end() throws Exception {
        if (registry != null) {
            registry.close();
            store.close();
        }
        if (server != null) {
            server.close();
        }
    }

    private String skopeo(String... words) throws Exception {
        var command = new ArrayList<String>(List.of("skopeo"));
        command.addAll(List.of(words));
        return DebianRegistry.run(folder, command.toArray(String[]::new));
    }

    private Image built(String text) throws IOException {
        return built(text, AMD64);
    }

    private Image built(String text, Platform platform) throws IOException {
        byte[] tar = new TestTar().file("etc/motd", text).bytes();
        byte[] config = new ImageConfig(
                        platform,
                        Optional.empty(),
                        Optional.empty(),
                        ContainerConfig.EMPTY,
                        List.of(Digest.sha256(tar)),
                        List.of())
                .toJson();
        var image = new Image(
                Bytes.of(config),
                ImageConfig.parse(config),
                List.of(snapshots.built(Optional.empty(), tar)),
                Optional.empty());
        store.images().put(image);
        return image;
    }

    @Test
    void whatWePushSkopeoCopiesAndWePullAgain() throws Exception {
        Image image = built("round trip\n");
        Reference here = Reference.parse(host + "/a/first:1");
        PushResult pushed = registry.push(image, here, TransferListener.NONE, new Cancellation());
        String digest = skopeo("inspect", "--tls-verify=false", "--format", "{{.Digest}}", "docker://" + here);
        assertEquals(pushed.digest().toString(), digest);
        for (String format : List.of("oci", "v2s2")) {
            String copy = host + "/b/" + format + ":1";
            skopeo(
                    "copy",
                    "-q",
                    "--format",
                    format,
                    "--src-tls-verify=false",
                    "--dest-tls-verify=false",
                    "docker://" + here,
                    "docker://" + copy);
            PullResult pulled =
                    registry.pull(Reference.parse(copy), Optional.of(AMD64), TransferListener.NONE, new Cancellation());
            assertEquals(image.config().diffIds(), pulled.image().config().diffIds());
            assertEquals(
                    skopeo("inspect", "--tls-verify=false", "--format", "{{.Digest}}", "docker://" + copy),
                    pulled.digest().toString());
        }
        assertEquals(List.of(), store.verify(snapshots.collectable()));
    }

    @Test
    void aLayerOfAnotherRepositoryIsMounted() throws Exception {
        Image image = built("mounted\n");
        registry.push(image, Reference.parse(host + "/a/first:1"), TransferListener.NONE, new Cancellation());
        var mounted = new CopyOnWriteArrayList<String>();
        registry.push(
                image,
                Reference.parse(host + "/c/second:1"),
                event -> {
                    if (event instanceof TransferEvent.Mounted from) {
                        mounted.add(from.from());
                    }
                },
                new Cancellation());
        assertEquals(List.of("a/first"), mounted);
    }

    @Test
    void everyTagIsListed() throws Exception {
        Image image = built("tags\n");
        for (String tag : List.of("1", "2", "x")) {
            registry.push(image, Reference.parse(host + "/tags:" + tag), TransferListener.NONE, new Cancellation());
        }
        List<String> tags = registry.tags(Reference.parse(host + "/tags"), new Cancellation());
        assertTrue(tags.containsAll(List.of("1", "2", "x")) && tags.size() == 3, tags.toString());
    }

    private PushResult push(Image image, Reference target) throws IOException {
        return registry.push(image, target, TransferListener.NONE, new Cancellation());
    }

    private PullResult pull(Reference name, Platform platform) throws IOException {
        return registry.pull(name, Optional.of(platform), TransferListener.NONE, new Cancellation());
    }

    @Test
    void anIndexGoesAndComesBackWhole() throws Exception {
        Image amd64 = built("for amd64\n", AMD64);
        Image arm64 = built("for arm64\n", ARM64);
        Reference first = Reference.parse(host + "/multi:1");
        PushResult pushed = registry.pushIndex(List.of(amd64, arm64), first, TransferListener.NONE, new Cancellation());
        assertEquals(digestAt(first), pushed.digest().toString());
        // skopeo reads it, and copies all of it.
        Path layout = folder.resolve("layout");
        skopeo("copy", "-q", "--all", "--src-tls-verify=false", "docker://" + first, "oci:" + layout + ":x");
        String copied = host + "/copied:1";
        skopeo("copy", "-q", "--all", "--dest-tls-verify=false", "oci:" + layout + ":x", "docker://" + copied);
        assertEquals(pushed.digest().toString(), digestAt(Reference.parse(copied)));
        fresh();
        var indexes = new StoredIndexes(store);
        Reference name = Reference.parse(copied);
        PullResult one = pull(name, AMD64);
        assertEquals(amd64.id(), one.image().id());
        assertEquals(pushed.digest(), one.digest());
        var index = indexes.of(store.names().get(name).orElseThrow()).orElseThrow();
        assertFalse(indexes.isComplete(indexes.read(index.digest()).orElseThrow()));
        PullResult other = pull(name, ARM64);
        assertEquals(arm64.id(), other.image().id());
        // Nothing of it is rubbish now.
        store.collector(snapshots).collect();
        var whole = indexes.read(index.digest()).orElseThrow();
        assertTrue(indexes.isComplete(whole));
        Reference second = Reference.parse(host + "/second:1");
        PushResult again =
                registry.pushDocument(index, indexes.images(whole), second, TransferListener.NONE, new Cancellation());
        assertEquals(pushed.digest(), again.digest());
        assertEquals(digestAt(second), pushed.digest().toString());
        assertEquals(List.of(), store.verify(snapshots.collectable()));
    }

    @Test
    void whatAnIndexNamesHasToBeHereOrThere() throws Exception {
        Image amd64 = built("for amd64\n", AMD64);
        Image arm64 = built("for arm64\n", ARM64);
        Reference first = Reference.parse(host + "/multi:1");
        registry.pushIndex(List.of(amd64, arm64), first, TransferListener.NONE, new Cancellation());
        fresh();
        Image one = pull(first, AMD64).image();
        var indexes = new StoredIndexes(store);
        var index = indexes.of(store.names().get(first).orElseThrow()).orElseThrow();
        // The other manifest is at the registry already.
        registry.pushDocument(index, List.of(one), first.withTag("2"), TransferListener.NONE, new Cancellation());
        assertEquals(digestAt(first), digestAt(first.withTag("2")));
        RegistryException refusal = assertThrows(
                RegistryException.class,
                () -> registry.pushDocument(
                        index,
                        List.of(one),
                        Reference.parse(host + "/elsewhere:1"),
                        TransferListener.NONE,
                        new Cancellation()));
        assertTrue(refusal.getMessage().contains("(linux/arm64)"), refusal.getMessage());
    }

    @Test
    void aDigestNamesWhatItNamedAtFirst() throws Exception {
        Reference tag = Reference.parse(host + "/moving:1");
        Image before = built("before\n");
        PushResult pushed = push(before, tag);
        push(built("after\n"), tag);
        PullResult pulled = pull(tag.repository().withDigest(pushed.digest()), AMD64);
        assertEquals(before.id(), pulled.image().id());
        assertEquals(
                List.of(),
                store.names().list().stream()
                        .filter(name -> name.reference().tag().isPresent())
                        .toList());
    }

    /** By the bytes that skopeo gets. */
    private String digestAt(Reference name) throws Exception {
        Path manifest = Files.createTempFile(folder, "manifest", ".json");
        Files.writeString(manifest, skopeo("inspect", "--raw", "--tls-verify=false", "docker://" + name));
        return skopeo("manifest-digest", manifest.toString());
    }

    /** As on another machine. */
    private void fresh() throws IOException {
        registry.close();
        store.close();
        snapshots.list().forEach(snapshot -> snapshots.discard(snapshot.chainId(), folder));
        store = Store.open(folder.resolve("store-" + System.nanoTime()), OWNER);
        registry = open();
    }
}
