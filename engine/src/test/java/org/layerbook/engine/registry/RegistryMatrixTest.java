package org.layerbook.engine.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.layerbook.engine.archive.FakeSnapshots;
import org.layerbook.engine.archive.TestTar;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.http.RetryPolicy;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.protocol.Credentials;
import org.layerbook.engine.registry.protocol.RegistrySettings;
import org.layerbook.engine.registry.transfer.TransferListener;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Store;

/**
 * Debian's docker-registry in each way in which one may be set up, with skopeo, buildah and a Docker Engine on the other
 * side: what one pushes the other pulls, with the same digest and the same ID.
 */
class RegistryMatrixTest {
    private static final String USER = "me";
    private static final String PASSWORD = "geheim-4711";
    private static final Platform AMD64 = new Platform("linux", "amd64");

    /** How the registry is set up. */
    enum Setup {
        PLAIN,
        TLS,
        BASIC,
        TOKEN;

        boolean wantsLogin() {
            return this == BASIC || this == TOKEN;
        }
    }

    @TempDir
    static Path keys;

    @TempDir
    Path folder;

    private final FakeSnapshots snapshots = new FakeSnapshots();
    private DebianRegistry server;
    private Optional<TokenServer> tokens = Optional.empty();
    private Store store;
    private Registry registry;

    @BeforeAll
    static void makeKeys() throws Exception {
        assumeTrue(
                DebianRegistry.isThere("docker-registry") && DebianRegistry.isThere("openssl"),
                "docker-registry and openssl are not installed");
        DebianRegistry.run(
                keys,
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=tests",
                "-addext",
                "subjectAltName=IP:127.0.0.1,DNS:localhost",
                "-keyout",
                keys.resolve("key.pem").toString(),
                "-out",
                keys.resolve("ca.crt").toString());
    }

    @BeforeEach
    void open() throws IOException {
        store = Store.open(folder.resolve("store"), new Identity(0, "0 0 4294967295", "0 0 4294967295"));
    }

    @AfterEach
    void close() throws IOException {
        if (registry != null) {
            registry.close();
        }
        store.close();
        tokens.ifPresent(TokenServer::close);
        if (server != null) {
            server.close();
        }
    }

    private void serve(Setup setup) throws Exception {
        String http = setup != Setup.TLS
                ? ""
                : "tls: {certificate: \"" + keys.resolve("ca.crt") + "\", key: \"" + keys.resolve("key.pem") + "\"}";
        server = new DebianRegistry(folder.resolve("registry"), http, auth(setup));
        registry = registry(Map.of("HOME", folder.toString()), RegistrySettings.DEFAULT);
        if (setup == Setup.TLS) {
            assertThrows(IOException.class, () -> push(image("nobody vouches"), name("refused")));
            Path authorities = folder.resolve(".docker/certs.d/" + server.host());
            Files.createDirectories(authorities);
            Files.copy(keys.resolve("ca.crt"), authorities.resolve("ca.crt"));
        }
        if (setup.wantsLogin()) {
            var wrong = Credentials.password(USER, "wrong");
            assertThrows(IOException.class, () -> registry.login(server.host(), wrong, new Cancellation()));
            registry.login(server.host(), Credentials.password(USER, PASSWORD), new Cancellation());
            registry.credentials().store(server.host(), Credentials.password(USER, PASSWORD));
        }
    }

    private String auth(Setup setup) throws Exception {
        if (setup == Setup.BASIC) {
            assumeTrue(DebianRegistry.isThere("htpasswd"), "htpasswd is not installed");
            Files.writeString(
                    keys.resolve("htpasswd"), DebianRegistry.run(folder, "htpasswd", "-nbB", USER, PASSWORD) + "\n");
            return "{htpasswd: {realm: here, path: \"" + keys.resolve("htpasswd") + "\"}}";
        }
        if (setup == Setup.TOKEN) {
            var its = new TokenServer(
                    keys.resolve("key.pem"),
                    keys.resolve("ca.crt"),
                    Credentials.password(USER, PASSWORD).basic());
            tokens = Optional.of(its);
            return "{token: {realm: \"" + its.realm() + "\", service: " + TokenServer.SERVICE + ", issuer: "
                    + TokenServer.ISSUER + ", rootcertbundle: \"" + keys.resolve("ca.crt") + "\"}}";
        }
        return "";
    }

    private Registry registry(Map<String, String> environment, RegistrySettings settings) {
        return new Registry(store, snapshots, settings, new CredentialStore(environment, new NoHost()), environment);
    }

    private Reference name(String path) {
        return Reference.parse(server.host() + "/" + path + ":1");
    }

    private Image image(String text) throws IOException {
        byte[] tar = new TestTar().file("etc/motd", text).bytes();
        byte[] config = new ImageConfig(
                        AMD64,
                        Optional.of("2026-01-01T00:00:00Z"),
                        Optional.empty(),
                        ContainerConfig.EMPTY.withEnv("PATH", "/bin"),
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

    private Digest push(Image image, Reference name) throws IOException {
        return registry.push(image, name, TransferListener.NONE, new Cancellation())
                .digest();
    }

    private PullResult pull(Reference name) throws IOException {
        return registry.pull(name, Optional.of(AMD64), TransferListener.NONE, new Cancellation());
    }

    @ParameterizedTest
    @EnumSource
    void skopeo(Setup setup) throws Exception {
        assumeTrue(DebianRegistry.isThere("skopeo"), "skopeo is not installed");
        serve(setup);
        Image image = image("for skopeo");
        Digest pushed = push(image, name("ours"));
        String layout = "oci:" + folder.resolve("layout") + ":x";
        skopeo(setup, "src", "copy", "-q", "docker://" + name("ours"), layout);
        skopeo(setup, "dest", "copy", "-q", layout, "docker://" + name("theirs"));
        PullResult pulled = pull(name("theirs"));
        assertEquals(pushed, pulled.digest());
        assertEquals(image.id(), pulled.image().id());
    }

    private void skopeo(Setup setup, String side, String verb, String... words) throws Exception {
        var command = new ArrayList<String>(List.of("skopeo", verb));
        if (setup == Setup.TLS) {
            command.add("--" + side + "-cert-dir=" + folder.resolve(".docker/certs.d/" + server.host()));
        } else {
            command.add("--" + side + "-tls-verify=false");
        }
        if (setup.wantsLogin()) {
            command.add("--" + side + "-creds=" + USER + ":" + PASSWORD);
        }
        command.addAll(List.of(words));
        DebianRegistry.run(folder, command.toArray(String[]::new));
    }

    @ParameterizedTest
    @EnumSource
    void buildah(Setup setup) throws Exception {
        assumeTrue(DebianRegistry.isThere("buildah"), "buildah is not installed");
        assumeTrue(isRoot(), "buildah needs root here");
        serve(setup);
        Image image = image("for buildah");
        Digest pushed = push(image, name("ours"));
        String id = buildah(setup, "pull", "-q", name("ours").toString());
        assertEquals(image.id().hex(), id);
        assertTrue(
                buildah(setup, "images", "--digests", "--format", "{{.Digest}}").contains(pushed.toString()));
        Path digest = folder.resolve("digest");
        buildah(
                setup,
                "push",
                "-q",
                "--digestfile",
                digest.toString(),
                name("ours").toString(),
                "docker://" + name("theirs"));
        PullResult pulled = pull(name("theirs"));
        assertEquals(Files.readString(digest).strip(), pulled.digest().toString());
        assertEquals(image.id(), pulled.image().id());
    }

    private String buildah(Setup setup, String verb, String... words) throws Exception {
        var command = new ArrayList<String>(List.of(
                "buildah",
                "--root",
                folder.resolve("buildah").toString(),
                "--runroot",
                folder.resolve("buildah-run").toString(),
                "--storage-driver",
                "vfs",
                verb));
        if (!verb.equals("images")) {
            if (setup == Setup.TLS) {
                command.add("--cert-dir=" + folder.resolve(".docker/certs.d/" + server.host()));
            } else {
                command.add("--tls-verify=false");
            }
            if (setup.wantsLogin()) {
                command.add("--creds=" + USER + ":" + PASSWORD);
            }
        }
        command.addAll(List.of(words));
        return DebianRegistry.run(folder, command.toArray(String[]::new));
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    @ParameterizedTest
    @EnumSource
    void engine(Setup setup) throws Exception {
        assumeTrue(DebianRegistry.isThere("docker"), "the docker client is not installed");
        Path socket = Engine.socket();
        serve(setup);
        Image image = image("for the engine, " + setup);
        Digest pushed = push(image, name("ours"));
        if (setup.wantsLogin()) {
            docker(socket, "login", "-u", USER, "-p", PASSWORD, server.host());
        }
        docker(socket, "pull", "-q", name("ours").toString());
        assertEquals(
                image.id().toString(),
                docker(socket, "image", "inspect", "-f", "{{.Id}}", name("ours").toString()));
        assertEquals(
                "[" + name("ours").repository().withDigest(pushed) + "]",
                docker(
                        socket,
                        "image",
                        "inspect",
                        "-f",
                        "{{.RepoDigests}}",
                        name("ours").toString()));
        docker(socket, "tag", name("ours").toString(), name("theirs").toString());
        docker(socket, "push", "-q", name("theirs").toString());
        String digests = docker(
                socket,
                "image",
                "inspect",
                "-f",
                "{{.RepoDigests}}",
                name("theirs").toString());
        PullResult pulled = pull(name("theirs"));
        assertTrue(digests.contains(server.host() + "/theirs@" + pulled.digest()), digests);
        assertEquals(image.id(), pulled.image().id());
    }

    private String docker(Path socket, String... words) throws Exception {
        var command = new ArrayList<String>(
                List.of("docker", "--config", folder.resolve("docker").toString(), "-H", "unix://" + socket));
        command.addAll(List.of(words));
        String said = DebianRegistry.run(folder, command.toArray(String[]::new));
        return said.substring(said.lastIndexOf('\n') + 1);
    }

    @ParameterizedTest
    @EnumSource(names = "TLS")
    void authoritiesAndExceptions(Setup setup) throws Exception {
        serve(setup);
        push(image("trusted"), name("ours"));
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Map<String, String> stranger = Map.of("HOME", elsewhere.toString());
        try (Registry without = registry(stranger, RegistrySettings.DEFAULT)) {
            IOException refusal = assertThrows(IOException.class, () -> without.tags(name("ours"), new Cancellation()));
            assertTrue(
                    refusal.getMessage().contains("/etc/docker/certs.d/" + server.host() + "/ca.crt"),
                    refusal.getMessage());
        }
        var bundle = Map.of(
                "HOME",
                elsewhere.toString(),
                "SSL_CERT_FILE",
                keys.resolve("ca.crt").toString());
        var insecure = new RegistrySettings(Map.of(), Set.of(server.host()), RetryPolicy.DEFAULT);
        try (Registry byBundle = registry(bundle, RegistrySettings.DEFAULT);
                Registry byException = registry(stranger, insecure)) {
            assertEquals(List.of("1"), byBundle.tags(name("ours"), new Cancellation()));
            assertEquals(List.of("1"), byException.tags(name("ours"), new Cancellation()));
        }
    }

    @AfterAll
    static void endEngine() {
        Engine.end();
    }

    /** One Docker Engine for all tests, started when the first one needs it. */
    private static final class Engine {
        private static Process daemon;
        private static Path folder;

        static Path socket() throws Exception {
            assumeTrue(DebianRegistry.isThere("dockerd"), "dockerd is not installed");
            assumeTrue(isRoot(), "dockerd needs root");
            if (daemon == null) {
                folder = Files.createTempDirectory("engine");
                daemon = new ProcessBuilder(
                                "dockerd",
                                "--iptables=false",
                                "--bridge=none",
                                "--storage-driver=vfs",
                                "--data-root",
                                folder.resolve("data").toString(),
                                "--exec-root",
                                folder.resolve("exec").toString(),
                                "-p",
                                folder.resolve("pid").toString(),
                                "-H",
                                "unix://" + folder.resolve("socket"))
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile())
                        .start();
            }
            for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60); !answers(); ) {
                assumeTrue(System.nanoTime() < end && daemon.isAlive(), "dockerd does not start here");
                daemon.waitFor(200, TimeUnit.MILLISECONDS);
            }
            return folder.resolve("socket");
        }

        private static boolean answers() throws Exception {
            return Files.exists(folder.resolve("socket"))
                    && new ProcessBuilder("docker", "-H", "unix://" + folder.resolve("socket"), "version")
                                    .redirectErrorStream(true)
                                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                    .start()
                                    .waitFor()
                            == 0;
        }

        static void end() {
            if (daemon != null) {
                daemon.destroy();
                daemon.onExit().orTimeout(20, TimeUnit.SECONDS).join();
                daemon = null;
                try {
                    DebianRegistry.run(folder, "rm", "-rf", folder.toString());
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }
}
