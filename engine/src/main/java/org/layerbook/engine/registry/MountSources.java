package org.layerbook.engine.registry;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.store.Store;

/**
 * Where on a registry the blobs of an image are already: in repositories that images of the store were pulled from or
 * pushed to. A registry can take them over from there without an upload.
 */
final class MountSources {
    /** Each image looked at costs reading its record; a base image is among the few of one registry. */
    private static final int MOST = 200;

    private MountSources() {}

    static Map<Digest, String> of(Store store, List<Image> images, Reference target) throws IOException {
        Set<Digest> wanted = new HashSet<>();
        images.stream()
                .flatMap(image -> image.layers().stream())
                .flatMap(layer -> layer.blob().stream())
                .map(Descriptor::digest)
                .forEach(wanted::add);
        Map<Digest, String> sources = new HashMap<>();
        int looked = 0;
        for (Reference name : store.names().startingWith("")) {
            boolean other = name.digest().isPresent()
                    && name.domain().equals(target.domain())
                    && !name.path().equals(target.path());
            if (!other || looked >= MOST || sources.size() == wanted.size()) {
                continue;
            }
            looked++;
            Optional<Names.Name> named = store.names().get(name);
            Optional<Image> its = named.isEmpty()
                    ? Optional.empty()
                    : store.images().get(named.get().image());
            for (Layer layer : its.map(Image::layers).orElse(List.of())) {
                layer.blob()
                        .map(Descriptor::digest)
                        .filter(wanted::contains)
                        .ifPresent(blob -> sources.putIfAbsent(blob, name.path()));
            }
        }
        return sources;
    }
}
