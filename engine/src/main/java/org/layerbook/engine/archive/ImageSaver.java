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
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.GoJson;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.store.ContentStore;
import org.layerbook.engine.store.Image;
import org.layerbook.engine.store.Layer;

/**
 * Writes one tar that is both: a docker archive with its {@code manifest.json}, and an OCI image layout with its
 * {@code index.json}. The same images give the same bytes. Listings come first, so that a reader of a stream knows them.
 */
final class ImageSaver {
    private static final String LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}";

    private final ContentStore content;
    private final TarArchiveOutputStream tar;

    private ImageSaver(ContentStore content, OutputStream out) {
        this.content = content;
        this.tar = new TarArchiveOutputStream(out, "UTF-8");
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    }

    /**
     * @param images packed, each with its names that have a tag
     * @param out not closed
     */
    static void write(Map<Image, Set<Reference>> images, ContentStore content, OutputStream out) throws IOException {
        new ImageSaver(content, out).write(images);
    }

    private void write(Map<Image, Set<Reference>> images) throws IOException {
        document("oci-layout", LAYOUT.getBytes(StandardCharsets.US_ASCII));
        document("index.json", index(images));
        document("manifest.json", dockerManifest(images));
        folder("blobs/");
        Set<String> algorithms = new TreeSet<>();
        Set<Digest> blobs = new LinkedHashSet<>();
        for (Image image : images.keySet()) {
            blobs.add(image.manifest().orElseThrow().digest());
            blobs.add(image.id());
            image.layers().forEach(layer -> blobs.add(blob(layer)));
        }
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

    private static Digest blob(Layer layer) {
        return layer.blob().orElseThrow().digest();
    }

    private static String path(Digest blob) {
        return "blobs/" + blob.algorithm() + "/" + blob.hex();
    }

    /** An entry for each name, annotated as docker does. */
    private static byte[] index(Map<Image, Set<Reference>> images) {
        var entries = new ArrayList<Descriptor>();
        images.forEach((image, names) -> {
            Descriptor manifest = image.manifest().orElseThrow();
            if (names.isEmpty()) {
                entries.add(entry(image, manifest, Map.of()));
            }
            for (Reference name : names) {
                Map<String, String> annotations = new LinkedHashMap<>();
                annotations.put("io.containerd.image.name", name.toString());
                annotations.put("org.opencontainers.image.ref.name", name.tag().orElseThrow());
                entries.add(entry(image, manifest, annotations));
            }
        });
        return Index.of(entries).toJson();
    }

    private static Descriptor entry(Image image, Descriptor manifest, Map<String, String> annotations) {
        return new Descriptor(
                manifest.mediaType(),
                manifest.digest(),
                manifest.size(),
                annotations,
                java.util.Optional.of(image.config().platform()));
    }

    private static byte[] dockerManifest(Map<Image, Set<Reference>> images) {
        byte[] object = GoJson.object(json -> json.objects("", List.copyOf(images.entrySet()), (entry, image) -> {
            entry.string("Config", path(image.getKey().id()));
            if (image.getValue().isEmpty()) {
                entry.nullMember("RepoTags");
            } else {
                entry.strings(
                        "RepoTags",
                        image.getValue().stream().map(Reference::familiar).toList());
            }
            entry.strings(
                    "Layers",
                    image.getKey().layers().stream()
                            .map(layer -> path(blob(layer)))
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
