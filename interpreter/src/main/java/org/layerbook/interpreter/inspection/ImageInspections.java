package org.layerbook.interpreter.inspection;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.Optional;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.layer.LayerChanges.FileKind;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.interpreter.report.DifferenceReport;
import org.layerbook.interpreter.report.FilesReport;
import org.layerbook.interpreter.report.LayersReport;

/** Looks into images: reports out of what the store has of them. Reads only. */
public final class ImageInspections {
    private ImageInspections() {}

    /** The layers of an image, what each changed and what is wasted. Takes time in proportion to its files. */
    public static LayersReport layers(Image image, Snapshots snapshots) throws IOException {
        var lines = new ArrayList<LayersReport.Line>();
        var wasted = new LayerEfficiency();
        Iterator<ImageConfig.History> history = image.config().history().stream()
                .filter(step -> !step.emptyLayer())
                .iterator();
        for (Layer layer : image.layers()) {
            LayerChanges changes = snapshots.changes(layer.chainId());
            FileTree files = snapshots.layerFiles(layer.chainId());
            var counted = new HardLinks();
            wasted.layer(
                    visitor -> files.walk("/", entry -> {
                        if (entry.kind() != FileKind.DIRECTORY) {
                            visitor.visit(entry.path(), counted.bytes(entry));
                        }
                        return true;
                    }),
                    changes);
            Optional<ImageConfig.History> step = history.hasNext() ? Optional.of(history.next()) : Optional.empty();
            lines.add(new LayersReport.Line(
                    lines.size() + 1,
                    layer,
                    step.flatMap(ImageConfig.History::createdBy)
                            .filter(text -> !text.isBlank())
                            .or(() -> step.flatMap(ImageConfig.History::comment))
                            .orElse(""),
                    changes));
        }
        return new LayersReport(image, lines, wasted.result());
    }

    /**
     * A folder of an image with all that is below it; or one file. Takes time in proportion to what is below.
     *
     * @param image as the user named it
     * @param changes that are marked, of the whole image
     * @throws java.nio.file.NoSuchFileException when there is nothing of that path
     */
    public static FilesReport files(String image, FileTree tree, String path, LayerChanges changes) throws IOException {
        return new MarkedTree(tree, changes).report(image, path);
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
