package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.step.BuildException;

/** SOURCE_DATE_EPOCH that is no number. */
class EpochSourcesTest {
    private static final long NEWEST = 1_700_000_302;

    @TempDir
    Path folder;

    private TestBuild build;
    private HttpServer server;

    @BeforeEach
    void open() throws IOException {
        build = new TestBuild(folder);
        build.file("a", "one");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] tar = archive();
        server.createContext("/", exchange -> {
            if (exchange.getRequestURI().getPath().startsWith("/dated")) {
                exchange.getResponseHeaders().add("Last-Modified", "Tue, 14 Nov 2023 22:16:41 GMT");
            }
            boolean plain = exchange.getRequestURI().getPath().endsWith(".txt");
            byte[] body = plain ? "text".getBytes() : tar;
            exchange.sendResponseHeaders(200, body.length);
            try (var out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
    }

    private static byte[] archive() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            for (long age : new long[] {100, 0, 50}) {
                var entry = new TarArchiveEntry("f" + age);
                entry.setLastModifiedTime(FileTime.fromMillis((NEWEST - age) * 1000));
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
            var younger = new TarArchiveEntry("folder/");
            younger.setLastModifiedTime(FileTime.fromMillis((NEWEST + 9) * 1000));
            tar.putArchiveEntry(younger);
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    @AfterEach
    void close() throws IOException {
        server.stop(0);
        build.close();
    }

    private Builder.Result build(String word, String... lines) throws BuildException {
        build.settings = build.settings
                .change()
                .buildArgs(Map.of("SOURCE_DATE_EPOCH", word))
                .done();
        return build.build(lines);
    }

    @Test
    void theContextHasTheTimeThatItWasFetchedWith() throws Exception {
        build.settings = build.settings.change().contextTime(Optional.of(77L)).done();
        Builder.Result result =
                build("context", "FROM scratch", "ARG SOURCE_DATE_EPOCH", "RUN env SOURCE_DATE_EPOCH", "LABEL a=b");
        assertEquals(Optional.of(77L), result.epoch());
        assertEquals(
                "  | SOURCE_DATE_EPOCH=77",
                build.events.stream()
                        .filter(line -> line.startsWith("  |"))
                        .findFirst()
                        .orElseThrow());
        assertEquals(
                Optional.of("1970-01-01T00:01:17Z"),
                result.image().config().history().getLast().created());
    }

    @Test
    void aFolderHasNone() throws Exception {
        assertEquals(
                Optional.empty(), build("context", "FROM scratch", "COPY a /").epoch());
        build.settings = BuildSettings.DEFAULT.withContext(build.context);
        assertEquals(
                Optional.empty(),
                build.build("ARG SOURCE_DATE_EPOCH=context", "FROM scratch", "COPY a /")
                        .epoch());
    }

    @ParameterizedTest
    @CsvSource({"dated.tar, 1700000201", "undated.tar, 1700000302", "dated.txt, 1700000201", "undated.txt, "})
    void aStageHasTheTimeOfWhatItAdds(String file, Long expected) throws Exception {
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        Builder.Result result = build.build(
                "ARG SOURCE_DATE_EPOCH=source",
                "FROM scratch AS source",
                "ARG FILE=" + file,
                "ADD " + url + "/${FILE} /",
                "FROM scratch",
                "COPY a /");
        assertEquals(Optional.ofNullable(expected), result.epoch());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nowhere | FROM scratch AS s | invalid SOURCE_DATE_EPOCH: nowhere",
                "s | FROM base AS s | SOURCE_DATE_EPOCH stage must use FROM scratch",
                "s | FROM scratch AS s | SOURCE_DATE_EPOCH stage must contain exactly one remote ADD",
                "s | FROM scratch AS s;COPY a / | SOURCE_DATE_EPOCH stage does not meet source-only requirements: unsupported copy"
                        + " instruction",
                "s | FROM scratch AS s;ADD a / | SOURCE_DATE_EPOCH stage source must be a single HTTP(S) or Git ADD",
                "s | FROM scratch AS s;ADD http://127.0.0.1:1/a http://127.0.0.1:1/b / | SOURCE_DATE_EPOCH stage must contain"
                        + " exactly one remote ADD source",
            })
    void whatCannotGiveATimeIsAnError(String word, String stage, String sentence) {
        String[] lines = (stage + ";FROM scratch").split(";");
        var failure = assertThrows(BuildException.class, () -> build(word, lines));
        assertEquals(sentence, failure.diagnostic().message());
    }
}
