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
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.store.Image;
import org.layerbook.interpreter.Rendered;
import org.layerbook.interpreter.report.BuildReport;
import org.layerbook.interpreter.report.DiskUsageReport;
import org.layerbook.interpreter.report.HistoryReport;
import org.layerbook.interpreter.report.ImagesReport;
import org.layerbook.interpreter.report.InspectReport;
import org.layerbook.interpreter.report.Report;
import org.layerbook.interpreter.report.StepsReport.State;
import org.layerbook.interpreter.report.StepsReport.Step;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.testing.Golden;
import org.layerbook.interpreter.testing.Samples;

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
                        false));
        check("images-none", new ImagesReport(List.of(), false, true));
    }

    @Test
    void aThousandImagesDoNotMakeAThousandRows() {
        var lines = new ArrayList<ImagesReport.Line>();
        for (int i = 0; i < 1000; i++) {
            lines.add(image("web", Integer.toString(i), i));
        }
        Rendered rendered = Views.render(new ImagesReport(lines, false, false), OPTIONS);
        assertTrue(rendered.byMimeType().get(Rendered.HTML).length() < 80_000);
        assertTrue(rendered.byMimeType().get(Rendered.HTML).contains("800 more"));
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
                "buildkit.dockerfile.v0");
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
        String json = Views.render(report, OPTIONS).byMimeType().get(Rendered.JSON);
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
                line("builder", Step.of(1, Samples.metadata(Samples.from("python:3.12"), true, image)), List.of()),
                line(
                        "builder",
                        Step.of(2, Samples.record(Samples.run("make"), false, 6400, image)),
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
                Step.unfinished(3, Samples.run("make test"), State.RUNNING, Duration.ofSeconds(3)),
                List.of("ok 1", "ok 2")));
        check("build-running", new BuildReport(running, List.of("ok 1", "ok 2"), Optional.empty()));
    }

    private static BuildReport.Line line(String stage, Step step, List<String> output) {
        return new BuildReport.Line(stage, step, output, output.size());
    }

    private static void check(String name, Report report) {
        Rendered rendered = Views.render(report, OPTIONS);
        Golden.check("views/" + name + ".txt", rendered.text() + "\n");
        Golden.check(
                "views/" + name + ".html",
                rendered.byMimeType()
                                .get(Rendered.HTML)
                                .replace(StyleSheet.CSS, "…")
                                .replaceAll("<(tr|details|/div)", "\n<$1")
                        + "\n");
    }
}
