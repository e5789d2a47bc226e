package org.layerbook.interpreter.command.image;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.layerbook.engine.oci.Digest;
import org.layerbook.interpreter.report.ImagesReport.Line;
import org.layerbook.interpreter.view.layout.DockerUnits;

/**
 * {@code docker images --tree} in 80 columns, as the client lays it out: an image's names below each other, what is known
 * of it beside the last one. Images of one platform, which all of ours are, have no branches.
 */
final class ImagesTree {
    private static final int COLUMNS = 80;
    private static final String REST = "ID             DISK USAGE   CONTENT SIZE   EXTRA";
    private static final int GAP = 3;
    private static final int WIDEST_NAME = COLUMNS - REST.length() - GAP;
    private static final int ID_WIDTH = 12;
    private static final int USAGE_WIDTH = 13;
    private static final int CONTENT_WIDTH = 15;

    private ImagesTree() {}

    static String text(List<Line> lines) {
        Map<Digest, List<Line>> images = new LinkedHashMap<>();
        lines.forEach(line ->
                images.computeIfAbsent(line.id(), id -> new ArrayList<>()).add(line));
        int width = Math.min(
                WIDEST_NAME,
                Math.max(
                        "IMAGE".length(),
                        lines.stream()
                                .mapToInt(line -> name(line).length())
                                .max()
                                .orElse(0)));
        String legend = "Info ->  U In Use ";
        var text = new StringBuilder(" ".repeat(COLUMNS - legend.length()) + legend + "\n\n");
        text.append(padded("IMAGE", width + GAP)).append(REST).append('\n');
        images.values().forEach(names -> image(names, width, text));
        return text.toString();
    }

    private static void image(List<Line> names, int width, StringBuilder text) {
        for (Line name : names.reversed().subList(0, names.size() - 1)) {
            text.append(name(name)).append('\n');
        }
        Line image = names.getFirst();
        String name = name(image);
        String shown = name.length() > width ? name.substring(0, width - 1) + "…" : name;
        text.append(padded(shown, width + GAP))
                .append(padded(image.id().shortHex(), ID_WIDTH))
                .append(before(DockerUnits.size(image.size()), USAGE_WIDTH))
                // What a registry's copy takes up is known to an engine that keeps one.
                .append(before("0B", CONTENT_WIDTH))
                .append(" ".repeat(GAP + "EXTRA".length()))
                .append('\n');
    }

    private static String name(Line line) {
        return line.repository() + ":" + line.tag();
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String before(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}
