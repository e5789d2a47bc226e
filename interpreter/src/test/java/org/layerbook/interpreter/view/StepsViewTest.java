package org.layerbook.interpreter.view;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.layer.LayerChanges.Change;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.interpreter.Rendered;
import org.layerbook.interpreter.report.FailureReport;
import org.layerbook.interpreter.report.Report;
import org.layerbook.interpreter.report.StagesReport;
import org.layerbook.interpreter.report.StepsReport;
import org.layerbook.interpreter.report.StepsReport.LiveImage;
import org.layerbook.interpreter.report.StepsReport.Row;
import org.layerbook.interpreter.report.StepsReport.State;
import org.layerbook.interpreter.testing.Golden;
import org.layerbook.interpreter.testing.Samples;
import org.layerbook.interpreter.view.layout.StyleSheet;
import org.layerbook.interpreter.view.layout.ViewOptions;

class StepsViewTest {
    private static final ViewOptions OPTIONS =
            new ViewOptions(100, Instant.parse("2026-02-01T00:00:00Z"), ZoneOffset.UTC);

    private static final Image BASE = Samples.image(
            Samples.PYTHON, ContainerConfig.EMPTY.withEnv("PATH", "/usr/bin"), 74_800_000, 41_200_000, 8_000_000);

    @Test
    void aCellWithInstructions() {
        check("steps", steps());
    }

    @Test
    void aCellRunAgain() {
        Image now = Samples.image("now", ContainerConfig.EMPTY.withWorkingDir("/app"), 124_000_000, 47_000_000);
        Image was = Samples.image("was", ContainerConfig.EMPTY.withWorkingDir("/app"), 124_000_000, 58_100_000);
        var step = Row.of(
                4,
                Samples.record(
                        Samples.run("pip install --no-cache-dir -r requirements.txt"),
                        false,
                        5970,
                        now,
                        pipFiles(2198)));
        check(
                "steps-replaced",
                new StepsReport(
                        List.of(step),
                        Optional.of(new LiveImage(
                                "@",
                                now,
                                Samples.PYTHON,
                                124_000_000,
                                Optional.of(now),
                                Optional.of(was),
                                Optional.of("the command changed"),
                                List.of("In [5]", "In [6]"),
                                List.of()))));
    }

    @Test
    void aCellAtWork() {
        check(
                "steps-running",
                new StepsReport(
                        List.of(
                                Row.of(1, Samples.metadata(Samples.workdir("/app"), true, BASE)),
                                Row.unfinished(2, Samples.run("make"), State.RUNNING, Duration.ofSeconds(75))
                                        .withProgress("compiling"),
                                Row.unfinished(3, Samples.run("make install"), State.WAITING, Duration.ZERO)),
                        Optional.empty()));
    }

    @Test
    void whatComesFromAnImageDoesNothingToAPageOrATerminal() {
        var step = Row.of(
                        1,
                        Samples.record(
                                Samples.run("echo '<script>alert(1)</script>' \u001b[2J\u202e"),
                                false,
                                10,
                                BASE,
                                Samples.added("/<img src=x onerror=alert(1)>\"'&", 3)))
                .withWarnings(List.of("<b>bold</b>"));
        var config = ContainerConfig.EMPTY.withEnv("A<i>", "\"><svg onload=x>\u001b]0;title\u0007");
        var live = new LiveImage(
                "@",
                Samples.image("evil", config, 1),
                "<base>",
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.of("<u>"),
                List.of("<In>"),
                List.of("<out>"));
        Rendered rendered = Views.render(new StepsReport(List.of(step), Optional.of(live)), OPTIONS);
        String html = rendered.form(Rendered.HTML).orElseThrow();
        for (String tag : List.of("<script", "<img", "<svg", "<b>bold", "<base>", "<u>", "<In>", "<out>", "<i>")) {
            assertFalse(html.contains(tag), tag + " in " + html);
        }
        for (String type : rendered.mimeTypes()) {
            String form = rendered.form(type).orElseThrow();
            assertFalse(form.contains("\u001b[2J") || form.contains("\u001b]") || form.contains("\u202e"), form);
        }
        assertFalse(rendered.text().contains("\u001b"));
    }

    @Test
    void aFailure() {
        check(
                "failure",
                new FailureReport(
                        "COPY failed: \"requirement.txt\" is not in the build context (2 files, 1 hidden by .dockerignore)",
                        Optional.of(new FailureReport.Place(
                                Optional.empty(), 1, List.of("COPY requirement.txt .", "RUN make"), 1, 6, 21)),
                        Optional.of("did you mean requirements.txt?"),
                        List.of(),
                        Optional.of("Nothing changed: @ is still 171 MB, step 4.")));
        check(
                "failure-run",
                new FailureReport(
                        "RUN failed: make exited with 2",
                        Optional.of(new FailureReport.Place(
                                Optional.of("Dockerfile"), 9, List.of("COPY . .", "RUN make"), 10, 1, 1)),
                        Optional.empty(),
                        List.of("cc -c a.c", "a.c:1: error: <oops>"),
                        Optional.of("Nothing changed.")));
    }

    @Test
    void theStages() {
        check(
                "stages",
                new StagesReport(List.of(
                        new StagesReport.Line("@0", Optional.of("builder"), Samples.PYTHON, 4, BASE, false),
                        new StagesReport.Line(
                                "@1",
                                Optional.empty(),
                                "scratch",
                                2,
                                Samples.image("s", ContainerConfig.EMPTY, 12_000_000),
                                true))));
    }

    @Test
    void theStyleSheetStaysSmall() {
        assertTrue(StyleSheet.CSS.length() < 3072, () -> StyleSheet.CSS.length() + " characters");
    }

    private static StepsReport steps() {
        var config = ContainerConfig.EMPTY.withEnv("PATH", "/usr/bin").withWorkingDir("/app");
        Image image = Samples.image("image", config, 74_800_000, 41_200_000, 8_000_000, 0, 312, 58_100_000);
        var steps = List.of(
                Row.of(1, Samples.metadata(Samples.from(Samples.PYTHON), true, BASE)),
                Row.of(
                        2,
                        Samples.record(
                                Samples.workdir("/app"),
                                false,
                                2,
                                Samples.image("image", config, 74_800_000, 41_200_000, 8_000_000, 0),
                                Samples.added("/app", 0))),
                Row.of(
                        3,
                        Samples.record(
                                Samples.copy("requirements.txt", "."),
                                false,
                                12,
                                Samples.image("image", config, 74_800_000, 41_200_000, 8_000_000, 0, 312),
                                Samples.added("/app/requirements.txt", 312))),
                Row.of(
                                4,
                                Samples.record(
                                        Samples.run("pip install -r requirements.txt"),
                                        false,
                                        6420,
                                        Samples.image(
                                                "image", config, 74_800_000, 41_200_000, 8_000_000, 0, 312, 58_100_000),
                                        pipFiles(2214)))
                        .withWarnings(List.of("11 MB of pip cache stays in the layer")));
        return new StepsReport(
                steps,
                Optional.of(new LiveImage(
                        "@",
                        image,
                        Samples.PYTHON,
                        BASE.size(),
                        Optional.of(BASE),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of())));
    }

    private static Change[] pipFiles(int count) {
        var changes = new ArrayList<Change>();
        for (int i = 0; i < count; i++) {
            changes.add(Samples.added("/usr/lib/python3/site-packages/module" + i + ".py", 1000 + i));
        }
        changes.add(Samples.modified("/etc/passwd", 900));
        changes.add(Samples.modified("/etc/group", 500));
        changes.add(Samples.modified("/etc/shadow", 400));
        return changes.toArray(Change[]::new);
    }

    private static void check(String name, Report report) {
        Rendered rendered = Views.render(report, OPTIONS);
        Golden.check("views/" + name + ".txt", rendered.text() + "\n");
        Golden.check("views/" + name + ".ansi", rendered.form(Rendered.ANSI).orElseThrow() + "\n");
        String html = rendered.form(Rendered.HTML).orElseThrow();
        Golden.check(
                "views/" + name + ".html",
                html.replace(StyleSheet.CSS, "…").replaceAll("<(tr|details|/div)", "\n<$1") + "\n");
    }
}
