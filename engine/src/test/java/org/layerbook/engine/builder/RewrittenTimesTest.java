package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Manifest;

/** {@code rewrite-timestamp=true}: no file of the build's own layers is younger than SOURCE_DATE_EPOCH. */
class RewrittenTimesTest {
    private static final long EPOCH = 1_000_000_000;

    @TempDir
    Path folder;

    private TestBuild build;

    @BeforeEach
    void open() throws Exception {
        build = new TestBuild(folder);
        build.file("old", "old").file("young", "young").file("d/x", "x");
        LinuxFiles.setTimes(build.context.resolve("old"), EPOCH - 5, 0);
        // Longer than a tar's fields: the member has PAX records, one of them a time.
        build.file("n".repeat(200), "long");
        LinuxFiles.setTimes(build.context.resolve("n".repeat(200)), 1L << 33, 0);
        build.images.put("base", build.build("FROM scratch", "COPY d /d").image());
    }

    @AfterEach
    void close() throws IOException {
        build.close();
    }

    private Map<String, Long> times(Layer layer) throws IOException {
        var tar = new ByteArrayOutputStream();
        build.snapshots.writeTar(layer.chainId(), tar);
        assertEquals(layer.diffId(), Digest.sha256(tar.toByteArray()));
        var times = new TreeMap<String, Long>();
        try (var in = new TarArchiveInputStream(new ByteArrayInputStream(tar.toByteArray()))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                times.put(entry.getName(), entry.getLastModifiedTime().toMillis() / 1000);
            }
        }
        return times;
    }

    @Test
    void onlyWhatIsYoungerInTheBuildsOwnLayersChanges() throws Exception {
        // Without SOURCE_DATE_EPOCH while it is built: COPY would give the files that time itself.
        Builder.Result plain = build.build(
                "FROM base AS first", "COPY old young n* /", "FROM first", "RUN write /run 1 && rm /d/x", "LABEL a=b");
        assertEquals(1, plain.layersOfBase());
        var result = new Builder.Result(
                plain.image(),
                plain.state(),
                plain.targetName(),
                plain.cache(),
                plain.layersOfBase(),
                Optional.of(EPOCH));
        Image image = result.image();
        Image rewritten = build.builder.rewritten(result);
        assertEquals(build.tree(image), build.tree(rewritten));
        assertEquals(
                image.layers().getFirst().diffId(),
                rewritten.layers().getFirst().diffId());
        assertNotEquals(
                image.layers().get(1).diffId(), rewritten.layers().get(1).diffId());
        assertEquals(
                Map.of("old", EPOCH - 5, "young", EPOCH, "n".repeat(200), EPOCH),
                times(rewritten.layers().get(1)));
        Map<String, Long> ofRun = times(rewritten.layers().get(2));
        assertEquals(EPOCH, ofRun.get("run"));
        assertEquals(
                EPOCH, ofRun.values().stream().mapToLong(time -> time).max().orElseThrow());
        assertEquals(image.config().history(), rewritten.config().history());
        var annotations = Manifest.parse(build.store
                        .content()
                        .read(rewritten.manifest().orElseThrow().digest())
                        .toArray())
                .layers()
                .stream()
                .map(layer -> layer.annotations())
                .toList();
        var said = Map.of("buildkit/rewritten-timestamp", Long.toString(EPOCH));
        assertEquals(List.of(Map.of(), said, said), annotations);
        assertEquals(rewritten.id(), build.builder.rewritten(result).id());
    }
}
