package org.layerbook.interpreter.command;

import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.store.Images;
import org.layerbook.interpreter.report.ImagesReport;
import org.layerbook.interpreter.report.ImagesReport.Line;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.view.DockerUnits;

/** An image's lines in a list, one a name; and a line as {@code --format} sees it. */
final class ImageRows {
    static final Map<String, String> HEADINGS = headings();

    private ImageRows() {}

    private static Map<String, String> headings() {
        var headings = new LinkedHashMap<String, String>();
        headings.put("ID", "IMAGE ID");
        headings.put("Repository", "REPOSITORY");
        headings.put("Tag", "TAG");
        headings.put("Digest", "DIGEST");
        headings.put("CreatedSince", "CREATED");
        headings.put("CreatedAt", "CREATED AT");
        headings.put("Size", "SIZE");
        headings.put("Containers", "CONTAINERS");
        headings.put("VirtualSize", "SIZE");
        headings.put("SharedSize", "SHARED SIZE");
        headings.put("UniqueSize", "UNIQUE SIZE");
        return headings;
    }

    /**
     * One line a tag; for a repository that is known by digest alone, one a digest.
     *
     * @param digests whether a tag's digests are shown, each on a line of its own
     */
    static List<Line> of(Images.Summary image, List<Reference> names, boolean digests) {
        var lines = new ArrayList<Line>();
        for (Reference name : names) {
            String repository = name.familiarName();
            var digestsHere = names.stream()
                    .filter(other -> other.name().equals(name.name()))
                    .flatMap(other -> other.digest().stream())
                    .toList();
            if (name.tag().isPresent()) {
                String tag = name.tag().get();
                if (digests && !digestsHere.isEmpty()) {
                    digestsHere.forEach(digest -> lines.add(line(image, repository, tag, digest.toString())));
                } else {
                    lines.add(line(image, repository, tag, ImagesReport.NONE));
                }
            } else if (names.stream()
                    .noneMatch(other ->
                            other.name().equals(name.name()) && other.tag().isPresent())) {
                lines.add(line(
                        image,
                        repository,
                        ImagesReport.NONE,
                        name.digest().map(Object::toString).orElse(ImagesReport.NONE)));
            }
        }
        if (names.isEmpty()) {
            lines.add(line(image, ImagesReport.NONE, ImagesReport.NONE, ImagesReport.NONE));
        }
        return lines;
    }

    private static Line line(Images.Summary image, String repository, String tag, String digest) {
        return new Line(repository, tag, digest, image.id(), image.created(), image.size(), java.util.Optional.empty());
    }

    static GoStruct context(Line line, boolean full, Instant now, ZoneId zone) {
        return context(line, full, "N/A", now, zone);
    }

    /** @param containers how many stand on it */
    static GoStruct context(Line line, boolean full, String containers, Instant now, ZoneId zone) {
        return GoStruct.context("*formatter.imageContext")
                .field("Containers", containers)
                .lazy("CreatedAt", () -> createdAt(line, zone))
                .lazy(
                        "CreatedSince",
                        () -> line.created()
                                .map(time -> DockerUnits.ago(time, now))
                                .orElse(""))
                .field("Digest", line.digest())
                .field("ID", full ? line.id().toString() : line.id().shortHex())
                .field("Repository", line.repository())
                .field("SharedSize", line.shared().map(DockerUnits::longSize).orElse("N/A"))
                .lazy("Size", () -> DockerUnits.size(line.size()))
                .field("Tag", line.tag())
                .field(
                        "UniqueSize",
                        line.shared()
                                .map(shared -> DockerUnits.longSize(line.size() - shared))
                                .orElse("N/A"))
                .lazy("VirtualSize", () -> DockerUnits.longSize(line.size()))
                .build();
    }

    private static String createdAt(Line line, ZoneId zone) {
        return DockerUnits.goTime(line.created().orElse(DockerUnits.NO_TIME).truncatedTo(ChronoUnit.SECONDS), zone);
    }
}
