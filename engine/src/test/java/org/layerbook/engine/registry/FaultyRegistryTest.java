package org.layerbook.engine.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerbook.engine.archive.FakeSnapshots;
import org.layerbook.engine.archive.TestTar;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.http.RetryPolicy;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.Manifest;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.FaultyRegistry.Exchange;
import org.layerbook.engine.registry.FaultyRegistry.Fault;
import org.layerbook.engine.registry.protocol.Credentials;
import org.layerbook.engine.registry.protocol.RegistryException;
import org.layerbook.engine.registry.protocol.RegistrySettings;
import org.layerbook.engine.registry.transfer.TransferListener;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Store;

/** Whatever a registry does, no wrong byte becomes visible, and each case ends in success or a sentence, soon. */
class FaultyRegistryTest {
    private static final RetryPolicy QUICK = new RetryPolicy(
            4,
            Duration.ofMillis(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofMillis(1000),
            Duration.ofMillis(250));
    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final String SUCCESS = "";
    private static final String SECRET = "geheim-4711";
    private static final Platform AMD64 = new Platform("linux", "amd64");

    @TempDir
    Path folder;

    private final FakeSnapshots snapshots = new FakeSnapshots();
    private FaultyRegistry remote;
    private Store store;
    private Registry registry;
    private byte[] layer;
    private Digest layerDigest;
    private Digest manifestDigest;
    private Digest imageId;

    @BeforeEach
    void serve() throws IOException {
        remote = new FaultyRegistry();
        store = Store.open(folder.resolve("store"), new Identity(0, "0 0 4294967295", "0 0 4294967295"));
        registry = registry(RegistrySettings.DEFAULT);
        byte[] noise = new byte[700_000];
        new Random(7).nextBytes(noise);
        byte[] tar = new TestTar()
                .file("bin/noise", noise)
                .file("etc/motd", "hello\n")
                .bytes();
        layer = gzip(tar);
        layerDigest = remote.blob(layer);
        byte[] config = config(AMD64, tar);
        imageId = remote.blob(config);
        var manifest = Manifest.of(
                new Descriptor(MediaTypes.OCI_CONFIG, imageId, config.length),
                List.of(new Descriptor(MediaTypes.OCI_LAYER_GZIP, layerDigest, layer.length)));
        manifestDigest = remote.manifest("1", manifest.toJson(), MediaTypes.OCI_MANIFEST);
    }

    private Registry registry(RegistrySettings settings) {
        Map<String, String> environment = Map.of("HOME", folder.toString());
        var credentials = new CredentialStore(environment, new NoHost());
        return new Registry(store, snapshots, settings.withRetries(QUICK), credentials, environment);
    }

    @AfterEach
    void close() throws IOException {
        registry.close();
        store.close();
        remote.close();
    }

    static byte[] gzip(byte[] content) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    private static byte[] config(Platform platform, byte[]... layers) {
        var diffIds = new ArrayList<Digest>();
        for (byte[] one : layers) {
            diffIds.add(Digest.sha256(one));
        }
        return new ImageConfig(platform, Optional.empty(), Optional.empty(), ContainerConfig.EMPTY, diffIds, List.of())
                .toJson();
    }

    private Reference reference() {
        return Reference.parse(remote.host() + "/a/b:1");
    }

    private PullResult pull() throws IOException {
        return pull(registry, reference());
    }

    private static PullResult pull(Registry from, Reference reference) throws IOException {
        return from.pull(reference, Optional.of(AMD64), TransferListener.NONE, new Cancellation());
    }

    private static Fault status(int status, String... header) {
        return exchange -> {
            Map<String, String> headers = header.length == 0
                    ? Map.of("Content-Length", "0")
                    : Map.of("Content-Length", "0", header[0], header[1]);
            exchange.send(status, headers, new byte[0], 0);
        };
    }

    /** Says the whole length, gives fewer bytes. */
    private static Fault cutAt(int bytes) {
        return exchange -> exchange.cut(Map.of(), exchange.body(), Math.min(bytes, exchange.body().length));
    }

    private static Fault lengthOff(int by) {
        return exchange -> exchange.cut(
                Map.of("Content-Length", "" + (exchange.body().length + by)),
                exchange.body(),
                exchange.body().length + Math.min(by, 0));
    }

    private static Fault hang(int bytes) {
        return exchange -> {
            exchange.send(
                    exchange.status(), exchange.headers(), exchange.body(), Math.min(bytes, exchange.body().length));
            sleepUntilClosed(exchange);
        };
    }

    private static void sleepUntilClosed(Exchange exchange) throws IOException {
        try {
            for (int i = 0; i < 200; i++) {
                Thread.sleep(100);
                exchange.out().write('x');
                exchange.out().flush();
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static final Fault SILENT = exchange -> sleepUntilClosed(
            new Exchange(exchange.request(), OutputStream.nullOutputStream(), 0, Map.of(), new byte[0]));

    private static Fault changed(int at) {
        return exchange -> {
            byte[] wrong = exchange.body().clone();
            wrong[Math.floorMod(at, wrong.length)] ^= 1;
            exchange.send(exchange.status(), exchange.headers(), wrong, wrong.length);
        };
    }

    private static final Fault WITHOUT_RANGE = exchange -> {
        // Gives what was asked for, and says that it is the whole.
        exchange.send(200, exchange.headers(), exchange.body(), exchange.body().length);
    };

    private static final Fault OTHER_RANGE = exchange -> {
        var headers = new LinkedHashMap<>(exchange.headers());
        headers.put("Content-Range", "bytes 600000-600009/700000");
        exchange.send(206, headers, exchange.body(), exchange.body().length);
    };

    static Stream<Arguments> cases() {
        return Stream.of(
                one("nothing wrong", "none", SUCCESS),
                one("429 twice", "manifests", SUCCESS, status(429), status(429, "Retry-After", "1")),
                one(
                        "429 always",
                        "manifests",
                        "is rate limiting requests",
                        status(429),
                        status(429),
                        status(429),
                        status(429)),
                one("429 for an hour", "manifests", "is rate limiting requests", status(429, "Retry-After", "3600")),
                one("500, 502, 503", "manifests", SUCCESS, status(500), status(502), status(503)),
                one(
                        "500 always",
                        "blobs/sha256",
                        "status 500",
                        status(500),
                        status(500),
                        status(500),
                        status(500),
                        status(500),
                        status(500),
                        status(500),
                        status(500)),
                one("401 without a challenge", "manifests", "unsupported authentication scheme", status(401)),
                one("403", "manifests", "pull access denied", status(403)),
                one("404", "manifests", "not found", status(404)),
                one("418", "manifests", "status 418", status(418)),
                one("no answer", "manifests", SUCCESS, SILENT),
                one("never an answer", "manifests", "no response", SILENT, SILENT, SILENT, SILENT),
                one("manifest cut", "manifests", SUCCESS, cutAt(20)),
                one("manifest cut always", "manifests", "cannot reach", cutAt(20), cutAt(20), cutAt(20), cutAt(20)),
                one("manifest changed", "manifests", "digest", changed(30)),
                one("manifest too long", "manifests", SUCCESS, lengthOff(0)),
                one("blob cut at its head", "LAYER", SUCCESS, cutAt(0)),
                one("blob cut after a byte", "LAYER", SUCCESS, cutAt(1), cutAt(2)),
                one("blob cut in the middle", "LAYER", SUCCESS, cutAt(300_000), cutAt(65_536)),
                one(
                        "blob cut before its end",
                        "LAYER",
                        SUCCESS,
                        exchange -> cutAt(exchange.body().length - 1).answer(exchange)),
                one(
                        "blob cut always",
                        "LAYER",
                        "keeps getting interrupted",
                        cutAt(10),
                        cutAt(10),
                        cutAt(10),
                        cutAt(10),
                        cutAt(10)),
                one("length too small", "LAYER", SUCCESS, lengthOff(-1000)),
                one("length too large", "LAYER", SUCCESS, lengthOff(1000)),
                one("blob changed once", "LAYER", SUCCESS, changed(0)),
                one("blob changed in the middle", "LAYER", SUCCESS, changed(350_000)),
                one("blob changed at its end", "LAYER", SUCCESS, changed(-1)),
                one("blob changed always", "LAYER", "digest mismatch: got", changed(5), changed(6)),
                one("config changed", "CONFIG", "digest mismatch: got", changed(5)),
                one("slow loris", "LAYER", SUCCESS, hang(10)),
                one(
                        "slow loris always",
                        "LAYER",
                        "keeps getting interrupted",
                        hang(1),
                        hang(2),
                        hang(3),
                        hang(4),
                        hang(5)),
                one("range forgotten", "LAYER", "REFUSED OR SUCCESS", cutAt(1000), WITHOUT_RANGE),
                one("another range", "LAYER", "the wrong range", cutAt(1000), OTHER_RANGE, cutAt(1000), OTHER_RANGE),
                one("redirect in a circle", "LAYER", "too many redirects", circles()),
                one(
                        "redirect to nowhere",
                        "LAYER",
                        "returned an invalid URL",
                        status(307, "Location", "gopher://x/"),
                        status(307, "Location", "http://")));
    }

    private static Fault[] circles() {
        Fault circle = exchange -> exchange.send(
                307,
                Map.of("Content-Length", "0", "Location", exchange.request().target()),
                new byte[0],
                0);
        return Collections.nCopies(20, circle).toArray(Fault[]::new);
    }

    private static Arguments one(String name, String part, String expected, Fault... faults) {
        return Arguments.of(name, part, expected, faults);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void endsWellOrWithASentence(String name, String part, String expected, Fault[] faults) throws IOException {
        String target = part.replace("LAYER", layerDigest.toString()).replace("CONFIG", imageId.toString());
        remote.fault(target, faults);
        assertTimeoutPreemptively(BOUND, () -> {
            if (expected.equals(SUCCESS)) {
                assertEquals(imageId, pull().image().id());
                assertArrayEquals(layer, store.content().open(layerDigest).readAllBytes());
            } else if (expected.equals("REFUSED OR SUCCESS")) {
                tolerate();
            } else {
                IOException refusal = assertThrows(IOException.class, this::pull);
                assertTrue(refusal.getMessage().contains(expected), refusal.getMessage());
                assertEquals(List.of(), store.images().list());
            }
        });
        assertEquals(List.of(), store.verify(snapshots.collectable()));
        // What came before was never more than an accident: the next pull works.
        remote.fault(target);
        assertEquals(imageId, pull().image().id());
    }

    private void tolerate() {
        try {
            assertEquals(imageId, pull().image().id());
        } catch (IOException e) {
            assertTrue(
                    e.getMessage().contains("digest mismatch") || e.getMessage().contains("keeps getting interrupted"),
                    e.getMessage());
        }
    }

    @Test
    void aBrokenDownloadGoesOnWhereItStopped() throws IOException {
        remote.fault(layerDigest.toString(), cutAt(300_000));
        pull();
        List<FaultyRegistry.Seen> asked = remote.seen("GET", layerDigest.toString());
        assertEquals(2, asked.size());
        // A connection that is cut may take bytes along that were on their way.
        String range = asked.getLast().headers().get("range");
        int from = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
        assertTrue(from > 0 && from <= 300_000, range);
    }

    @Test
    void whatIsThereIsNotAskedFor() throws IOException {
        assertTrue(pull().isNew());
        int before = remote.seen().size();
        assertFalse(pull().isNew());
        // Whether the registry speaks TLS, and what the tag is.
        assertEquals(
                List.of("GET", "HEAD"),
                remote.seen().subList(before, remote.seen().size()).stream()
                        .map(FaultyRegistry.Seen::method)
                        .toList());
    }

    @Test
    void credentialsDoNotFollowARedirect() throws IOException {
        try (var elsewhere = new FaultyRegistry()) {
            elsewhere.blob(layer);
            registry.credentials().store(remote.host(), Credentials.password("me", SECRET));
            remote.wantBasic(Credentials.password("me", SECRET).basic());
            Fault away = exchange -> exchange.send(
                    307,
                    Map.of(
                            "Content-Length",
                            "0",
                            "Location",
                            "http://" + elsewhere.otherName() + "/v2/x/blobs/" + layerDigest),
                    new byte[0],
                    0);
            remote.fault(layerDigest.toString(), away, away);
            assertEquals(imageId, pull().image().id());
            assertEquals(1, elsewhere.seen().size());
            assertFalse(elsewhere.seen().getFirst().hasCredentials());
        }
    }

    @Test
    void aTokenIsFetchedOnceForAllLayers() throws IOException {
        registry.credentials().store(remote.host(), Credentials.password("me", SECRET));
        remote.wantToken("t0k3n", Credentials.password("me", SECRET).basic());
        assertEquals(imageId, pull().image().id());
        List<FaultyRegistry.Seen> asked = remote.seen("GET", "/token");
        assertEquals(1, asked.size());
        assertTrue(
                asked.getFirst().target().contains("scope=repository%3Aa%2Fb%3Apull"),
                asked.getFirst().target());
        assertTrue(
                asked.getFirst().target().contains("service=here%2C+%22there%22"),
                asked.getFirst().target());
    }

    @Test
    void wrongPasswordsAreNotKeptAndNotTold() throws IOException {
        remote.wantBasic("Basic other");
        IOException refusal = assertThrows(
                IOException.class,
                () -> registry.login(remote.host(), Credentials.password("me", SECRET), new Cancellation()));
        assertFalse(everything(refusal).contains(SECRET));
        String address = "http://" + remote.host() + "/v2/";
        assertEquals("login attempt to " + address + " failed with status: 401 Unauthorized", refusal.getMessage());
        assertEquals(Optional.empty(), registry.credentials().get(remote.host()));
        remote.wantToken("t", "Basic other");
        refusal = assertThrows(
                IOException.class,
                () -> registry.login(remote.host(), Credentials.password("me", SECRET), new Cancellation()));
        assertEquals("Get \"" + address + "\": unauthorized: incorrect username or password", refusal.getMessage());
        assertFalse(everything(refusal).contains(SECRET));
    }

    /** All that a careless message, log or stack trace could show. */
    private static String everything(Throwable fault) {
        var text = new StringWriter();
        fault.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void everyMirrorIsAskedInOrderAndWhyItDidNotHelpIsTold() throws IOException {
        try (var first = new FaultyRegistry();
                var second = new FaultyRegistry()) {
            var settings = new RegistrySettings(
                    Map.of("nowhere.invalid", List.of("http://" + first.host(), "http://" + second.host())),
                    Set.of(),
                    QUICK);
            first.fault("manifests", status(500), status(500), status(500), status(500), status(500));
            try (Registry mirrored = registry(settings)) {
                var failure = org.junit.jupiter.api.Assertions.assertThrows(
                        RegistryException.class, () -> pull(mirrored, Reference.parse("nowhere.invalid/app:1")));
                String message = failure.getMessage();
                assertTrue(message.startsWith("cannot reach nowhere.invalid"), message);
                assertTrue(message.contains("; mirror " + first.host() + ": "), message);
                assertFalse(message.contains(second.host()), "it just does not have it: " + message);
                assertEquals(2, first.seen("GET", "manifests").size(), "a mirror that does not work is not waited for");
            }
        }
    }

    @Test
    void mirrorsAreAskedFirstAndFailuresFallBack() throws IOException {
        try (var mirror = new FaultyRegistry()) {
            var settings =
                    new RegistrySettings(Map.of(remote.host(), List.of("http://" + mirror.host())), Set.of(), QUICK);
            try (Registry mirrored = registry(settings)) {
                assertEquals(imageId, pull(mirrored, reference()).image().id());
                assertFalse(mirror.seen().isEmpty());
                assertFalse(remote.seen().isEmpty());
            }
        }
    }

    @Test
    void anIndexGivesTheImageOfThePlatform() throws IOException {
        byte[] manifest = remote.manifest("1").orElseThrow();
        var entry =
                new Descriptor(MediaTypes.OCI_MANIFEST, manifestDigest, manifest.length, Map.of(), Optional.of(AMD64));
        Digest index = remote.manifest("multi", Index.of(List.of(entry)).toJson(), MediaTypes.OCI_INDEX);
        Reference multi = Reference.parse(remote.host() + "/a/b:multi");
        PullResult pulled = pull(registry, multi);
        assertEquals(imageId, pulled.image().id());
        assertEquals(index, pulled.digest());
        IOException refusal = assertThrows(
                IOException.class,
                () -> registry.pull(
                        multi,
                        Optional.of(new Platform("linux", "riscv64")),
                        TransferListener.NONE,
                        new Cancellation()));
        assertTrue(refusal.getMessage().contains("no matching manifest for linux/riscv64"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("linux/amd64"), refusal.getMessage());
    }

    @Test
    void aHugeManifestIsRefused() throws IOException {
        remote.manifest("1", new byte[5_000_000], MediaTypes.OCI_MANIFEST);
        IOException refusal = assertThrows(IOException.class, this::pull);
        assertTrue(refusal.getMessage().contains("larger than"), refusal.getMessage());
    }

    @Test
    void aCancelledPullEndsAtOnce() throws Exception {
        remote.fault(layerDigest.toString(), SILENT, SILENT, SILENT, SILENT);
        var cancellation = new Cancellation();
        TransferListener cancelling = event -> cancellation.cancel();
        assertTimeoutPreemptively(
                Duration.ofSeconds(2),
                () -> assertThrows(
                        InterruptedIOException.class,
                        () -> registry.pull(reference(), Optional.of(AMD64), cancelling, cancellation)));
        assertFalse(Thread.currentThread().isInterrupted());
        assertEquals(List.of(), store.verify(snapshots.collectable()));
    }

    @Test
    void whatIsBuiltHereIsPushedAndTheSameComesBack() throws IOException {
        Image built = built();
        Reference target = Reference.parse(remote.host() + "/mine:2");
        PushResult pushed = registry.push(built, target, TransferListener.NONE, new Cancellation());
        assertTrue(remote.hasBlob(built.id()));
        assertEquals(pushed.digest(), Digest.sha256(remote.manifest("2").orElseThrow()));
        int before = remote.seen("PUT", "/blobs/").size();
        registry.push(built, target, TransferListener.NONE, new Cancellation());
        assertEquals(before, remote.seen("PUT", "/blobs/").size());
        assertEquals(1, snapshots.log.size(), "compressed once");
    }

    @Test
    void anUploadThatFailsIsBegunAgain() throws IOException {
        remote.fault("?_state=abc", status(500), cutAt(0));
        Image built = built();
        registry.push(built, Reference.parse(remote.host() + "/mine:2"), TransferListener.NONE, new Cancellation());
        assertTrue(remote.hasBlob(built.id()));
    }

    @Test
    void whereLargeRequestsAreRefusedAnUploadGoesInPieces() throws IOException {
        remote.refuseLargeRequests(4 << 20);
        byte[] noise = new byte[9 << 20];
        new Random(3).nextBytes(noise);
        Image built = built(new TestTar().file("noise", noise).bytes());
        registry.push(built, Reference.parse(remote.host() + "/mine:2"), TransferListener.NONE, new Cancellation());
        assertEquals(3, remote.seen("PATCH", "/blobs/uploads/").size());
        assertTrue(remote.manifest("2").isPresent());
    }

    private Image built() throws IOException {
        return built(new TestTar().file("etc/motd", "built here\n").bytes());
    }

    private Image built(byte[] tar) throws IOException {
        byte[] config = config(AMD64, tar);
        var image = new Image(
                Bytes.of(config),
                ImageConfig.parse(config),
                List.of(snapshots.built(Optional.empty(), tar)),
                Optional.empty());
        store.images().put(image);
        return image;
    }
}
