package org.layerbook.interpreter.view;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.layer.LayerChanges.Change;
import org.layerbook.engine.layer.LayerChanges.FileKind;
import org.layerbook.engine.layer.LayerChanges.Kind;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.interpreter.Rendered;
import org.layerbook.interpreter.report.BuildReport;
import org.layerbook.interpreter.report.ChangesReport;
import org.layerbook.interpreter.report.DifferenceReport;
import org.layerbook.interpreter.report.DiskUsageReport;
import org.layerbook.interpreter.report.FilesReport;
import org.layerbook.interpreter.report.HistoryReport;
import org.layerbook.interpreter.report.ImagesReport;
import org.layerbook.interpreter.report.InspectReport;
import org.layerbook.interpreter.report.LayersReport;
import org.layerbook.interpreter.report.Report;
import org.layerbook.interpreter.report.StepsReport.Row;
import org.layerbook.interpreter.report.StepsReport.State;
import org.layerbook.interpreter.report.TransferReport;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.testing.Golden;
import org.layerbook.interpreter.testing.Samples;
import org.layerbook.interpreter.view.layout.StyleSheet;
import org.layerbook.interpreter.view.layout.ViewOptions;

class ReportViewsTest {
    private static final Instant NOW = Instant.parse("2026-02-01T00:00:00Z");
    private static final ViewOptions OPTIONS = new ViewOptions(100, NOW, ZoneOffset.UTC);

    @Test
    void images() {
        check(
                "images",
                new ImagesReport(
                        List.of(
                                image("web", "1", 182_000_000).withShared(124_000_000),
                                image("python", "3.12-slim", 124_000_000).withShared(124_000_000),
                                image("<none>", "<none>", 12)),
                        false,
                        false,
                        Optional.of(306_000_000L)));
        check("images-none", new ImagesReport(List.of(), false, true, Optional.empty()));
    }

    @Test
    void aThousandImagesDoNotMakeAThousandRows() {
        var lines = new ArrayList<ImagesReport.Line>();
        for (int i = 0; i < 1000; i++) {
            lines.add(image("web", Integer.toString(i), i));
        }
        Rendered rendered = Views.render(new ImagesReport(lines, false, false, Optional.empty()), OPTIONS);
        assertTrue(rendered.form(Rendered.HTML).orElseThrow().length() < 80_000);
        assertTrue(rendered.form(Rendered.HTML).orElseThrow().contains("900 more"));
        assertTrue(rendered.text().lines().count() == 1001);
    }

    private static ImagesReport.Line image(String repository, String tag, long size) {
        return new ImagesReport.Line(
                repository,
                tag,
                ImagesReport.NONE,
                Samples.digest(repository + tag),
                Optional.of(NOW.minusSeconds(3000)),
                size,
                Optional.empty());
    }

    @Test
    void history() {
        check(
                "history",
                new HistoryReport(
                        List.of(
                                entry("CMD [\"python3\"]", 0),
                                entry("RUN |1 A=b /bin/sh -c pip install -r requirements.txt # buildkit", 47_000_000),
                                entry("COPY requirements.txt . # buildkit", 312),
                                entry("WORKDIR /app", 0),
                                entry("/bin/sh -c #(nop)  ENV A=<b>", 0),
                                entry(
                                        "/bin/sh -c set -eux; apt-get update && apt-get install -y something",
                                        41_200_000),
                                entry("# debian.sh --arch 'amd64' out/ 'bookworm'", 74_800_000)),
                        false,
                        true));
    }

    private static HistoryReport.Line entry(String createdBy, long size) {
        return new HistoryReport.Line(
                Optional.of(Samples.digest(createdBy)).filter(id -> createdBy.startsWith("CMD")),
                Optional.of(NOW.minusSeconds(200_000)),
                createdBy,
                size,
                "buildkit.dockerfile.v0",
                Optional.empty(),
                size == 0
                        ? Optional.empty()
                        : Optional.of(new LayerChanges(List.of(Samples.added("/usr/lib/a<b>", size)))));
    }

    @Test
    void inspect() {
        var report = new InspectReport(List.of(GoStruct.named("image.InspectResponse")
                .field("ID", "Id", false, "sha256:12")
                .field("RepoTags", List.of("web:1", "web:<2>"))
                .field(
                        "Config",
                        GoStruct.named("config")
                                .omitEmpty("Env", List.of("PATH=/bin"))
                                .omitEmpty("User", "")
                                .omitEmpty("Labels", Map.of("a<", "\"b\""))
                                .build())
                .field("Size", 5L)
                .build()));
        check("inspect", report);
        String json = Views.render(report, OPTIONS).form(Rendered.JSON).orElseThrow();
        Golden.check("views/inspect.json", json + "\n");
    }

    @Test
    void diskUsage() {
        check(
                "disk-usage",
                new DiskUsageReport(List.of(
                        new DiskUsageReport.Line("Images", 3, 1, 182_000_000, 58_000_000, true),
                        new DiskUsageReport.Line("Containers", 0, 0, 0, 0, false),
                        new DiskUsageReport.Line("Build Cache", 12, 0, 90_000_000, 90_000_000, false))));
    }

    @Test
    void aBuild() {
        Image image = Samples.image("i", ContainerConfig.EMPTY, 124_000_000, 58_000_000);
        var lines = List.of(
                line("builder", Row.of(1, Samples.metadata(Samples.from("python:3.12"), true, image)), List.of()),
                line(
                        "builder",
                        Row.of(2, Samples.record(Samples.run("make"), false, 6400, image)),
                        List.of("cc a.c", "<done>")));
        check(
                "build",
                new BuildReport(
                        lines,
                        List.of(),
                        Optional.of(new BuildReport.Finished(
                                image, List.of("web:1"), Duration.ofMillis(7_100), List.of("notes.ipynb is copied")))));
        var running = new ArrayList<>(lines);
        running.add(line(
                "",
                Row.unfinished(3, Samples.run("make test"), State.RUNNING, Duration.ofSeconds(3)),
                List.of("ok 1", "ok 2")));
        check("build-running", new BuildReport(running, List.of("ok 1", "ok 2"), Optional.empty()));
    }

    @Test
    void looks() {
        Image image = Samples.image("i", ContainerConfig.EMPTY, 124_000_000, 58_000_000);
        var changes = new LayerChanges(List.of(Samples.added("/a", 5), Samples.deleted("/b<i>")));
        check(
                "layers",
                new LayersReport(
                        image,
                        List.of(
                                new LayersReport.Line(1, image.layers().get(0), "# debian.sh", changes),
                                new LayersReport.Line(2, image.layers().get(1), "RUN /bin/sh -c make", changes)),
                        new LayersReport.Efficiency(
                                0.98442, 1_220_598, 32_025, List.of(new LayersReport.Waste("/b<i>", 2, 32_025)), 3)));
        var file = node("/app/run.sh", FileKind.FILE, 0100755, "", 1_200, Optional.of(Kind.MODIFIED));
        var link = node("/app/sh", FileKind.SYMLINK, 0120777, "/bin/<sh>", 0, Optional.empty());
        var gone = node("/app/old", FileKind.FILE, 0, "", 0, Optional.of(Kind.DELETED));
        var folder = node("/app", FileKind.DIRECTORY, 041777, "", 1_200, Optional.empty(), file, link, gone);
        check("files", new FilesReport("@", "/", List.of(folder, file, gone), true));
        check("changes", new ChangesReport("step 3", changes));
        check(
                "difference",
                new DifferenceReport(
                        "a",
                        "b",
                        changes,
                        ContainerConfig.EMPTY.withEnv("A", "1"),
                        ContainerConfig.EMPTY.withEnv("A", "2").withUser("me"),
                        List.of(
                                new DifferenceReport.PackageChange("curl", Optional.empty(), Optional.of("8.1")),
                                new DifferenceReport.PackageChange("libc6", Optional.of("2.36"), Optional.of("2.37")),
                                new DifferenceReport.PackageChange("vim", Optional.of("9"), Optional.empty()))));
    }

    @Test
    void aPull() {
        check(
                "transfer",
                new TransferReport(
                        "1.27: Pulling from <nginx>\n…",
                        List.of("1.27: Pulling from <nginx>"),
                        List.of(
                                new TransferReport.Layer(
                                        "a2abf6c4d29d", "Pull complete", false, 29_100_000, 29_100_000),
                                new TransferReport.Layer("c8b5e1f0a7d3", "Downloading", true, 24_600_000, 41_400_000),
                                new TransferReport.Layer("5f1b0dd2c9e1", "Already exists", false, 0, 0)),
                        List.of("53.7MB of 70.5MB, 38MB/s")));
    }

    @Test
    void aTreeOfManyFilesDoesNotMakeAPageOfThem() {
        var files = new ArrayList<Change>();
        for (int i = 0; i < 20_000; i++) {
            files.add(Samples.added("/usr/share/doc/package" + i / 10 + "/file" + i, i));
        }
        var rendered = Views.render(new ChangesReport("step 1", new LayerChanges(files)), OPTIONS);
        assertTrue(rendered.form(Rendered.HTML).orElseThrow().length() < 60_000);
        assertTrue(rendered.form(Rendered.HTML).orElseThrow().contains(" more<"));
        assertTrue(rendered.text().lines().count() < 70);
        assertTrue(rendered.text().contains("19,940 more"));
    }

    private static FilesReport.Node node(
            String path,
            FileKind kind,
            int mode,
            String link,
            long bytes,
            Optional<Kind> mark,
            FilesReport.Node... in) {
        var entry = new FileTree.Entry(
                path,
                kind,
                mode,
                0,
                1000,
                0,
                Optional.of(link).filter(target -> !target.isEmpty()),
                NOW,
                Optional.empty());
        return new FilesReport.Node(entry, bytes, mark, List.of(in));
    }

    private static BuildReport.Line line(String stage, Row step, List<String> output) {
        return new BuildReport.Line(stage, step, output, output.size());
    }

    private static void check(String name, Report report) {
        Rendered rendered = Views.render(report, OPTIONS);
        Golden.check("views/" + name + ".txt", rendered.text() + "\n");
        Golden.check(
                "views/" + name + ".html",
                rendered.form(Rendered.HTML)
                                .orElseThrow()
                                .replace(StyleSheet.CSS, "…")
                                .replaceAll("<(tr|details|/div)", "\n<$1")
                        + "\n");
    }
}
