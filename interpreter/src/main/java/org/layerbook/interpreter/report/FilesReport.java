package org.layerbook.interpreter.report;

import java.util.List;
import java.util.Optional;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.engine.layer.LayerChanges;

/**
 * What {@code %files} shows: a folder of an image.
 *
 * @param image as the user named it
 * @param path of the folder, or of the one file
 * @param files in the order of their names, what was deleted behind them
 * @param marked whether it is known what has changed
 */
public record FilesReport(String image, String path, List<Node> files, boolean marked) implements Report {
    public FilesReport {
        files = List.copyOf(files);
    }

    /**
     * @param bytes of the file, or of all files below the folder; of a file with several names, at the first of them
     * @param mark what happened to it, where something did; what was deleted is there as well
     * @param children all of them
     */
    public record Node(FileTree.Entry entry, long bytes, Optional<LayerChanges.Kind> mark, List<Node> children) {
        public Node {
            children = List.copyOf(children);
        }
    }
}
