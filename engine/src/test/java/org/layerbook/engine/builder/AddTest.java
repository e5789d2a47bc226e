package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.linux.Xattrs;
import org.layerbook.engine.snapshot.Snapshots;

/** ADD of archives and URLs. */
class AddTest {
    @TempDir
    Path folder;

    private TestBuild build;

    @BeforeEach
    void open() throws IOException {
        build = new TestBuild(folder);
    }

    @AfterEach
    void close() throws IOException {
        build.close();
    }

    private interface Members {
        void write(TarArchiveOutputStream tar) throws IOException;
    }

    private void archive(String name, String compression, Members members) throws IOException, CompressorException {
        Path file = build.context.resolve(name);
        try (OutputStream plain = Files.newOutputStream(file);
                OutputStream out = compression.isEmpty()
                        ? plain
                        : new CompressorStreamFactory().createCompressorOutputStream(compression, plain);
                var tar = new TarArchiveOutputStream(out)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            members.write(tar);
        }
    }

    private static void file(TarArchiveOutputStream tar, String name, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        var entry = new TarArchiveEntry(name, true);
        entry.setSize(bytes.length);
        entry.setMode(0640);
        entry.setIds(3, 4);
        entry.setModTime(1_000_000_000_000L);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static void special(TarArchiveOutputStream tar, String name, byte type, String link) throws IOException {
        var entry = new TarArchiveEntry(name, type, true);
        entry.setLinkName(link);
        entry.setMode(type == TarConstants.LF_DIR ? 0750 : 0777);
        entry.setModTime(1_000_000_000_000L);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    @ParameterizedTest
    @CsvSource({"'',a.tar", "gz,a.tar.gz", "bzip2,odd-name", "xz,a.txz", "zstd,a"})
    void archivesAreUnpackedWhateverTheirName(String compression, String name) throws Exception {
        archive(name, compression, tar -> {
            special(tar, "d/", TarConstants.LF_DIR, "");
            file(tar, "d/f", "text");
            special(tar, "l", TarConstants.LF_SYMLINK, "d/f");
            special(tar, "h", TarConstants.LF_LINK, "d/f");
            file(tar, "deep/er/g", "x");
        });
        var image = build.build("FROM scratch", "ADD " + name + " /t").image();
        assertEquals(
                List.of(
                        "0755 0:0 /t/",
                        "0750 0:0 /t/d/",
                        "0777 0:0 /t/d/f text", // as the hard link's entry says
                        "0755 0:0 /t/deep/",
                        "0755 0:0 /t/deep/er/",
                        "0640 3:4 /t/deep/er/g x",
                        "0777 0:0 /t/h text",
                        "0:0 /t/l -> d/f"),
                build.tree(image));
        try (var view = build.snapshots.view(image.chainId())) {
            assertEquals(
                    1_000_000_000_000L,
                    Files.getLastModifiedTime(view.root().resolve("t/d/f")).toMillis());
        }
    }

    @Test
    void copyAndUnpackFalseLeaveAnArchiveWhole() throws Exception {
        archive("a.tar", "", tar -> file(tar, "f", "x"));
        var image = build.build("FROM scratch", "COPY a.tar /c", "ADD --unpack=false a.tar /d")
                .image();
        try (var view = build.snapshots.view(image.chainId())) {
            assertTrue(Files.size(view.root().resolve("c")) > 512);
            assertTrue(Files.size(view.root().resolve("d")) > 512);
        }
    }

    @Test
    void whatOnlyLooksCompressedIsCopied() throws Exception {
        build.file("a.tar.gz", "no archive").file("empty.tar", "");
        assertEquals(
                List.of("0755 0:0 /d/", "0644 0:0 /d/a.tar.gz no archive", "0644 0:0 /d/empty.tar"),
                build.tree(build.build("FROM scratch", "ADD a.tar.gz empty.tar /d/")
                        .image()));
    }

    @Test
    void chownIsForAllOfAnArchive() throws Exception {
        archive("a.tar", "", tar -> file(tar, "f", "x"));
        assertEquals(
                List.of("0755 7:8 /t/", "0640 7:8 /t/f x"),
                build.tree(
                        build.build("FROM scratch", "ADD --chown=7:8 a.tar /t").image()));
    }

    @Test
    void attributesOfAnArchiveAreKept() throws Exception {
        archive("a.tar", "", tar -> {
            var entry = new TarArchiveEntry("f", true);
            entry.addPaxHeader("SCHILY.xattr.user.colour", "blue");
            entry.addPaxHeader("SCHILY.xattr.user.overlay.opaque", "y");
            tar.putArchiveEntry(entry);
            tar.closeArchiveEntry();
        });
        // Java's writer has attributes as text only: the byte that is no UTF-8 is put in afterwards.
        Path archive = build.context.resolve("a.tar");
        byte[] bytes = Files.readAllBytes(archive);
        String raw = new String(bytes, StandardCharsets.ISO_8859_1);
        bytes[raw.indexOf("user.colour=blue") + "user.colour=".length()] = (byte) 0xff;
        Files.write(archive, bytes);
        Image image = build.build("FROM scratch", "ADD a.tar /").image();
        try (Snapshots.View view = build.snapshots.view(image.chainId())) {
            Path file = view.root().resolve("f");
            assertEquals(
                    "\u00fflue",
                    new String(Xattrs.get(file, "user.colour").orElseThrow(), StandardCharsets.ISO_8859_1));
            assertTrue(Xattrs.get(file, "user.overlay.opaque").isEmpty());
        }
    }

    @Test
    void anArchiveReplacesWhatIsInItsWay() throws Exception {
        archive("a.tar", "", tar -> {
            file(tar, "folder", "now a file");
            special(tar, "file/", TarConstants.LF_DIR, "");
            file(tar, "kept/new", "x");
        });
        var image = build.build(
                        "FROM scratch",
                        "RUN mkdir /folder/x && write /file y && mkdir /kept && write /kept/old z",
                        "ADD a.tar /")
                .image();
        assertEquals(
                List.of(
                        "0750 0:0 /file/",
                        "0640 3:4 /folder now a file",
                        "0755 0:0 /kept/",
                        "0640 3:4 /kept/new x",
                        "0644 0:0 /kept/old z"),
                build.tree(image));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../out", "a/../../out", "/../out"})
    void namesThatLeadOutAreRefused(String name) throws Exception {
        archive("a.tar", "", tar -> file(tar, name, "x"));
        var e = assertThrows(BuildException.class, () -> build.build("FROM scratch", "ADD a.tar /t"));
        assertEquals(BuildException.Kind.INVALID, e.kind());
        assertEquals("archive path \"" + name + "\" is outside extraction root", e.getMessage());
    }

    @Test
    void linksInAnArchiveDoNotLeadOut() throws Exception {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        archive("a.tar", "", tar -> {
            special(tar, "abs", TarConstants.LF_SYMLINK, outside.toString());
            special(tar, "up", TarConstants.LF_SYMLINK, "../../../../../../../../" + outside);
            file(tar, "abs/one", "x");
            file(tar, "up/two", "y");
        });
        build.build("FROM scratch", "ADD a.tar /t");
        try (var files = Files.list(outside)) {
            assertEquals(List.of(), files.toList());
        }
    }

    private record Answer(int status, String body, Map<String, String> headers) {}

    private interface WithServer {
        void run(String url, List<String> requests) throws Exception;
    }

    /** A server on loopback for as long as {@code test} runs. */
    private static void serving(Map<String, Answer> answers, WithServer test) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        List<String> requests = new ArrayList<>();
        server.createContext("/", exchange -> answer(exchange, answers, requests));
        server.start();
        try {
            test.run("http://127.0.0.1:" + server.getAddress().getPort(), requests);
        } finally {
            server.stop(0);
        }
    }

    private static void answer(HttpExchange exchange, Map<String, Answer> answers, List<String> requests)
            throws IOException {
        String tag = exchange.getRequestHeaders().getFirst("If-None-Match");
        Answer answer = answers.getOrDefault(exchange.getRequestURI().getPath(), new Answer(404, "not here", Map.of()));
        boolean same = tag != null && tag.equals(answer.headers().get("ETag"));
        requests.add(exchange.getRequestURI().getPath() + " " + (same ? 304 : answer.status()));
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(same ? 304 : answer.status(), same || body.length == 0 ? -1 : body.length);
        if (!same) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Test
    void aUrlHasItsNameTimeAndMode() throws Exception {
        var headers = Map.of("Last-Modified", "Sun, 09 Sep 2001 01:46:40 GMT", "ETag", "\"1\"");
        serving(
                Map.of(
                        "/a/file.txt", new Answer(200, "hello", headers),
                        "/moved", new Answer(302, "", Map.of("Location", "/a/file.txt"))),
                (url, requests) -> {
                    String[] file = {
                        "FROM scratch", "ADD " + url + "/a/file.txt?x=y /d/", "ADD --chmod=644 " + url + "/moved /m"
                    };
                    var image = build.build(file).image();
                    assertEquals(
                            List.of("0755 0:0 /d/", "0600 0:0 /d/file.txt hello", "0644 0:0 /m hello"),
                            build.tree(image));
                    try (var view = build.snapshots.view(image.chainId())) {
                        assertEquals(
                                1_000_000_000_000L,
                                Files.getLastModifiedTime(view.root().resolve("d/file.txt"))
                                        .toMillis());
                    }
                    requests.clear();
                    assertEquals("FROM* ADD* ADD*", TestBuild.cached(build.build(file)));
                    assertEquals("/a/file.txt 304", requests.getFirst());
                });
    }

    @Test
    void aUrlThatChangesMisses() throws Exception {
        var answers = new HashMap<>(Map.of("/f", new Answer(200, "one", Map.of())));
        serving(answers, (url, requests) -> {
            String[] file = {"FROM scratch", "ADD " + url + "/f /f"};
            build.build(file);
            answers.put("/f", new Answer(200, "two", Map.of()));
            var result = build.build(file);
            assertEquals("FROM* ADD", TestBuild.cached(result));
            assertEquals(List.of("0600 0:0 /f two"), build.tree(result.image()));
        });
    }

    @Test
    void aChecksumIsCheckedAndSavesTheQuestion() throws Exception {
        String sum = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        serving(Map.of("/f", new Answer(200, "hello", Map.of())), (url, requests) -> {
            build.build("FROM scratch", "ADD --checksum=" + sum + " " + url + "/f /f");
            build.build("FROM scratch", "ADD --checksum=" + sum + " " + url + "/f /g");
            assertEquals(List.of("/f 200"), requests);
            String other = sum.replace("2cf2", "3cf3");
            var e = assertThrows(
                    BuildException.class,
                    () -> build.build("FROM scratch", "ADD --checksum=" + other + " " + url + "/f /f"));
            assertEquals("digest mismatch for " + url + "/f: " + sum + " (expected: " + other + ")", e.getMessage());
        });
    }

    @Test
    void aUrlThatIsNotThere() throws Exception {
        serving(Map.of(), (url, requests) -> {
            var e = assertThrows(BuildException.class, () -> build.build("FROM scratch", "ADD " + url + "/x /"));
            assertEquals("failed to load " + url + "/x: invalid response status 404", e.getMessage());
            assertEquals(BuildException.Kind.INVALID, e.kind());
        });
    }
}
