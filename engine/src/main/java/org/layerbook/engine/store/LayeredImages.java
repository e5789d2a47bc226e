package org.layerbook.engine.store;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Images;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.store.file.FileImages;
import org.layerbook.engine.store.file.ImageRecord;

/**
 * One's own images, and behind them those of additional stores that have a name. A name of one's own hides the same name
 * of theirs.
 */
final class LayeredImages implements Images {
    private final FileImages own;
    private final ContentStore ownContent;
    private final List<AdditionalStore> others;
    private final LayeredNames names;

    LayeredImages(FileImages own, ContentStore ownContent, List<AdditionalStore> others) {
        this.own = own;
        this.ownContent = ownContent;
        this.others = List.copyOf(others);
        this.names = new LayeredNames(own.names(), others, this);
    }

    Names names() {
        return names;
    }

    Optional<AdditionalStore> holder(Digest id) {
        return own.contains(id)
                ? Optional.empty()
                : others.stream().filter(other -> other.images().contains(id)).findFirst();
    }

    /** Lists an image of an additional store here too; its layers stay there. */
    void adopt(Digest id) throws IOException {
        Optional<AdditionalStore> holder = holder(id);
        if (holder.isEmpty()) {
            return;
        }
        Optional<Image> image = holder.get().images().get(id);
        if (image.isPresent()) {
            Optional<Descriptor> manifest = image.get().manifest();
            if (manifest.isPresent()) {
                ownContent.put(
                        holder.get().content().read(manifest.get().digest()).toArray());
            }
            own.put(image.get());
        }
    }

    /** Copies a manifest or index out of an additional store. */
    void adoptDocument(Descriptor document) throws IOException {
        for (AdditionalStore other : others) {
            if (!ownContent.contains(document.digest()) && other.content().contains(document.digest())) {
                ownContent.put(other.content().read(document.digest()).toArray());
            }
        }
    }

    @Override
    public boolean contains(Digest id) {
        return own.contains(id) || holder(id).isPresent();
    }

    @Override
    public boolean isShared(Digest id) {
        return holder(id).isPresent();
    }

    @Override
    public Optional<Image> get(Digest id) throws IOException {
        Optional<AdditionalStore> holder = holder(id);
        return holder.isPresent() ? holder.get().images().get(id) : own.get(id);
    }

    @Override
    public void put(Image image) throws IOException {
        own.put(image);
    }

    @Override
    public boolean remove(Digest id) throws IOException {
        Optional<AdditionalStore> holder = holder(id);
        if (holder.isPresent()) {
            throw readOnly("image " + id.shortHex(), holder.get());
        }
        return own.remove(id);
    }

    static StoreException readOnly(String what, AdditionalStore holder) {
        return new StoreException(
                what + " belongs to the additional store " + holder.home() + ", which is shared and read-only");
    }

    /** An additional store's images have their layers in it, and hold none here. */
    @Override
    public List<Layer> ownLayers(Image image) throws IOException {
        return own.ownLayers(image);
    }

    @Override
    public int count(int most) throws IOException {
        int count = own.count(most);
        for (AdditionalStore other : others) {
            count += other.images().count(most);
        }
        return Math.min(count, most);
    }

    @Override
    public List<Summary> list() throws IOException {
        Map<Digest, Summary> all = new LinkedHashMap<>();
        Set<Reference> taken = new LinkedHashSet<>();
        for (Summary image : own.list()) {
            all.put(image.id(), image);
            image.names().forEach(name -> taken.add(name.reference()));
        }
        for (AdditionalStore other : others) {
            for (Summary image : other.images().list()) {
                List<Names.Name> visible = image.names().stream()
                        .filter(name -> taken.add(name.reference()))
                        .toList();
                if (!visible.isEmpty()) {
                    all.merge(image.id(), named(image, visible), LayeredImages::together);
                }
            }
        }
        return all.values().stream()
                .sorted(Comparator.comparing(
                                (Summary summary) -> summary.created().orElse(Instant.MIN))
                        .reversed()
                        .thenComparing(summary -> summary.id().hex()))
                .toList();
    }

    private static Summary together(Summary first, Summary second) {
        var names = new ArrayList<>(first.names());
        names.addAll(second.names());
        names.sort(Comparator.comparing(Names.Name::reference));
        return named(first, names);
    }

    private static Summary named(Summary image, List<Names.Name> names) {
        return new Summary(image.id(), image.created(), image.size(), image.manifest(), names);
    }

    @Override
    public Resolution resolve(String text) throws IOException {
        Resolution mine = own.resolve(text);
        if (mine instanceof Resolution.Found || others.isEmpty()) {
            return mine;
        }
        Set<Digest> candidates = new LinkedHashSet<>();
        if (mine instanceof Resolution.Ambiguous(var prefix, var ids)) {
            candidates.addAll(ids);
        }
        for (AdditionalStore other : others) {
            switch (other.images().resolve(text)) {
                case Resolution.Found found
                when found.name().isPresent() -> {
                    return found;
                }
                case Resolution.Found found -> candidates.add(found.id());
                case Resolution.Ambiguous ambiguous -> candidates.addAll(ambiguous.ids());
                case Resolution.Missing _, Resolution.Invalid _ -> {}
            }
        }
        return switch (candidates.size()) {
            case 0 -> mine;
            case 1 -> new Resolution.Found(candidates.iterator().next(), Optional.empty());
            default ->
                new Resolution.Ambiguous(text, candidates.stream().sorted().toList());
        };
    }

    /** The layers of a chain as far as an image knows them, bottom first; empty when no image has it. */
    List<Layer> layersOf(Digest chainId) throws IOException {
        for (ImageRecord record : own.records().all()) {
            List<Layer> layers = upTo(record, chainId);
            if (!layers.isEmpty()) {
                return layers;
            }
        }
        for (AdditionalStore other : others) {
            for (ImageRecord record : other.images().records().all()) {
                List<Layer> layers = upTo(record, chainId);
                if (!layers.isEmpty()) {
                    return layers;
                }
            }
        }
        return List.of();
    }

    private static List<Layer> upTo(ImageRecord record, Digest chainId) {
        for (int i = 0; i < record.layers().size(); i++) {
            if (record.layers().get(i).chainId().equals(chainId)) {
                return record.layers().subList(0, i + 1);
            }
        }
        return List.of();
    }
}
