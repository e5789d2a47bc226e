package org.layerbook.interpreter.report;

import java.util.List;
import org.layerbook.engine.layer.FileTree;

/**
 * What {@code %files} shows: a folder of an image.
 *
 * @param image as the person named it
 * @param path of the folder, or of the one file
 */
public record FilesReport(String image, String path, List<Node> files) implements Report {
    public FilesReport {
        files = List.copyOf(files);
    }

    /**
     * @param bytes of the file, or of all files below the folder
     * @param children the most costly first; of many, the beginning; empty where it was not looked further
     * @param more how many there are besides
     */
    public record Node(FileTree.Entry entry, long bytes, List<Node> children, int more) {
        public Node {
            children = List.copyOf(children);
        }
    }
}
