package org.layerbook.interpreter.look;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.layer.LayerChanges.FileKind;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Image;
import org.layerbook.engine.store.Layer;
import org.layerbook.interpreter.report.DifferenceReport;
import org.layerbook.interpreter.report.FilesReport;
import org.layerbook.interpreter.report.FilesReport.Node;
import org.layerbook.interpreter.report.LayersReport;

/** Looks into images: reports out of what the store has of them. Reads only. */
public final class ImageLooks {
    /** How deep a folder's own folders are shown, and how many entries of each. */
    private static final int DEPTH = 2;

    private static final int MOST_CHILDREN = 30;

    private ImageLooks() {}

    /** The layers of an image, what each changed and what is wasted. Takes time in proportion to its files. */
    public static LayersReport layers(Image image, Snapshots snapshots) throws IOException {
        var lines = new ArrayList<LayersReport.Line>();
        var wasted = new Wasted();
        Iterator<ImageConfig.History> history = image.config().history().stream()
                .filter(step -> !step.emptyLayer())
                .iterator();
        for (Layer layer : image.layers()) {
            LayerChanges changes = snapshots.changes(layer.chainId());
            FileTree files = snapshots.layerFiles(layer.chainId());
            wasted.layer(
                    visitor -> files.walk("/", entry -> {
                        if (entry.kind() != FileKind.DIRECTORY) {
                            visitor.visit(entry.path(), entry.size());
                        }
                        return true;
                    }),
                    changes);
            String createdBy = history.hasNext() ? history.next().createdBy().orElse("") : "";
            lines.add(new LayersReport.Line(lines.size() + 1, layer, createdBy, changes));
        }
        return new LayersReport(image, lines, wasted.result());
    }

    /**
     * A folder of an image, with the folders in it; or one file.
     *
     * @param image as the person named it
     * @throws java.nio.file.NoSuchFileException when there is nothing of that path
     */
    public static FilesReport files(String image, FileTree tree, String path) throws IOException {
        Optional<FileTree.Entry> file = tree.find(path).filter(entry -> entry.kind() == FileKind.FILE);
        if (file.isPresent()) {
            return new FilesReport(
                    image, path, List.of(new Node(file.get(), file.get().size(), List.of(), 0)));
        }
        var nodes = new ArrayList<Node>();
        for (FileTree.Entry entry : tree.list(path)) {
            nodes.add(node(tree, entry, DEPTH));
        }
        return new FilesReport(image, path, nodes);
    }

    private static Node node(FileTree tree, FileTree.Entry entry, int depth) throws IOException {
        if (entry.kind() != FileKind.DIRECTORY) {
            return new Node(entry, entry.size(), List.of(), 0);
        }
        if (depth == 0) {
            long[] bytes = {0};
            tree.walk(entry.path(), below -> {
                bytes[0] += below.size();
                return true;
            });
            return new Node(entry, bytes[0], List.of(), 0);
        }
        var children = new ArrayList<Node>();
        for (FileTree.Entry child : tree.list(entry.path())) {
            children.add(node(tree, child, depth - 1));
        }
        children.sort(Comparator.comparingLong(Node::bytes).reversed());
        long sum = children.stream().mapToLong(Node::bytes).sum();
        int shown = Math.min(MOST_CHILDREN, children.size());
        return new Node(entry, sum, children.subList(0, shown), children.size() - shown);
    }

    /** How {@code after} differs from {@code before}: files, config, installed packages. */
    public static DifferenceReport difference(
            String before, Image imageBefore, FileTree filesBefore, String after, Image imageAfter, FileTree filesAfter)
            throws IOException {
        return new DifferenceReport(
                before,
                after,
                filesBefore.changesTo(filesAfter),
                imageBefore.config().config(),
                imageAfter.config().config(),
                Packages.differences(Packages.of(filesBefore), Packages.of(filesAfter)));
    }
}
