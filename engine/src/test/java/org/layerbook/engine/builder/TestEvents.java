package org.layerbook.engine.builder;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.layerbook.engine.builder.step.BuildEvent;

/** Events as lines, without what differs from run to run. */
final class TestEvents {
    private TestEvents() {}

    static List<String> lines(BuildEvent event) {
        return switch (event) {
            case BuildEvent.StepStarted started ->
                List.of(id(started.step()) + (started.onBuild() ? "ONBUILD " : "") + started.text());
            case BuildEvent.Output output ->
                List.of((output.isStderr() ? "  ! " : "  | ")
                        + new String(output.bytes(), StandardCharsets.UTF_8).stripTrailing());
            case BuildEvent.StepFinished finished ->
                List.of("  done" + (finished.record().cached() ? ", cached" : ""));
            case BuildEvent.StepFailed failed -> List.of("  failed: " + failed.message());
            case BuildEvent.Aside aside -> List.of("  " + aside.title() + ": " + aside.lines());
            case BuildEvent.Warning warning -> List.of("  warning: " + warning.message());
            case BuildEvent.Progress progress -> List.of();
        };
    }

    private static String id(BuildEvent.StepId id) {
        return "[" + (id.stage().isEmpty() ? "" : id.stage() + " ") + id.number() + "/" + id.total() + "] ";
    }
}
