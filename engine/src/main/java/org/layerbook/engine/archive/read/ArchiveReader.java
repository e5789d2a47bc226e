package org.layerbook.engine.archive.read;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.layerbook.engine.archive.read.ArchivedImage.ArchivedManifest;
import org.layerbook.engine.layer.UnpackLimits;
import org.layerbook.engine.layer.tar.ArchiveException;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Reference;

/** Finds out what kind of archive it is, and what images it offers. */
public final class ArchiveReader {
    private static final String OCI = "index.json";
    private static final String DOCKER = "manifest.json";
    private static final String LEGACY = "repositories";

    private ArchiveReader() {}

    /** @throws ArchiveException when it is no archive of images, or has none */
    public static List<ArchivedImage> read(ArchiveFiles files, LoadedPlatforms platforms, UnpackLimits limits)
            throws IOException {
        String prefix = prefix(files);
        boolean oci = files.find(prefix + OCI).isPresent();
        boolean docker = files.find(prefix + DOCKER).isPresent();
        List<ArchivedImage> images;
        if (docker) {
            images = new DockerReader(files, prefix).read();
            if (oci) {
                images = merge(images, new OciReader(files, prefix, platforms).read());
            }
        } else if (oci) {
            images = new OciReader(files, prefix, platforms).read();
        } else {
            images = new LegacyReader(files, prefix, limits).read();
        }
        if (images.isEmpty()) {
            throw new ArchiveException("the archive has no images");
        }
        return images;
    }

    /** Where someone packed the folder and not what is in it, that folder with a slash; else empty. */
    private static String prefix(ArchiveFiles files) throws IOException {
        var folders = new TreeSet<String>();
        for (String name : files.names()) {
            for (String mark : List.of(OCI, DOCKER, LEGACY)) {
                if (name.equals(mark)) {
                    return "";
                }
                if (name.endsWith("/" + mark) && name.indexOf('/') == name.lastIndexOf('/')) {
                    folders.add(name.substring(0, name.indexOf('/') + 1));
                }
            }
        }
        if (folders.size() != 1) {
            throw new ArchiveException("not an image archive: it has neither a manifest.json nor an index.json "
                    + "(use docker import for the tar of a root file system)");
        }
        return folders.first();
    }

    /**
     * Docker's listing says the names, OCI's has the manifests. A name whose platform OCI's listing let choose, and docker's
     * could not, is the one that was chosen.
     */
    private static List<ArchivedImage> merge(List<ArchivedImage> docker, List<ArchivedImage> oci) {
        Map<Digest, ArchivedImage> manifests = new LinkedHashMap<>();
        oci.forEach(image -> manifests.putIfAbsent(image.config().digest(), image));
        var merged = new ArrayList<ArchivedImage>();
        for (ArchivedImage image : docker) {
            Digest config = image.config().digest();
            var names = new LinkedHashSet<>(image.names());
            var indexes = new HashMap<Reference, ArchivedManifest>();
            oci.forEach(other -> indexes.putAll(other.indexes()));
            indexes.keySet().retainAll(names);
            oci.stream()
                    .filter(other -> !other.config().digest().equals(config))
                    .forEach(other -> names.removeAll(other.names()));
            if (names.isEmpty() && !image.names().isEmpty()) {
                continue;
            }
            ArchivedImage same = manifests.getOrDefault(config, image);
            merged.add(new ArchivedImage(image.config(), same.layers(), same.manifest(), names, indexes, false));
        }
        merged.forEach(image -> manifests.remove(image.config().digest()));
        merged.addAll(manifests.values());
        return merged;
    }
}
