package org.layerbook.engine.archive.read;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import org.layerbook.engine.archive.read.ArchivedImage.ArchivedLayer;
import org.layerbook.engine.archive.read.ArchivedImage.ArchivedManifest;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.layer.tar.ArchiveException;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.Manifest;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;

/**
 * Reads the images of an OCI image layout (OCI image specification, "Image Layout"). Of an index that offers several
 * platforms the one that suits has the names; the others are variants, where they are wanted.
 */
public final class OciReader {
    /** The name in full, as containerd and BuildKit write it. */
    private static final String FULL_NAME = "io.containerd.image.name";
    /** The specification's: a tag, or whatever a user gave it: skopeo writes names in it. */
    private static final String REF_NAME = "org.opencontainers.image.ref.name";

    private static final int MAX_DEPTH = 4;

    private final ArchiveFiles files;
    private final String prefix;
    private final LoadedPlatforms platforms;

    /** @param prefix of all names in the archive: empty, or a folder with a slash */
    public OciReader(ArchiveFiles files, String prefix, LoadedPlatforms platforms) {
        this.files = files;
        this.prefix = prefix;
        this.platforms = platforms;
    }

    public List<ArchivedImage> read() throws IOException {
        Index top = Index.parse(files.require(prefix + "index.json", "which every image layout has")
                .document());
        Map<SequencedSet<Reference>, List<Descriptor>> byNames = new LinkedHashMap<>();
        for (Descriptor entry : top.images()) {
            byNames.computeIfAbsent(names(entry), names -> new ArrayList<>()).add(entry);
        }
        Map<Digest, ArchivedImage> images = new LinkedHashMap<>();
        for (var group : byNames.entrySet()) {
            for (Descriptor entry : choose(group.getValue())) {
                for (ArchivedImage image : images(entry, group.getKey())) {
                    images.merge(image.manifest().orElseThrow().descriptor().digest(), image, ArchivedImage::with);
                }
            }
        }
        return List.copyOf(images.values());
    }

    /**
     * The image that a tag or digest means; without either the one that is tagged {@code latest}, or the only one.
     *
     * @param digest of a manifest or index; it need not be listed
     */
    public ArchivedImage read(Optional<String> tag, Optional<Digest> digest) throws IOException {
        if (digest.isPresent()) {
            return image(resolve(byDigest(digest.get()), 0), new LinkedHashSet<>());
        }
        List<Descriptor> entries = Index.parse(files.require(prefix + "index.json", "which every image layout has")
                        .document())
                .images();
        List<Descriptor> tagged = entries.stream()
                .filter(entry -> isTagged(entry, tag.orElse(Reference.DEFAULT_TAG)))
                .toList();
        if (tagged.isEmpty() && (tag.isPresent() || entries.size() != 1)) {
            throw new ArchiveException("the layout has no image tagged " + tag.orElse(Reference.DEFAULT_TAG));
        }
        return image(resolve(select(tagged.isEmpty() ? entries : tagged), 0), new LinkedHashSet<>());
    }

    private static boolean isTagged(Descriptor entry, String tag) {
        String name = entry.annotations().getOrDefault(REF_NAME, "");
        return name.equals(tag)
                || names(entry).stream()
                        .anyMatch(
                                reference -> reference.tag().filter(tag::equals).isPresent());
    }

    private Descriptor byDigest(Digest digest) throws IOException {
        ArchiveFiles.File file = files.require(path(digest), "which was requested");
        Json json = Json.parse(file.document(), file.name());
        String type = json.string("mediaType")
                .orElse(json.get("manifests").isPresent() ? MediaTypes.OCI_INDEX : MediaTypes.OCI_MANIFEST);
        return new Descriptor(type, digest, file.size());
    }

    /** The image that an entry offers; of an index the one that suits, and where wanted the other platforms'. */
    private List<ArchivedImage> images(Descriptor entry, SequencedSet<Reference> names) throws IOException {
        Descriptor chosen = resolve(entry, 0);
        ArchivedImage image = image(chosen, names);
        if (!MediaTypes.isIndex(entry.mediaType())) {
            return List.of(image);
        }
        var index = new ArchivedManifest(entry, file(entry));
        var indexes = names.stream().collect(Collectors.toMap(name -> name, _ -> index));
        var images = new ArrayList<ArchivedImage>();
        images.add(new ArchivedImage(image.config(), image.layers(), image.manifest(), names, indexes, false));
        for (Descriptor other : platforms.others() ? available(entries(entry)) : List.<Descriptor>of()) {
            if (MediaTypes.isManifest(other.mediaType()) && !other.digest().equals(chosen.digest())) {
                ArchivedImage its = image(other, new LinkedHashSet<>());
                images.add(new ArchivedImage(its.config(), its.layers(), its.manifest(), its.names(), Map.of(), true));
            }
        }
        return images;
    }

    private List<Descriptor> entries(Descriptor index) throws IOException {
        return Index.parse(content(index).toArray()).images();
    }

    /** The entries of an index that the archive has: docker leaves out what was not pulled. */
    private List<Descriptor> available(List<Descriptor> entries) throws IOException {
        var available = new ArrayList<Descriptor>();
        for (Descriptor entry : entries) {
            if (isAvailable(entry)) {
                available.add(entry);
            }
        }
        return available;
    }

    private boolean isAvailable(Descriptor entry) throws IOException {
        if (files.find(path(entry.digest())).isEmpty()) {
            return false;
        }
        if (!MediaTypes.isManifest(entry.mediaType())) {
            return true;
        }
        Manifest manifest = Manifest.parse(content(entry).toArray());
        boolean all = files.find(path(manifest.config().digest())).isPresent();
        for (Descriptor layer : manifest.layers()) {
            all &= files.find(path(layer.digest())).isPresent();
        }
        return all;
    }

    /** A tag alone names nothing, and neither does what docker would not take for a name. */
    private static SequencedSet<Reference> names(Descriptor entry) {
        var names = new LinkedHashSet<Reference>();
        Optional<String> full = Optional.ofNullable(entry.annotations().get(FULL_NAME));
        Optional<String> name =
                full.or(() -> Optional.ofNullable(entry.annotations().get(REF_NAME))
                        .filter(text -> text.contains(":") || text.contains("/")));
        if (name.isPresent()) {
            try {
                names.add(Reference.parse(name.get()).tagged());
            } catch (IllegalArgumentException e) {
                return names;
            }
        }
        return names;
    }

    /** Of entries that share their names, the one for this platform if they tell platforms apart; else all. */
    private List<Descriptor> choose(List<Descriptor> entries) throws IOException {
        var platforms = new HashSet<Platform>();
        boolean apart = entries.stream()
                .allMatch(entry ->
                        entry.platform().map(p -> platforms.add(p.normalized())).orElse(false));
        return apart && entries.size() > 1 ? List.of(select(entries)) : entries;
    }

    private Descriptor select(Collection<Descriptor> entries) throws IOException {
        var index = Index.of(List.copyOf(entries));
        if (index.images().size() == 1) {
            return index.images().getFirst();
        }
        return index.select(platforms.preferred())
                .or(() -> platforms.others() ? index.images().stream().findFirst() : Optional.empty())
                .orElseThrow(() -> new ArchiveException("the archive has no image for " + platforms.preferred()
                        + ", only for "
                        + index.images().stream()
                                .map(entry ->
                                        entry.platform().map(Platform::toString).orElse("?"))
                                .collect(Collectors.joining(", "))));
    }

    private Descriptor resolve(Descriptor entry, int depth) throws IOException {
        if (!MediaTypes.isIndex(entry.mediaType())) {
            return entry;
        }
        if (depth == MAX_DEPTH) {
            throw new ArchiveException("invalid archive: indexes are nested too deeply");
        }
        List<Descriptor> offered = entries(entry);
        List<Descriptor> available = available(offered);
        return resolve(select(available.isEmpty() ? offered : available), depth + 1);
    }

    private ArchivedImage image(Descriptor descriptor, SequencedSet<Reference> names) throws IOException {
        if (!MediaTypes.isManifest(descriptor.mediaType())) {
            throw new ArchiveException(
                    "the archive contains something of type " + descriptor.mediaType() + ", not an image");
        }
        Bytes content = content(descriptor);
        Manifest manifest = Manifest.parse(content.toArray());
        String configType = manifest.config().mediaType();
        if (!configType.equals(MediaTypes.OCI_CONFIG) && !configType.equals(MediaTypes.DOCKER_CONFIG)) {
            throw new ArchiveException(
                    "the archive contains an artifact with a config of type " + configType + ", not an image");
        }
        var layers = new ArrayList<ArchivedLayer>();
        for (Descriptor layer : manifest.layers()) {
            layers.add(new ArchivedLayer(file(layer), Optional.of(layer)));
        }
        return new ArchivedImage(
                content(manifest.config()),
                layers,
                Optional.of(new ArchivedManifest(
                        new Descriptor(descriptor.mediaType(), descriptor.digest(), content.length()),
                        file(descriptor))),
                names);
    }

    private Bytes content(Descriptor descriptor) throws IOException {
        ArchiveFiles.File file = file(descriptor);
        Bytes content = Bytes.of(file.document());
        if (descriptor.digest().algorithm().equals("sha256")
                && !content.digest().equals(descriptor.digest())) {
            throw SpooledFiles.wrongDigest(file.name(), content.digest());
        }
        return content;
    }

    private String path(Digest digest) {
        return prefix + "blobs/" + digest.algorithm() + "/" + digest.hex();
    }

    private ArchiveFiles.File file(Descriptor descriptor) throws IOException {
        Digest digest = descriptor.digest();
        ArchiveFiles.File file = files.require(path(digest), "which one of its images needs");
        if (file.size() != descriptor.size()) {
            throw new ArchiveException("invalid archive: " + file.name() + " has " + file.size() + " bytes, not "
                    + descriptor.size() + " as in its descriptor");
        }
        return file;
    }
}
