package org.layerbook.engine.archive.read;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerbook.engine.archive.read.ArchivedImage.ArchivedLayer;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.MalformedException;
import org.layerbook.engine.oci.Reference;

/** Reads the images of a {@code docker save} archive by its {@code manifest.json}, which docker writes since 1.10. */
final class DockerReader {
    /** {@code HEX.json} of docker, {@code sha256:HEX} of crane, {@code blobs/sha256/HEX}. */
    private static final Pattern NAMED_BY_DIGEST = Pattern.compile("(?:.*/)?(?:sha256:)?([0-9a-f]{64})(?:\\.json)?");

    private final ArchiveFiles files;
    private final String prefix;

    DockerReader(ArchiveFiles files, String prefix) {
        this.files = files;
        this.prefix = prefix;
    }

    List<ArchivedImage> read() throws IOException {
        var images = new ArrayList<ArchivedImage>();
        byte[] manifest = files.require(prefix + "manifest.json", "which every docker archive has")
                .document();
        for (Json image : Json.parse(manifest, "manifest.json").elements()) {
            images.add(image(image));
        }
        return images;
    }

    private ArchivedImage image(Json json) throws IOException {
        ArchiveFiles.File file = file(json.require("Config").string());
        Bytes config = Bytes.of(file.document());
        Matcher matcher = NAMED_BY_DIGEST.matcher(file.name());
        if (matcher.matches() && !matcher.group(1).equals(config.digest().hex())) {
            throw SpooledFiles.wrongDigest(file.name(), config.digest());
        }
        var layers = new ArrayList<ArchivedLayer>();
        for (String layer : json.strings("Layers")) {
            layers.add(new ArchivedLayer(file(layer), Optional.empty()));
        }
        return new ArchivedImage(config, layers, Optional.empty(), names(json));
    }

    private ArchiveFiles.File file(String name) throws IOException {
        return files.require(prefix + name, "which its manifest.json lists");
    }

    private static SequencedSet<Reference> names(Json json) throws MalformedException {
        var names = new LinkedHashSet<Reference>();
        for (String tag : json.strings("RepoTags")) {
            try {
                Reference reference = Reference.parse(tag);
                if (reference.tag().isEmpty() || reference.digest().isPresent()) {
                    throw new IllegalArgumentException("not a name with a tag");
                }
                names.add(reference);
            } catch (IllegalArgumentException e) {
                throw json.problem("invalid tag \"" + tag + "\": " + e.getMessage());
            }
        }
        return names;
    }
}
