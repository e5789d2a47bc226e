package org.layerbook.engine.store.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.golang.GoJson;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Json;

/**
 * Which blob holds a layer, by diff ID: so that a layer that was once compressed, for whichever image, is not compressed
 * again. What is remembered says nothing about whether the blob is still there; what is given out is there.
 */
public final class LayerBlobs {
    private final ShardedFolder<Record> records;
    private final ContentStore content;

    /** Asked where this one knows nothing. */
    private List<LayerBlobs> others = List.of();

    public record Record(Digest diffId, Descriptor blob) {}

    public LayerBlobs(StoreFiles files, ContentStore content) {
        this.records = new ShardedFolder<>(
                files, files.home().resolve("layers"), ShardedFolder.Content.DERIVED, LayerBlobs::parse);
        this.content = content;
    }

    /** Those of additional stores, which are only read. */
    public void alsoAsk(List<LayerBlobs> more) {
        others = List.copyOf(more);
    }

    /** The layer's blob, if one is in the store. */
    public Optional<Descriptor> find(Digest diffId) throws IOException {
        Optional<Descriptor> found = ofOwn(diffId);
        for (int i = 0; i < others.size() && found.isEmpty(); i++) {
            found = others.get(i).find(diffId);
        }
        return found;
    }

    private Optional<Descriptor> ofOwn(Digest diffId) throws IOException {
        return records.get(shard(diffId), fileName(diffId))
                .map(Record::blob)
                .filter(blob -> content.size(blob.digest()).equals(Optional.of(blob.size())));
    }

    /** The blob is in the store and holds the layer; the one that is remembered already stays. */
    public void remember(Digest diffId, Descriptor blob) throws IOException {
        if (find(diffId).isEmpty()) {
            records.put(
                    shard(diffId),
                    fileName(diffId),
                    GoJson.object(
                            json -> json.string("diffId", diffId.toString()).object("blob", blob::write)));
        }
    }

    /** {@code layer}, with its blob if one is in the store. */
    Layer withBlob(Layer layer) throws IOException {
        return layer.blob().isPresent()
                ? layer
                : new Layer(layer.diffId(), layer.chainId(), layer.size(), find(layer.diffId()));
    }

    /** {@code image}, each layer with its blob if one is in the store. */
    public Image withBlobs(Image image) throws IOException {
        var layers = new ArrayList<Layer>();
        for (Layer layer : image.layers()) {
            layers.add(withBlob(layer));
        }
        return new Image(image.configBytes(), image.config(), layers, image.manifest());
    }

    /** What the collector and verification read. */
    public ShardedFolder<Record> records() {
        return records;
    }

    public void forget(Digest diffId) throws IOException {
        records.remove(shard(diffId), fileName(diffId));
    }

    private static Record parse(String file, byte[] content) throws IOException {
        Json json = Json.parse(content, "layers/" + file);
        Record record = new Record(json.require("diffId").digest(), Descriptor.read(json.require("blob")));
        if (!fileName(record.diffId()).equals(file)) {
            throw json.problem("belongs to another layer");
        }
        return record;
    }

    private static String shard(Digest diffId) {
        return diffId.hex().substring(0, 2);
    }

    private static String fileName(Digest diffId) {
        return diffId.algorithm() + "-" + diffId.hex();
    }
}
