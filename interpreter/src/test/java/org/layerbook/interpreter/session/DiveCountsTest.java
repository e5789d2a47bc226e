package org.layerbook.interpreter.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.oci.Digest;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.Interpreter.CellRequest;
import org.layerbook.interpreter.testing.SessionScript;

/**
 * Efficiency and waste as dive counts them, from an archive to what {@code %layers} shows. The image has the layers, paths
 * and sizes of dive's {@code test-docker-image.tar} as its test snapshots list them; for that one dive gives an efficiency
 * of 0.9844212134184309, 1,220,598 bytes in all and 32,025 wasted in three paths.
 */
class DiveCountsTest {
    private static final int README = 6405;

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream archive = new ByteArrayOutputStream();
    private final List<String> diffIds = new ArrayList<>();

    @Test
    void theThreeFiguresOfItsTestImage() throws IOException {
        Path file = folder.resolve("dive.tar");
        try (var tar = new TarArchiveOutputStream(archive)) {
            layers(tar);
            config(tar);
        }
        Files.write(file, archive.toByteArray());
        var options = new SessionInterpreter.Options(folder, Optional.empty());
        var engine = new TestEngine(folder.resolve("store"), new ScriptedSandbox());
        var output = new SessionScript.Transcript();
        try (var session = SessionInterpreter.open(options, engine)) {
            var cell = new CellRequest("docker load -i dive.tar\n%layers dive:1", Optional.empty(), Optional.empty());
            assertEquals(new CellResult.Ok(), session.run(cell, output), output::text);
        }
        String shown = output.text();
        assertTrue(shown.contains("in 14 layers · 1,220,598 bytes · efficiency 98.442 % · 32,025 bytes wasted"), shown);
        String worst = shown.substring(shown.indexOf("wasted", shown.indexOf("bytes wasted") + 8));
        String columns = worst.replaceAll("[█▏▎▍▌▋▊▉]+", "").replaceAll(" +", " ");
        assertTrue(columns.contains("12.8 kB 2 /root/example/somefile1.txt"), worst);
        assertTrue(columns.contains("12.8 kB 2 /root/saved.txt"), worst);
        assertTrue(columns.contains("6.41 kB 2 /root/example/somefile3.txt"), worst);
    }

    private void layers(TarArchiveOutputStream tar) throws IOException {
        layer(
                tar,
                "bin/[ 1075464",
                "bin/[[ =bin/[",
                "bin/busybox =bin/[",
                "bin/getconf 77880",
                "etc/group 307",
                "etc/localtime 127",
                "etc/passwd 340",
                "etc/shadow 243",
                "root/ 0",
                "tmp/ 0"); // the busybox of the day
        layer(tar, "somefile.txt " + README);
        layer(tar, "root/ 0", "root/example/ 0", "root/example/really/ 0", "root/example/really/nested/ 0");
        layer(tar, "root/ 0", "root/example/ 0", "root/example/somefile1.txt " + README);
        layer(tar, "root/ 0", "root/example/ 0", "root/example/somefile1.txt " + README);
        layer(tar, "root/ 0", "root/example/ 0", "root/example/somefile2.txt " + README);
        layer(tar, "root/ 0", "root/example/ 0", "root/example/somefile3.txt " + README);
        layer(tar, "root/ 0", "root/example/ 0", "root/example/.wh.somefile3.txt 0", "root/saved.txt " + README);
        layer(tar, "root/ 0", "root/.saved.txt " + README);
        layer(tar, "root/ 0", "root/.wh.example 0");
        layer(tar, "root/ 0", "root/.data/ 0", "root/.data/tag.sh 917", "root/.data/test.sh 1270");
        layer(tar, "tmp/ 0", "tmp/saved.again1.txt " + README);
        layer(tar, "root/ 0", "root/.data/ 0", "root/.data/saved.again2.txt " + README);
        layer(tar, "root/ 0", "root/saved.txt " + README);
    }

    /** @param entries {@code PATH SIZE}, or {@code PATH =TARGET} for another name of a file; folders end in a slash */
    private void layer(TarArchiveOutputStream image, String... entries) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            for (String line : entries) {
                String[] words = line.split(" ");
                if (words[1].startsWith("=")) {
                    var link = new TarArchiveEntry(words[0], TarConstants.LF_LINK);
                    link.setLinkName(words[1].substring(1));
                    tar.putArchiveEntry(link);
                } else {
                    var entry = new TarArchiveEntry(words[0]);
                    entry.setSize(Long.parseLong(words[1]));
                    // So that no two layers are the same.
                    entry.setModTime(1000L * diffIds.size());
                    tar.putArchiveEntry(entry);
                    tar.write(new byte[Integer.parseInt(words[1])]);
                }
                tar.closeArchiveEntry();
            }
        }
        put(image, diffIds.size() + "/layer.tar", bytes.toByteArray());
        diffIds.add(Digest.sha256(bytes.toByteArray()).toString());
    }

    private void config(TarArchiveOutputStream image) throws IOException {
        String ids = diffIds.stream().map(id -> '"' + id + '"').collect(Collectors.joining(","));
        String config = "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\","
                + "\"diff_ids\":[" + ids + "]}}";
        put(image, "config.json", config.getBytes(StandardCharsets.UTF_8));
        var names = new ArrayList<String>();
        for (int i = 0; i < diffIds.size(); i++) {
            names.add("\"" + i + "/layer.tar\"");
        }
        String manifest =
                "[{\"Config\":\"config.json\",\"RepoTags\":[\"dive:1\"],\"Layers\":[" + String.join(",", names) + "]}]";
        put(image, "manifest.json", manifest.getBytes(StandardCharsets.UTF_8));
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        ((OutputStream) tar).write(content);
        tar.closeArchiveEntry();
    }
}
