package org.layerbook.interpreter.command.image;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Images;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.store.Store;
import org.layerbook.interpreter.report.ImagesReport.Line;

/** How many bytes of each image are in layers that other images have too. */
public final class SharedSizes {
    private final Map<Digest, Image> images = new HashMap<>();
    private final Map<Digest, Set<Digest>> usersOf = new HashMap<>();
    private final Map<Digest, Long> sizeOf = new HashMap<>();

    private SharedSizes() {}

    /** @param most images; where there are more, nothing is counted */
    public static SharedSizes of(Store store, int most) throws IOException {
        var sizes = new SharedSizes();
        if (most < Integer.MAX_VALUE && store.images().count(most + 1) > most) {
            return sizes;
        }
        for (Images.Summary summary : ownImages(store)) {
            Optional<Image> image = store.images().get(summary.id());
            if (image.isPresent()) {
                sizes.add(image.get());
            }
        }
        return sizes;
    }

    /** The images that take room here: an additional store's do not. */
    public static List<Images.Summary> ownImages(Store store) throws IOException {
        return store.images().list().stream()
                .filter(image -> !store.images().isShared(image.id()))
                .toList();
    }

    private void add(Image image) {
        images.put(image.id(), image);
        for (Layer layer : image.layers()) {
            usersOf.computeIfAbsent(layer.chainId(), chain -> new HashSet<>()).add(image.id());
            sizeOf.put(layer.chainId(), layer.size());
        }
    }

    List<Line> addTo(List<Line> lines) {
        return lines.stream()
                .map(line -> shared(line.id()).map(line::withShared).orElse(line))
                .toList();
    }

    /** Bytes; absent for an image that was not counted. */
    public Optional<Long> shared(Digest id) {
        return Optional.ofNullable(images.get(id))
                .map(image -> image.layers().stream()
                        .filter(layer -> usersOf.get(layer.chainId()).size() > 1)
                        .mapToLong(Layer::size)
                        .sum());
    }

    /** Bytes of all layers, each counted once. */
    public long total() {
        return sizeOf.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The layers that no image but this one has, top first. */
    public List<Layer> own(Image image) {
        return image.layers().reversed().stream()
                .filter(layer ->
                        usersOf.getOrDefault(layer.chainId(), Set.of()).stream().allMatch(image.id()::equals))
                .toList();
    }

    /** Of these images alone. */
    public SharedSizes only(Set<Digest> ids) {
        var some = new SharedSizes();
        images.values().stream().filter(image -> ids.contains(image.id())).forEach(some::add);
        return some;
    }

    public boolean knows(Digest chain) {
        return sizeOf.containsKey(chain);
    }

    /** As if this image had been removed. */
    public void forget(Image image) {
        images.remove(image.id());
        for (Layer layer : image.layers()) {
            Set<Digest> users = usersOf.getOrDefault(layer.chainId(), new HashSet<>());
            users.remove(image.id());
            if (users.isEmpty()) {
                usersOf.remove(layer.chainId());
                sizeOf.remove(layer.chainId());
            }
        }
    }
}
