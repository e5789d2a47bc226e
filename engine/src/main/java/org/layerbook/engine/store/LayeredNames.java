package org.layerbook.engine.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.store.file.FileTags;

/** One's own names, and behind them those of additional stores. */
final class LayeredNames implements Names {
    private final FileTags own;
    private final List<AdditionalStore> others;
    private final LayeredImages images;

    LayeredNames(FileTags own, List<AdditionalStore> others, LayeredImages images) {
        this.own = own;
        this.others = List.copyOf(others);
        this.images = images;
    }

    @Override
    public Optional<Name> get(Reference reference) throws IOException {
        Optional<Name> found = own.get(reference);
        for (int i = 0; i < others.size() && found.isEmpty(); i++) {
            found = others.get(i).images().names().get(reference);
        }
        return found;
    }

    @Override
    public Optional<Digest> set(Reference reference, Digest image, Optional<Descriptor> target) throws IOException {
        images.adopt(image);
        if (target.isPresent()) {
            images.adoptDocument(target.get());
        }
        return own.set(reference, image, target);
    }

    /** A name that only an additional store has is left as it is. */
    @Override
    public void settle(Name name, Descriptor target) throws IOException {
        own.settle(name, target);
    }

    @Override
    public boolean remove(Reference reference) throws IOException {
        if (own.remove(reference)) {
            return true;
        }
        for (AdditionalStore other : others) {
            if (other.images().names().get(reference).isPresent()) {
                throw LayeredImages.readOnly(reference.familiar(), other);
            }
        }
        return false;
    }

    @Override
    public boolean isShared(Reference reference) throws IOException {
        return own.get(reference).isEmpty() && get(reference).isPresent();
    }

    @Override
    public List<Reference> of(Digest image) throws IOException {
        Set<Reference> found = new LinkedHashSet<>(own.of(image));
        for (AdditionalStore other : others) {
            for (Reference name : other.images().names().of(image)) {
                if (get(name).map(Name::image).equals(Optional.of(image))) {
                    found.add(name);
                }
            }
        }
        return found.stream().sorted().toList();
    }

    @Override
    public List<Name> list() throws IOException {
        Map<Reference, Name> all = new LinkedHashMap<>();
        own.list().forEach(name -> all.put(name.reference(), name));
        for (AdditionalStore other : others) {
            other.images().names().list().forEach(name -> all.putIfAbsent(name.reference(), name));
        }
        return all.values().stream()
                .sorted(Comparator.comparing(Name::reference))
                .toList();
    }

    @Override
    public List<Reference> startingWith(String prefix) throws IOException {
        var all = new ArrayList<>(own.startingWith(prefix));
        for (AdditionalStore other : others) {
            all.addAll(other.images().names().startingWith(prefix));
        }
        return all.stream().distinct().toList();
    }
}
