package org.layerbook.engine.archive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.layerbook.engine.golang.GoJson;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.store.ContentStore;

/**
 * Writes one tar that is both: a docker archive with its {@code manifest.json}, and an OCI image layout with its
 * {@code index.json}. The same images give the same bytes, and what several need is in it once. Listings come first, so
 * that a reader of a stream knows them.
 */
final class ImageSaver {
    private static final String LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}";

    private final ContentStore content;
    private final TarArchiveOutputStream tar;

    /** @param names that have a tag */
    private record Item(SavedDocument document, Set<Reference> names) {}

    private ImageSaver(ContentStore content, OutputStream out) {
        this.content = content;
        this.tar = new TarArchiveOutputStream(out, "UTF-8");
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    }

    /**
     * @param documents manifests and indexes, all that they name in the store, each with its names that have a tag
     * @param out not closed
     */
    static void write(Map<Descriptor, Set<Reference>> documents, ContentStore content, OutputStream out)
            throws IOException {
        var items = new ArrayList<Item>();
        for (var entry : documents.entrySet()) {
            items.add(new Item(SavedDocument.of(entry.getKey(), content), entry.getValue()));
        }
        new ImageSaver(content, out).write(items);
    }

    private void write(List<Item> items) throws IOException {
        document("oci-layout", LAYOUT.getBytes(StandardCharsets.US_ASCII));
        document("index.json", index(items));
        document("manifest.json", dockerManifest(items));
        folder("blobs/");
        Set<String> algorithms = new TreeSet<>();
        Set<Digest> blobs = new LinkedHashSet<>();
        items.forEach(item -> blobs.addAll(item.document().blobs()));
        blobs.forEach(blob -> algorithms.add(blob.algorithm()));
        for (String algorithm : algorithms) {
            folder("blobs/" + algorithm + "/");
        }
        for (Digest blob : blobs) {
            long size = content.size(blob)
                    .orElseThrow(() -> new ArchiveException("blob " + blob + " is missing in the store"));
            try (InputStream in = content.open(blob)) {
                file(path(blob), size, in);
            }
        }
        tar.finish();
        tar.flush();
    }

    private static String path(Digest blob) {
        return "blobs/" + blob.algorithm() + "/" + blob.hex();
    }

    /** An entry for each name, annotated as docker does. */
    private static byte[] index(List<Item> items) {
        var entries = new ArrayList<Descriptor>();
        for (Item item : items) {
            if (item.names().isEmpty()) {
                entries.add(entry(item.document(), Map.of()));
            }
            for (Reference name : item.names()) {
                Map<String, String> annotations = new LinkedHashMap<>();
                annotations.put("io.containerd.image.name", name.toString());
                annotations.put("org.opencontainers.image.ref.name", name.tag().orElseThrow());
                entries.add(entry(item.document(), annotations));
            }
        }
        return Index.of(entries).toJson();
    }

    private static Descriptor entry(SavedDocument document, Map<String, String> annotations) {
        Descriptor top = document.top();
        return new Descriptor(top.mediaType(), top.digest(), top.size(), annotations, document.platform());
    }

    /** Docker's listing knows one platform of each image. */
    private static byte[] dockerManifest(List<Item> items) {
        byte[] object = GoJson.object(json -> json.objects("", items, (entry, item) -> {
            entry.string("Config", path(item.document().image().config().digest()));
            if (item.names().isEmpty()) {
                entry.nullMember("RepoTags");
            } else {
                entry.strings(
                        "RepoTags",
                        item.names().stream().map(Reference::familiar).toList());
            }
            entry.strings(
                    "Layers",
                    item.document().image().layers().stream()
                            .map(layer -> path(layer.digest()))
                            .toList());
        }));
        String text = new String(object, StandardCharsets.UTF_8);
        return text.substring("{\"\":".length(), text.length() - 1).getBytes(StandardCharsets.UTF_8);
    }

    private void document(String name, byte[] bytes) throws IOException {
        file(name, bytes.length, new ByteArrayInputStream(bytes));
    }

    private void folder(String name) throws IOException {
        tar.putArchiveEntry(entry(name, 0755, 0));
        tar.closeArchiveEntry();
    }

    private void file(String name, long size, InputStream in) throws IOException {
        tar.putArchiveEntry(entry(name, 0644, size));
        Streams.copy(in, tar);
        tar.closeArchiveEntry();
    }

    private static TarArchiveEntry entry(String name, int mode, long size) {
        var entry = new TarArchiveEntry(name);
        entry.setMode(mode);
        entry.setSize(size);
        entry.setLastModifiedTime(FileTime.fromMillis(0));
        entry.setIds(0, 0);
        entry.setNames("", "");
        return entry;
    }
}
