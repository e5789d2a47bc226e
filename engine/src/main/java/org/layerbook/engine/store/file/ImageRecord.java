package org.layerbook.engine.store.file;

import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.golang.GoJson;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Json;

/**
 * What the store keeps of an image beside its config: enough to list it, and to know what it needs, without reading
 * anything else.
 */
public record ImageRecord(
        Digest id, Optional<Instant> created, long size, Optional<Descriptor> manifest, List<Layer> layers) {
    public ImageRecord {
        layers = List.copyOf(layers);
    }

    static ImageRecord of(Image image) {
        return new ImageRecord(
                image.id(),
                image.config().created().flatMap(ImageRecord::instant),
                image.size(),
                image.manifest(),
                image.layers());
    }

    /** This one, with what {@code older} knows of manifest and blobs and this does not. */
    ImageRecord or(ImageRecord older) {
        var merged = new ArrayList<Layer>();
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            Optional<Descriptor> blob =
                    i < older.layers.size() ? layer.blob().or(older.layers.get(i)::blob) : layer.blob();
            merged.add(new Layer(layer.diffId(), layer.chainId(), layer.size(), blob));
        }
        return new ImageRecord(id, created, size, manifest.or(older::manifest), merged);
    }

    byte[] toJson() {
        return GoJson.object(json -> {
            json.string("id", id.toString());
            created.ifPresent(time -> json.string("created", time.toString()));
            json.number("size", size);
            manifest.ifPresent(descriptor -> json.object("manifest", descriptor::write));
            json.objects("layers", layers, (object, layer) -> {
                object.string("diffId", layer.diffId().toString())
                        .string("chainId", layer.chainId().toString())
                        .number("size", layer.size());
                layer.blob().ifPresent(blob -> object.object("blob", blob::write));
            });
        });
    }

    static ImageRecord parse(String file, byte[] content) throws IOException {
        Json json = Json.parse(content, "images/" + file);
        var layers = new ArrayList<Layer>();
        for (Json layer : json.require("layers").elements()) {
            layers.add(new Layer(
                    layer.require("diffId").digest(),
                    layer.require("chainId").digest(),
                    layer.integer("size"),
                    descriptor(layer, "blob")));
        }
        Digest id = json.require("id").digest();
        if (!id.hex().equals(file)) {
            throw json.problem("belongs to another image");
        }
        return new ImageRecord(
                id,
                json.string("created").flatMap(ImageRecord::instant),
                json.integer("size"),
                descriptor(json, "manifest"),
                layers);
    }

    /** Absent when it is no RFC 3339 time: a config may say anything. */
    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<Descriptor> descriptor(Json json, String name) throws IOException {
        Optional<Json> member = json.get(name);
        return member.isEmpty() ? Optional.empty() : Optional.of(Descriptor.read(member.get()));
    }
}
