package org.layerbook.interpreter.command.system;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Images;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.StoredIndexes;
import org.layerbook.engine.store.Store;
import org.layerbook.interpreter.command.image.ImageSelection;
import org.layerbook.interpreter.command.image.SharedSizes;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.Filters;
import org.layerbook.interpreter.view.layout.DockerUnits;
import org.layerbook.interpreter.view.layout.TabWriter;

/** Which images prune would remove, and their removal. Images that this session or a container stands on stay. */
final class ImagePruning {
    private static final int MOST_SHOWN = 20;

    private final Invocation invocation;
    private final List<Images.Summary> going;

    private ImagePruning(Invocation invocation, List<Images.Summary> going) {
        this.invocation = invocation;
        this.going = going;
    }

    /** @param named whether images that have a name go too */
    static ImagePruning plan(Invocation invocation, Filters filters, boolean named)
            throws CommandException, IOException {
        Set<Digest> used = new HashSet<>();
        invocation.context().session().inUse().stream().map(Image::id).forEach(used::add);
        invocation.services().containers().containers().list().stream()
                .map(container -> container.spec().image())
                .forEach(used::add);
        if (!named) {
            used.addAll(new StoredIndexes(invocation.store()).nameless());
        }
        var selection = new ImageSelection(filters.without("dangling"), invocation);
        var going = new ArrayList<Images.Summary>();
        for (Images.Summary image : invocation.store().images().list()) {
            boolean candidate = named || image.names().isEmpty();
            boolean shared = invocation.store().images().isShared(image.id());
            if (candidate && !shared && !used.contains(image.id()) && selection.takes(image)) {
                going.add(image);
            }
        }
        return new ImagePruning(invocation, going);
    }

    /** A table of what would go, for the question; empty when nothing would. */
    String preview() {
        if (going.isEmpty()) {
            return "";
        }
        var table = new StringBuilder();
        going.stream().limit(MOST_SHOWN).forEach(image -> {
            String name = image.names().isEmpty()
                    ? "<none>"
                    : image.names().getFirst().reference().familiar();
            table.append("  ")
                    .append(name)
                    .append('\t')
                    .append(image.id().shortHex())
                    .append('\t');
            table.append(DockerUnits.size(image.size())).append('\n');
        });
        String more = going.size() > MOST_SHOWN ? "  and " + (going.size() - MOST_SHOWN) + " more\n" : "";
        return TabWriter.table(table.toString()) + more + "\n";
    }

    /** As docker removes them: tags before the digests that they were pulled by. */
    private static List<Reference> tagsFirst(List<Reference> names) {
        return names.stream()
                .sorted(Comparator.comparing(name -> name.digest().isPresent()))
                .toList();
    }

    /** @param text what went, ends with an empty line unless nothing did; @param bytes of layers nobody has any more */
    record Pruned(String text, long bytes) {}

    Pruned run() throws IOException {
        Store store = invocation.store();
        SharedSizes sizes = SharedSizes.of(store, Integer.MAX_VALUE);
        var lines = new ArrayList<String>();
        long bytes = 0;
        for (Images.Summary summary : going) {
            Optional<Image> image = store.images().get(summary.id());
            for (Reference name : tagsFirst(store.names().of(summary.id()))) {
                if (!store.names().isShared(name) && store.names().remove(name)) {
                    lines.add("untagged: " + name.familiar());
                }
            }
            if (image.isEmpty() || !store.images().remove(summary.id())) {
                continue;
            }
            lines.add("deleted: " + summary.id());
            for (Layer layer : sizes.own(image.get())) {
                bytes += layer.size();
                if (layer.blob().isPresent()) {
                    lines.add("deleted: " + layer.chainId());
                }
            }
            sizes.forget(image.get());
        }
        String text = lines.isEmpty() ? "" : "Deleted Images:\n" + String.join("\n", lines) + "\n\n";
        return new Pruned(text, bytes);
    }
}
