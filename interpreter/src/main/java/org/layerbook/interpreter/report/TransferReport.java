package org.layerbook.interpreter.report;

import java.util.List;

/**
 * A pull or push while it goes on, or at its end.
 *
 * @param text all of it as docker prints it
 * @param head lines before those of the layers
 * @param foot lines after them
 */
public record TransferReport(String text, List<String> head, List<Layer> layers, List<String> foot) implements Report {
    public TransferReport {
        head = List.copyOf(head);
        layers = List.copyOf(layers);
        foot = List.copyOf(foot);
    }

    /**
     * @param id short
     * @param state in docker's words
     * @param isMoving whether {@code done} of {@code total} bytes says something now
     * @param done bytes
     * @param total bytes; 0 where it is not known
     */
    public record Layer(String id, String state, boolean isMoving, long done, long total) {}
}
