package org.layerbook.engine.archive.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import org.layerbook.engine.archive.read.ArchivedImage.ArchivedLayer;
import org.layerbook.engine.compress.Compression;
import org.layerbook.engine.compress.HashingOutput;
import org.layerbook.engine.compress.Streams;
import org.layerbook.engine.golang.GoJson;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.layer.UnpackLimits;
import org.layerbook.engine.layer.tar.ArchiveException;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.MalformedException;
import org.layerbook.engine.oci.Reference;

/**
 * Reads the images of an archive that docker before 1.10 wrote: {@code repositories}, and a folder for each layer with its
 * {@code json} and {@code layer.tar}. Such images had no config of their own; one is made as docker makes it from the
 * uppermost layer's json, so that the ID is the one docker gives. (Of what docker before 1.8.3 wrote, docker first drops
 * unknown members; this does not, and those IDs differ.)
 */
final class LegacyReader {
    private static final int MAX_LAYERS = 500;
    /** What the json of a layer has and a config has not. */
    private static final Set<String> DROPPED = Set.of("id", "parent", "Size", "parent_id", "layer_id", "throwaway");

    private final ArchiveFiles files;
    private final String prefix;
    private final UnpackLimits limits;

    LegacyReader(ArchiveFiles files, String prefix, UnpackLimits limits) {
        this.files = files;
        this.prefix = prefix;
        this.limits = limits;
    }

    List<ArchivedImage> read() throws IOException {
        byte[] text = files.require(prefix + "repositories", "which every docker archive has")
                .document();
        Map<String, SequencedSet<Reference>> names = new LinkedHashMap<>();
        for (var repository : Json.parse(text, "repositories").members().entrySet()) {
            for (var tag : repository.getValue().members().entrySet()) {
                names.computeIfAbsent(tag.getValue().string(), id -> new LinkedHashSet<>())
                        .add(name(repository.getKey(), tag.getKey(), repository.getValue()));
            }
        }
        var images = new ArrayList<ArchivedImage>();
        for (var entry : names.entrySet()) {
            images.add(image(entry.getKey(), entry.getValue()));
        }
        return images;
    }

    private static Reference name(String repository, String tag, Json at) throws MalformedException {
        try {
            return Reference.parse(repository).withTag(tag);
        } catch (IllegalArgumentException e) {
            throw at.problem("invalid tag \"" + repository + ":" + tag + "\": " + e.getMessage());
        }
    }

    private record V1Layer(byte[] bytes, Json json, ArchiveFiles.File tar) {}

    private ArchivedImage image(String top, SequencedSet<Reference> names) throws IOException {
        List<V1Layer> layers = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Optional<String> id = Optional.of(top); id.isPresent(); ) {
            if (!seen.add(id.get()) || seen.size() > MAX_LAYERS) {
                throw new ArchiveException("invalid archive: the layers of " + top + " form a cycle");
            }
            V1Layer layer = layer(id.get());
            layers.addFirst(layer);
            id = layer.json.string("parent");
        }
        var diffIds = new ArrayList<Digest>();
        for (V1Layer layer : layers) {
            var hash = new HashingOutput();
            try (InputStream in = Compression.decompressed(layer.tar.open(), limits)) {
                Streams.copy(in, hash);
            }
            diffIds.add(hash.digest());
        }
        return new ArchivedImage(
                Bytes.of(config(layers, diffIds)),
                layers.stream()
                        .map(layer -> new ArchivedLayer(layer.tar, Optional.empty()))
                        .toList(),
                Optional.empty(),
                names);
    }

    private V1Layer layer(String id) throws IOException {
        byte[] json = files.require(prefix + id + "/json", "which one of its images needs")
                .document();
        return new V1Layer(
                json,
                Json.parse(json, id + "/json"),
                files.require(prefix + id + "/layer.tar", "which one of its images needs"));
    }

    /** Members sorted by name, as Go writes a map, their values as they were. */
    private static byte[] config(List<V1Layer> layers, List<Digest> diffIds) throws IOException {
        var members = new TreeMap<String, String>(GoJson.KEY_ORDER);
        members.putAll(RawMembers.of(layers.getLast().bytes));
        members.keySet().removeAll(DROPPED);
        members.put(
                "rootfs",
                text(GoJson.object(json -> json.string("type", "layers")
                        .strings(
                                "diff_ids",
                                diffIds.stream().map(Digest::toString).toList()))));
        var history = new ArrayList<String>();
        for (V1Layer layer : layers) {
            history.add(history(layer.json));
        }
        members.put("history", "[" + String.join(",", history) + "]");
        var config = new StringBuilder("{");
        members.forEach((name, value) -> {
            String member = text(GoJson.object(json -> json.string(name, "")));
            config.append(config.length() > 1 ? "," : "")
                    .append(member, 1, member.length() - "\"\"}".length())
                    .append(value);
        });
        return config.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String history(Json layer) throws MalformedException {
        Optional<String> created = layer.string("created");
        Optional<String> author = layer.string("author");
        Optional<String> comment = layer.string("comment");
        Optional<Json> container = layer.get("container_config");
        String command =
                container.isPresent() ? String.join(" ", container.get().strings("Cmd")) : "";
        return text(GoJson.object(json -> json.string("created", created.orElse("0001-01-01T00:00:00Z"))
                .stringIfAny("author", author.orElse(""))
                .stringIfAny("created_by", command)
                .stringIfAny("comment", comment.orElse(""))));
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
