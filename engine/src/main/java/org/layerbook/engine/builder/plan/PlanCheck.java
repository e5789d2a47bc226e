package org.layerbook.engine.builder.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.parse.DockerfileParser;
import org.layerbook.engine.oci.Platform;

/**
 * Plans every instruction of the stages that a build needs, for the errors: as BuildKit, which begins with no step before it
 * has planned them all.
 */
public final class PlanCheck {
    /** What a FROM begins with. @param triggers of ONBUILD */
    public record Base(StageConfig config, List<String> triggers) {
        public static Base scratch(Platform platform) {
            return new Base(StageConfig.scratch(platform), List.of());
        }
    }

    /** Tells what a stage that stands on no other begins with; absent where it is not known yet. */
    @FunctionalInterface
    public interface Bases {
        Optional<Base> of(StageGraph.Node node);
    }

    private final StageGraph graph;
    private final Planner planner;
    private final BuildSettings settings;

    public PlanCheck(StageGraph graph, Planner planner, BuildSettings settings) {
        this.graph = graph;
        this.planner = planner;
        this.settings = settings;
    }

    /**
     * Checks the stages whose bases are known.
     *
     * @throws DockerfileException the first error, in BuildKit's order
     */
    public void check(Bases bases) throws DockerfileException {
        Map<Integer, StageConfig> done = new HashMap<>();
        for (int index : graph.needed()) {
            StageGraph.Node node = graph.nodes().get(index);
            Optional<Base> base = node.baseStage().isPresent()
                    ? Optional.ofNullable(done.get(node.baseStage().get())).map(PlanCheck::inherited)
                    : bases.of(node);
            if (base.isPresent()) {
                done.put(index, check(node, triggered(base.get(), node)));
            } else {
                checkOrder(node);
            }
        }
    }

    /** Checks what follows the FROM of one stage. @param begun what FROM and triggers made */
    public StageConfig check(StageGraph.Node node, StageConfig begun) throws DockerfileException {
        StageConfig config = begun;
        for (Instruction instruction : node.instructions()) {
            config = planner.plan(config, instruction).after();
            checkOrder(node, instruction);
        }
        return config;
    }

    private static Base inherited(StageConfig parent) {
        return new Base(parent.inherited(), parent.config().onBuild());
    }

    private StageConfig triggered(Base base, StageGraph.Node node) throws DockerfileException {
        StageConfig config = base.config();
        for (String trigger : base.triggers()) {
            Instruction instruction = trigger(trigger, node.from(), node.plan().base());
            try {
                config = planner.plan(config, instruction).after();
            } catch (DockerfileException e) {
                throw new DockerfileException(new Diagnostic(
                        node.from().origin().range(),
                        e.getMessage(),
                        e.diagnostic().hint()));
            }
        }
        return config;
    }

    /** The instruction of an ONBUILD trigger. @param base what brought it along */
    public static Instruction trigger(String text, Instruction.From from, String base) throws DockerfileException {
        try {
            return DockerfileParser.parseTrigger(text);
        } catch (DockerfileException e) {
            throw new DockerfileException(new Diagnostic(
                    from.origin().range(),
                    "ONBUILD trigger " + text + " of " + base + ": "
                            + e.diagnostic().message(),
                    e.diagnostic().hint()));
        }
    }

    private void checkOrder(StageGraph.Node node) throws DockerfileException {
        for (Instruction instruction : node.instructions()) {
            checkOrder(node, instruction);
        }
    }

    private void checkOrder(StageGraph.Node node, Instruction instruction) throws DockerfileException {
        for (String name : StageSources.of(instruction)) {
            boolean isLater = StageSources.stage(name, instruction, graph.names(), settings)
                    .filter(index -> index > node.index())
                    .isPresent();
            if (isLater) {
                throw StageSources.tooEarly(name, instruction, node.title());
            }
        }
    }
}
