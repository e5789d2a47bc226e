package org.layerbook.interpreter.command.image;

import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.image.Images;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.oci.Reference;
import org.layerbook.interpreter.report.ImagesReport;
import org.layerbook.interpreter.report.ImagesReport.Line;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.view.layout.DockerUnits;

/** An image's lines in a list, one a name; and a line as {@code --format} sees it. */
public final class ImageRows {
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
     * @param digests whether a tag's digest is shown
     */
    public static List<Line> of(Images.Summary image, List<Names.Name> all, boolean digests) {
        var lines = new ArrayList<Line>();
        List<Reference> names = all.stream().map(Names.Name::reference).toList();
        for (Names.Name one : all) {
            Reference name = one.reference();
            String repository = name.familiarName();
            if (name.tag().isPresent()) {
                String digest = digests ? digest(one, all) : ImagesReport.NONE;
                lines.add(line(image, repository, name.tag().get(), digest));
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

    /** The digest that the repository has for what the tag stands for; {@code <none>} before it is pushed. */
    private static String digest(Names.Name tag, List<Names.Name> all) {
        return all.stream()
                .filter(other -> other.reference().name().equals(tag.reference().name()))
                .flatMap(other -> other.reference().digest().stream())
                .filter(digest -> tag.target()
                        .filter(target -> target.digest().equals(digest))
                        .isPresent())
                .findFirst()
                .map(Object::toString)
                .orElse(ImagesReport.NONE);
    }

    private static Line line(Images.Summary image, String repository, String tag, String digest) {
        return new Line(repository, tag, digest, image.id(), image.created(), image.size(), Optional.empty());
    }

    public static GoStruct context(Line line, boolean full, Instant now, ZoneId zone) {
        return context(line, full, "N/A", now, zone);
    }

    /** @param containers how many stand on it */
    public static GoStruct context(Line line, boolean full, String containers, Instant now, ZoneId zone) {
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
