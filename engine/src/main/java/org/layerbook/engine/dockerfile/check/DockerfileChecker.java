package org.layerbook.engine.dockerfile.check;

import java.util.Optional;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.plan.PlanCheck;
import org.layerbook.engine.builder.plan.Planner;
import org.layerbook.engine.builder.plan.StageGraph;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.parse.DockerfileReader;

/**
 * Whether BuildKit would take a Dockerfile: what a build reads, resolves and plans, without anything being carried out. Base
 * images are taken to exist, with nothing in their config but a PATH. As with BuildKit, the instructions of stages that the
 * target does not need are parsed but not expanded.
 */
public final class DockerfileChecker {
    /**
     * What was found.
     *
     * @param problem the first one, in BuildKit's order; absent when the file is accepted
     */
    public record Verdict(Optional<Problem> problem) {
        public boolean accepted() {
            return problem.isEmpty();
        }
    }

    /**
     * @param line as BuildKit counts; absent where it names none
     * @param message BuildKit's sentence as {@code docker build} shows it, {@code dockerfile parse error on line 2: …}
     *     included
     * @param diagnostic the same with the exact place and a hint, for showing
     */
    public record Problem(Optional<Integer> line, String message, Diagnostic diagnostic) {}

    private DockerfileChecker() {}

    public static Verdict check(String text) {
        return check(text, BuildSettings.DEFAULT);
    }

    /** @param settings of a build: platform, arguments, target, what names stand for */
    public static Verdict check(String text, BuildSettings settings) {
        try {
            StageGraph graph = StageGraph.of(DockerfileReader.read(text), settings);
            var planner = new Planner(settings, graph.globalEnvironment(), Optional.empty());
            new PlanCheck(graph, planner, settings)
                    .check(node -> Optional.of(
                            PlanCheck.Base.scratch(node.plan().platform().orElse(settings.platform()))));
            return new Verdict(Optional.empty());
        } catch (DockerfileException e) {
            return new Verdict(Optional.of(new Problem(e.line(), e.getMessage(), e.diagnostic())));
        }
    }
}
