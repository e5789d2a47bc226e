package org.layerbook.engine.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.Platform;

/** Images made up for tests: told apart by a label, their layers only by their diff IDs. */
public final class TestImages {
    public static final Identity IDENTITY = new Identity(0, "0 0 4294967295", "0 0 4294967295");

    private TestImages() {}

    public static Digest digest(String text) {
        return Digest.sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    public static Image image(String label, Layer... layers) {
        var config = new ImageConfig(
                new Platform("linux", "amd64"),
                Optional.of("2026-01-02T03:04:05Z"),
                Optional.empty(),
                ContainerConfig.EMPTY.withLabels(Map.of("test", label)),
                IntStream.range(0, layers.length)
                        .mapToObj(i -> layers[i].diffId())
                        .toList(),
                List.of());
        return new Image(Bytes.of(config.toJson()), config, List.of(layers), Optional.empty());
    }

    /** Layers on top of each other, each of 10 bytes. */
    public static Layer[] layers(String... contents) {
        var layers = new ArrayList<Layer>();
        Optional<Digest> chain = Optional.empty();
        for (String content : contents) {
            Digest diffId = digest(content);
            chain = Optional.of(Layer.chain(chain, diffId));
            layers.add(new Layer(diffId, chain.get(), 10, Optional.empty()));
        }
        return layers.toArray(Layer[]::new);
    }
}
