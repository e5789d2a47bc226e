package org.layerbook.engine.build;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.oci.Platform;

/** Says whether a Dockerfile that parses could be built, base images and files taken to exist. Runs nothing. */
public final class DockerfileCheck {
    private DockerfileCheck() {}

    /** The first error that a build would report before it runs anything. */
    public static Optional<Diagnostic> firstError(Dockerfile dockerfile, BuildSettings settings) {
        try {
            StageGraph graph = StageGraph.of(dockerfile, settings);
            for (StageGraph.Node node : graph.nodes()) {
                checkNames(graph, node, settings);
            }
            planAll(graph, settings);
            return Optional.empty();
        } catch (DockerfileException e) {
            return Optional.of(e.diagnostic());
        }
    }

    private static void checkNames(StageGraph graph, StageGraph.Node node, BuildSettings settings)
            throws DockerfileException {
        if (node.baseStage().isEmpty()) {
            checkName(node.plan().base(), node.from(), settings);
        }
        for (Instruction instruction : node.instructions()) {
            for (String name : StageGraph.sources(instruction)) {
                boolean isIndex = instruction instanceof Instruction.Copy && name.matches("[0-9]+");
                if (!isIndex && StageGraph.find(name, graph.nodes()).isEmpty()) {
                    checkName(name, instruction, settings);
                }
            }
        }
    }

    private static void checkName(String name, Instruction where, BuildSettings settings) throws DockerfileException {
        if (!name.equals(FromPlan.SCRATCH)
                && !settings.namedImages().containsKey(name)
                && !settings.namedContexts().containsKey(name)) {
            FromPlan.checkReference(name, where);
        }
    }

    private static void planAll(StageGraph graph, BuildSettings settings) throws DockerfileException {
        var planner = new Planner(
                settings, graph.globalEnvironment(), Epoch.of(settings, graph.globalEnvironment(), graph.nodes()));
        Map<Integer, Draft> drafts = new HashMap<>();
        for (int index : graph.needed()) {
            StageGraph.Node node = graph.nodes().get(index);
            Platform platform = node.plan().platform().orElse(settings.platform());
            Draft draft =
                    node.baseStage().map(base -> drafts.get(base).inherited()).orElseGet(() -> Draft.scratch(platform));
            List<Instruction> instructions = node.instructions();
            for (Instruction instruction : instructions) {
                draft = planner.plan(draft, instruction).after();
            }
            drafts.put(index, draft);
        }
    }
}
