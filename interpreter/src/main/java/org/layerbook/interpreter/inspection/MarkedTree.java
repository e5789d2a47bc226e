package org.layerbook.interpreter.inspection;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.layer.LayerChanges.Change;
import org.layerbook.engine.layer.LayerChanges.FileKind;
import org.layerbook.engine.layer.LayerChanges.Kind;
import org.layerbook.interpreter.report.FilesReport;
import org.layerbook.interpreter.report.FilesReport.Node;

/** The files of an image with what each weighs and what has changed. */
final class MarkedTree {
    private final FileTree tree;
    private final Map<String, Change> changes = new HashMap<>();
    private final Map<String, List<Change>> deletedIn = new HashMap<>();
    private final HardLinks links = new HardLinks();

    MarkedTree(FileTree tree, LayerChanges changes) {
        this.tree = tree;
        for (Change change : changes.changes()) {
            this.changes.put(change.path(), change);
            if (change.kind() == Kind.DELETED) {
                deletedIn
                        .computeIfAbsent(parent(change.path()), folder -> new ArrayList<>())
                        .add(change);
            }
        }
    }

    /** Of a folder or a file. */
    FilesReport report(String image, String path) throws IOException {
        Optional<FileTree.Entry> file = tree.find(path).filter(entry -> entry.kind() == FileKind.FILE);
        return new FilesReport(
                image, path, file.isPresent() ? List.of(node(file.get())) : below(canonical(path)), !changes.isEmpty());
    }

    private static String canonical(String path) {
        String absolute = path.startsWith("/") ? path : "/" + path;
        return absolute.length() > 1 && absolute.endsWith("/")
                ? absolute.substring(0, absolute.length() - 1)
                : absolute;
    }

    private List<Node> below(String folder) throws IOException {
        var nodes = new ArrayList<Node>();
        for (FileTree.Entry entry : tree.list(folder)) {
            nodes.add(node(entry));
        }
        deletedIn.getOrDefault(folder, List.of()).forEach(change -> nodes.add(deleted(change)));
        return nodes;
    }

    private Node node(FileTree.Entry entry) throws IOException {
        Optional<Kind> mark = Optional.ofNullable(changes.get(entry.path())).map(Change::kind);
        if (entry.kind() != FileKind.DIRECTORY) {
            return new Node(entry, links.bytes(entry), mark, List.of());
        }
        List<Node> children = below(entry.path());
        return new Node(entry, children.stream().mapToLong(Node::bytes).sum(), mark, children);
    }

    private static Node deleted(Change change) {
        var gone = new FileTree.Entry(
                change.path(), change.fileKind(), 0, 0, 0, 0, Optional.empty(), Instant.EPOCH, Optional.empty());
        return new Node(gone, 0, Optional.of(Kind.DELETED), List.of());
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }
}
