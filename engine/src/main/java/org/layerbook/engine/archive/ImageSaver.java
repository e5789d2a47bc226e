package org.layerbook.engine.archive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.layerbook.engine.golang.GoJson;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.layer.tar.ArchiveException;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.Reference;

/**
 * Writes one tar that is both: a docker archive with its {@code manifest.json}, and an OCI image layout with its
 * {@code index.json}. The same images give the same bytes, and what several need is in it once. Listings come first, so
 * that a reader of a stream knows them.
 */
final class ImageSaver {
    private static final String IMAGE_NAME = "io.containerd.image.name";
    private static final String REF_NAME = "org.opencontainers.image.ref.name";
    private static final String LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}";

    private final ContentStore content;
    private final ArchiveTarget target;

    /** @param names that have a tag */
    private record Item(SavedDocument document, Set<Reference> names) {}

    private ImageSaver(ContentStore content, ArchiveTarget target) {
        this.content = content;
        this.target = target;
    }

    /**
     * @param documents manifests and indexes, all that they name in the store, each with its names that have a tag
     * @param out not closed
     */
    static void write(Map<Descriptor, Set<Reference>> documents, ContentStore content, OutputStream out)
            throws IOException {
        var saver = new ImageSaver(content, new TarTarget(out));
        List<Item> items = items(documents, content);
        saver.listings(items, Map.of());
        saver.document("manifest.json", dockerManifest(items));
        saver.blobs(items);
    }

    /** As above, into a folder that is an OCI image layout or becomes one. An image without a name is its {@code latest}. */
    static void writeLayout(Map<Descriptor, Set<Reference>> documents, ContentStore content, Path folder)
            throws IOException {
        Files.createDirectories(folder);
        var saver = new ImageSaver(content, new LayoutTarget(folder));
        List<Item> items = items(documents, content);
        saver.blobs(items);
        saver.listings(items, Map.of(REF_NAME, "latest"));
    }

    private static List<Item> items(Map<Descriptor, Set<Reference>> documents, ContentStore content)
            throws IOException {
        var items = new ArrayList<Item>();
        for (var entry : documents.entrySet()) {
            items.add(new Item(SavedDocument.of(entry.getKey(), content), entry.getValue()));
        }
        return items;
    }

    private void listings(List<Item> items, Map<String, String> nameless) throws IOException {
        document("oci-layout", LAYOUT.getBytes(StandardCharsets.US_ASCII));
        document("index.json", index(items, nameless, target.entries()));
    }

    private void blobs(List<Item> items) throws IOException {
        target.folder("blobs/");
        Set<String> algorithms = new TreeSet<>();
        Set<Digest> blobs = new LinkedHashSet<>();
        items.forEach(item -> blobs.addAll(item.document().blobs()));
        blobs.forEach(blob -> algorithms.add(blob.algorithm()));
        for (String algorithm : algorithms) {
            target.folder("blobs/" + algorithm + "/");
        }
        for (Digest blob : blobs) {
            long size = content.size(blob)
                    .orElseThrow(() -> new ArchiveException("blob " + blob + " is missing from the store"));
            try (InputStream in = content.open(blob)) {
                target.file(path(blob), size, in);
            }
        }
        target.finish();
    }

    private static String path(Digest blob) {
        return "blobs/" + blob.algorithm() + "/" + blob.hex();
    }

    /**
     * An entry for each name, annotated as docker does.
     *
     * @param nameless annotations of an image without a name
     * @param others that stay, but for those of the same names
     */
    private static byte[] index(List<Item> items, Map<String, String> nameless, List<Descriptor> others) {
        var entries = new ArrayList<>(others);
        for (Item item : items) {
            var named = new ArrayList<Map<String, String>>();
            item.names().forEach(name -> named.add(annotations(name)));
            for (Map<String, String> annotations : named.isEmpty() ? List.of(nameless) : named) {
                entries.removeIf(other -> isOfName(other, annotations));
                entries.add(entry(item.document(), annotations));
            }
        }
        return Index.of(entries).toJson();
    }

    private static Map<String, String> annotations(Reference name) {
        Map<String, String> annotations = new LinkedHashMap<>();
        annotations.put(IMAGE_NAME, name.toString());
        annotations.put(REF_NAME, name.tag().orElseThrow());
        return annotations;
    }

    private static boolean isOfName(Descriptor entry, Map<String, String> annotations) {
        return annotations.containsKey(REF_NAME)
                && Stream.of(IMAGE_NAME, REF_NAME)
                        .allMatch(key -> Objects.equals(entry.annotations().get(key), annotations.get(key)));
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
        target.file(name, bytes.length, new ByteArrayInputStream(bytes));
    }
}
