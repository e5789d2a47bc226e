package org.layerbook.interpreter.crosscheck;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.layerbook.engine.oci.Digest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code docker save} wrote of one image.
 *
 * @param layers what is in each, by path
 */
record SavedImage(JsonNode config, List<SortedMap<String, SortedMap<String, String>>> layers) {
    /** The fact that only hard links have. */
    static final String OTHER_NAME = "other name";

    private static final JsonMapper JSON = new JsonMapper();
    /** Times before 2020 are those of files of the context; later ones are the time of the build. */
    private static final long BUILT = 1_577_836_800_000L;

    static SavedImage read(Path file) throws IOException {
        Map<String, byte[]> members = new HashMap<>();
        Map<String, String> links = new HashMap<>();
        try (var tar = new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isSymbolicLink()) {
                    Path target = Path.of(entry.getName()).resolveSibling(entry.getLinkName());
                    links.put(entry.getName(), target.normalize().toString());
                } else {
                    members.put(entry.getName(), tar.readAllBytes());
                }
            }
        }
        links.forEach((name, target) -> members.put(name, members.get(target)));
        JsonNode manifest = JSON.readTree(members.get("manifest.json")).get(0);
        var layers = new ArrayList<SortedMap<String, SortedMap<String, String>>>();
        for (JsonNode layer : manifest.get("Layers")) {
            layers.add(layer(members.get(layer.asString())));
        }
        return new SavedImage(JSON.readTree(members.get(manifest.get("Config").asString())), layers);
    }

    private static SortedMap<String, SortedMap<String, String>> layer(byte[] blob) throws IOException {
        InputStream bytes = new ByteArrayInputStream(blob);
        boolean packed = blob.length > 1 && blob[0] == 0x1f && blob[1] == (byte) 0x8b;
        var entries = new TreeMap<String, SortedMap<String, String>>();
        try (var tar = new TarArchiveInputStream(packed ? new GZIPInputStream(bytes) : bytes, "UTF-8")) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                SortedMap<String, String> facts = facts(entry, tar);
                if (entry.isLink()) {
                    facts.putAll(entries.getOrDefault(path(entry.getLinkName()), new TreeMap<>()));
                    facts.put(OTHER_NAME, path(entry.getLinkName()));
                }
                entries.put(path(entry.getName()), facts);
            }
        }
        return entries;
    }

    private static String path(String name) {
        return "/" + name.replaceFirst("^\\.?/", "").replaceFirst("/$", "");
    }

    private static SortedMap<String, String> facts(TarArchiveEntry entry, InputStream content) throws IOException {
        var facts = new TreeMap<String, String>();
        if (Path.of(entry.getName()).getFileName().toString().startsWith(".wh.")) {
            // Its owner and mode mean nothing.
            facts.put("type", "whiteout");
            return facts;
        }
        String type = entry.isDirectory()
                ? "folder"
                : entry.isSymbolicLink()
                        ? "link"
                        : entry.isLink() ? "hard link" : entry.isFIFO() ? "fifo" : entry.isFile() ? "file" : "other";
        facts.put("type", type);
        facts.put("owner", entry.getLongUserId() + ":" + entry.getLongGroupId());
        if (!entry.isSymbolicLink()) {
            facts.put("mode", String.format("%04o", entry.getMode() & 07777));
        }
        if (entry.isSymbolicLink()) {
            facts.put("target", entry.getLinkName());
        }
        if (type.equals("file")) {
            byte[] bytes = content.readAllBytes();
            facts.put(
                    "content",
                    bytes.length < 100
                            ? new String(bytes, "UTF-8")
                            : Digest.sha256(bytes).hex());
        }
        // A folder's time is its source's today, and was the build's in 2020.
        long time = entry.getLastModifiedTime().toMillis();
        if (!entry.isDirectory()) {
            facts.put("time", time < BUILT ? "" + time / 1000 : "the build's");
        }
        entry.getExtraPaxHeaders().forEach((key, value) -> {
            if (key.startsWith("SCHILY.xattr.")) {
                facts.put(key, value);
            }
        });
        return facts;
    }
}
