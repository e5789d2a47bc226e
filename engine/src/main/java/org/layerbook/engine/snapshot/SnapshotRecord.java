package org.layerbook.engine.snapshot;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.golang.GoJson;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Json;

/**
 * What is known of a snapshot besides its tree; {@code layer.json} beside it.
 *
 * @param below the chain IDs of the layers under it, topmost first
 * @param size bytes of the files in the layer
 * @param built whether it was made here, so that its tree gives its tar again
 * @param leftOut absolute paths of what could not be unpacked
 */
record SnapshotRecord(
        Digest chainId, List<Digest> below, Digest diffId, long size, boolean built, List<String> leftOut) {
    SnapshotRecord {
        below = List.copyOf(below);
        leftOut = List.copyOf(leftOut);
    }

    Optional<Digest> parent() {
        return below.stream().findFirst();
    }

    Layer layer() {
        return new Layer(diffId, chainId, size, Optional.empty());
    }

    byte[] toJson() {
        return GoJson.object(json -> json.string("chainId", chainId.toString())
                .strings("below", below.stream().map(Digest::toString).toList())
                .string("diffId", diffId.toString())
                .number("size", size)
                .trueIf("built", built)
                .stringsIfAny("leftOut", leftOut));
    }

    static SnapshotRecord parse(byte[] bytes, String document) throws IOException {
        Json json = Json.parse(bytes, document);
        var below = new ArrayList<Digest>();
        for (Json layer : json.require("below").elements()) {
            below.add(layer.digest());
        }
        return new SnapshotRecord(
                json.require("chainId").digest(),
                below,
                json.require("diffId").digest(),
                json.integer("size"),
                json.bool("built"),
                json.strings("leftOut"));
    }
}
