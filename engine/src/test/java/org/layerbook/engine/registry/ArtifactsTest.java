package org.layerbook.engine.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerbook.engine.archive.FakeSnapshots;
import org.layerbook.engine.archive.TestTar;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.http.RetryPolicy;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.image.Lease;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.Manifest;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.protocol.Credentials;
import org.layerbook.engine.registry.protocol.RegistrySettings;
import org.layerbook.engine.registry.transfer.TransferEvent;
import org.layerbook.engine.registry.transfer.TransferListener;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Store;

/** What is no plain image: artifacts that refer to one, and layers that no registry may give out. */
class ArtifactsTest {
    private static final String SIGNATURE = "application/vnd.example.signature";
    private static final String SECRET = "geheim-4711";
    private static final Platform AMD64 = new Platform("linux", "amd64");

    @TempDir
    Path folder;

    private final FakeSnapshots snapshots = new FakeSnapshots();
    private FaultyRegistry remote;
    private Store store;
    private Registry registry;

    @BeforeEach
    void open() throws IOException {
        remote = new FaultyRegistry();
        store = Store.open(folder.resolve("store"), new Identity(0, "0 0 4294967295", "0 0 4294967295"));
        registry = registry(RegistrySettings.DEFAULT);
    }

    private Registry registry(RegistrySettings settings) {
        Map<String, String> environment = Map.of("HOME", folder.toString());
        return new Registry(store, snapshots, settings, new CredentialStore(environment, new NoHost()), environment);
    }

    @AfterEach
    void close() throws IOException {
        registry.close();
        store.close();
        remote.close();
    }

    private Reference name(String tag) {
        return Reference.parse(remote.host() + "/a/b:" + tag);
    }

    /** Something that says something about {@code subject}. */
    private Descriptor artifact(Descriptor subject, String type, String payload, Lease lease) throws IOException {
        byte[] empty = "{}".getBytes(StandardCharsets.UTF_8);
        byte[] content = payload.getBytes(StandardCharsets.UTF_8);
        var manifest = new Manifest(
                        MediaTypes.OCI_MANIFEST,
                        Optional.of(type),
                        new Descriptor("application/vnd.oci.empty.v1+json", Digest.sha256(empty), 2),
                        List.of(new Descriptor("text/plain", Digest.sha256(content), content.length)),
                        Optional.of(subject),
                        Map.of("made", "by tests"))
                .toJson();
        for (byte[] blob : List.of(empty, content, manifest)) {
            lease.keep(GcRoot.blob(Digest.sha256(blob)));
            store.content().put(blob);
        }
        return new Descriptor(MediaTypes.OCI_MANIFEST, Digest.sha256(manifest), manifest.length);
    }

    private Digest send(Descriptor artifact) throws IOException {
        return registry.pushDocument(
                        artifact,
                        List.of(),
                        name("x").repository().withDigest(artifact.digest()),
                        TransferListener.NONE,
                        new Cancellation())
                .digest();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatRefersToAnImageIsListed(boolean api) throws IOException {
        if (api) {
            remote.knowReferrers();
        }
        byte[] image = "{}".getBytes(StandardCharsets.UTF_8);
        var subject = new Descriptor(
                MediaTypes.OCI_MANIFEST, remote.manifest("1", image, MediaTypes.OCI_MANIFEST), image.length);
        Reference about = name("1").repository().withDigest(subject.digest());
        assertEquals(List.of(), registry.referrers(about, Optional.empty(), new Cancellation()));
        try (Lease lease = store.leases().operation("test")) {
            Digest signature = send(artifact(subject, SIGNATURE, "signed", lease));
            Descriptor list = artifact(subject, "application/vnd.example.sbom", "contents", lease);
            Digest sbom = send(list);
            send(list);
            assertEquals(
                    Set.of(signature, sbom),
                    Set.copyOf(registry.referrers(about, Optional.empty(), new Cancellation()).stream()
                            .map(Descriptor::digest)
                            .toList()));
            assertEquals(
                    2,
                    registry.referrers(about, Optional.empty(), new Cancellation())
                            .size());
            List<Descriptor> signatures = registry.referrers(about, Optional.of(SIGNATURE), new Cancellation());
            assertEquals(
                    List.of(signature),
                    signatures.stream().map(Descriptor::digest).toList());
            assertEquals(Optional.of(SIGNATURE), signatures.getFirst().artifactType());
        }
        String tag = "sha256-" + subject.digest().hex();
        assertEquals(!api, remote.manifest(tag).isPresent());
    }

    /** {@code foreign:1}: an image whose one layer is at {@code url}. */
    private Digest foreign(byte[] layer, String... urls) {
        byte[] config = new ImageConfig(
                        AMD64,
                        Optional.empty(),
                        Optional.empty(),
                        ContainerConfig.EMPTY,
                        List.of(Digest.sha256(layer)),
                        List.of())
                .toJson();
        var blob = new Descriptor(
                "application/vnd.oci.image.layer.nondistributable.v1.tar",
                Digest.sha256(layer),
                layer.length,
                List.of(urls),
                Map.of(),
                Optional.empty(),
                Optional.empty());
        var manifest =
                Manifest.of(new Descriptor(MediaTypes.OCI_CONFIG, remote.blob(config), config.length), List.of(blob));
        remote.manifest("foreign", manifest.toJson(), MediaTypes.OCI_MANIFEST);
        return Digest.sha256(config);
    }

    private PullResult pull() throws IOException {
        return registry.pull(name("foreign"), Optional.of(AMD64), TransferListener.NONE, new Cancellation());
    }

    @Test
    void aForeignLayerComesFromItsOwnPlaceAndIsNotPassedOn() throws IOException {
        byte[] layer = new TestTar().file("etc/licence", "do not pass on\n").bytes();
        try (var elsewhere = new FaultyRegistry()) {
            Digest digest = elsewhere.blob(layer);
            String wrong = "http://" + elsewhere.otherName() + "/nothing/blobs/sha256:" + "0".repeat(64);
            String right = "http://" + elsewhere.otherName() + "/v2/x/blobs/" + digest;
            Digest id = foreign(layer, wrong, right);
            registry.credentials().store(remote.host(), Credentials.password("me", SECRET));
            remote.wantBasic(Credentials.password("me", SECRET).basic());
            PullResult pulled = pull();
            assertEquals(id, pulled.image().id());
            assertArrayEquals(layer, store.content().open(digest).readAllBytes());
            assertFalse(elsewhere.seen().stream().anyMatch(FaultyRegistry.Seen::hasCredentials));

            var told = new CopyOnWriteArrayList<TransferEvent>();
            registry.push(pulled.image(), name("again"), told::add, new Cancellation());
            assertTrue(told.contains(new TransferEvent.Changed(digest, TransferEvent.State.SKIPPED)), told.toString());
            assertFalse(remote.hasBlob(digest));
            assertArrayEquals(
                    remote.manifest("foreign").orElseThrow(),
                    remote.manifest("again").orElseThrow());
            var allowed = new RegistrySettings(Map.of(), Set.of(), Set.of(remote.host()), RetryPolicy.DEFAULT);
            try (Registry allowing = registry(allowed)) {
                allowing.push(pulled.image(), name("again"), TransferListener.NONE, new Cancellation());
            }
            assertTrue(remote.hasBlob(digest));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "http://169.254.169.254/latest/meta-data",
                "http://0.0.0.0:1/x",
                "http://me:secret@localhost:1/x",
                "ftp://localhost/x",
                "not an address"
            })
    void aForeignLayerIsNotFetchedFromAnywhere(String url) throws IOException {
        foreign(new TestTar().file("a", "b").bytes(), url);
        IOException refusal = assertThrows(IOException.class, this::pull);
        assertTrue(refusal.getMessage().contains("its URL in the manifest"), refusal.getMessage());
        assertFalse(refusal.getMessage().contains("secret"), refusal.getMessage());
    }

    @Test
    void whatComesFromElsewhereIsVerifiedToo() throws IOException {
        byte[] layer = new TestTar().file("a", "b").bytes();
        try (var elsewhere = new FaultyRegistry()) {
            Digest digest = elsewhere.blob(layer);
            foreign(layer, "http://" + elsewhere.otherName() + "/v2/x/blobs/" + digest);
            FaultyRegistry.Fault wrong = exchange -> {
                byte[] body = exchange.body().clone();
                body[0] ^= 1;
                exchange.send(200, exchange.headers(), body, body.length);
            };
            elsewhere.fault(digest.toString(), wrong, wrong, wrong, wrong);
            IOException refusal = assertThrows(IOException.class, this::pull);
            assertTrue(refusal.getMessage().contains("digest mismatch"), refusal.getMessage());
            assertFalse(store.content().contains(digest));
        }
    }
}
