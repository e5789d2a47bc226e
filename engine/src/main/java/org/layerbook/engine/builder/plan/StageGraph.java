package org.layerbook.engine.builder.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.golang.GoText;
import org.layerbook.engine.golang.Suggestion;

/**
 * The stages of a Dockerfile, what each stands on and reads from, and which of them the target needs.
 *
 * @param globals what ARGs before the first FROM have set
 * @param names finds the nodes
 */
public record StageGraph(
        ArgScope globals, Environment globalEnvironment, List<Node> nodes, StageNames<Integer> names, int target) {

    /**
     * @param base what FROM names, expanded
     * @param baseStage the stage that is, where it is one
     * @param reads stages that COPY and RUN mounts name, each with the last instruction that does
     */
    public record Node(
            int index,
            Instruction.From from,
            FromPlan plan,
            Optional<Integer> baseStage,
            Map<Integer, Instruction> reads,
            List<Instruction> instructions) {
        public Set<Integer> needs() {
            var needs = new TreeSet<>(reads.keySet());
            baseStage.ifPresent(needs::add);
            return needs;
        }

        public String title() {
            return from.stageName().orElse("stage-" + index);
        }
    }

    /** @throws DockerfileException in BuildKit's order: arguments, bases, target, {@code --from}, circles, images */
    public static StageGraph of(Dockerfile dockerfile, BuildSettings settings) throws DockerfileException {
        List<List<Instruction>> parts = split(dockerfile);
        List<List<Instruction>> stages = parts.subList(1, parts.size());
        if (stages.isEmpty()) {
            throw DockerfileException.ofWholeFile("dockerfile contains no stages to build", "start a stage with FROM");
        }
        Optional<String> targetName =
                settings.target().or(() -> ((Instruction.From) stages.getLast().getFirst()).stageName());
        ArgScope globals = ArgScope.EMPTY;
        for (Instruction instruction : parts.getFirst()) {
            globals = GlobalArguments.declare(globals, (Instruction.Arg) instruction, settings, targetName);
        }
        Environment environment = BuildArguments.global(settings, targetName, globals);
        var names = new StageNames<Integer>();
        List<Node> nodes = nodes(stages, names, settings, environment);
        int target = settings.target().isPresent()
                ? target(settings.target().get(), nodes, names)
                : nodes.getLast().index();
        var graph = new StageGraph(globals, environment, withReads(nodes, names, settings), names, target);
        graph.checkCircles();
        graph.checkImages(settings);
        return graph;
    }

    /** The ARGs at the head, then the instructions of each stage, its FROM first. */
    private static List<List<Instruction>> split(Dockerfile dockerfile) {
        var parts = new ArrayList<List<Instruction>>();
        parts.add(new ArrayList<>());
        for (Instruction instruction : dockerfile.instructions()) {
            if (instruction instanceof Instruction.From) {
                parts.add(new ArrayList<>());
            }
            parts.getLast().add(instruction);
        }
        return parts;
    }

    private static List<Node> nodes(
            List<List<Instruction>> stages, StageNames<Integer> names, BuildSettings settings, Environment environment)
            throws DockerfileException {
        var nodes = new ArrayList<Node>();
        for (List<Instruction> stage : stages) {
            var from = (Instruction.From) stage.getFirst();
            FromPlan plan = FromPlan.of(from, environment, settings);
            // A named context of the stage's name stands in its place.
            boolean replaced = from.stageName().flatMap(settings::namedContext).isPresent();
            Optional<Integer> base = replaced ? Optional.empty() : names.base(plan.base());
            int index = nodes.size();
            nodes.add(
                    new Node(index, from, plan, base, Map.of(), replaced ? List.of() : stage.subList(1, stage.size())));
            names.add(index, from.stageName(), index);
        }
        return nodes;
    }

    /** By name only, as BuildKit: the classic builder took indexes, too. */
    private static int target(String wanted, List<Node> nodes, StageNames<Integer> names) throws DockerfileException {
        Optional<Integer> named = names.named(wanted);
        if (named.isPresent()) {
            return named.get();
        }
        List<String> titles = nodes.stream().map(Node::title).toList();
        throw DockerfileException.ofWholeFile(
                Suggestion.addTo("target stage " + GoText.quote(wanted) + " could not be found", wanted, titles, true),
                "available stages: " + String.join(", ", titles));
    }

    private static List<Node> withReads(List<Node> nodes, StageNames<Integer> names, BuildSettings settings)
            throws DockerfileException {
        var complete = new ArrayList<Node>();
        for (Node node : nodes) {
            var reads = new LinkedHashMap<Integer, Instruction>();
            for (Instruction instruction : node.instructions()) {
                for (String name : StageSources.of(instruction)) {
                    StageSources.stage(name, instruction, names, settings)
                            .ifPresent(read -> reads.put(read, instruction));
                }
            }
            complete.add(
                    new Node(node.index(), node.from(), node.plan(), node.baseStage(), reads, node.instructions()));
        }
        return complete;
    }

    private void checkCircles() throws DockerfileException {
        var done = new HashSet<Integer>();
        for (Node node : nodes) {
            Optional<Instruction> closing = done.contains(node.index()) ? Optional.empty() : findCircle(node, done);
            if (closing.isPresent()) {
                throw StageSources.at(
                        closing.get(),
                        "circular dependency detected on stage: " + node.title(),
                        "a stage can only use stages above it");
            }
        }
    }

    /**
     * The instruction of {@code start} with which a circle of stages begins. A FROM closes none: it only sees stages above
     * it.
     *
     * @param done stages that are in no circle; those that {@code start} reads from are added
     */
    private Optional<Instruction> findCircle(Node start, Set<Integer> done) {
        // A stack of our own: a file may have more stages than Java's has room for.
        var path = new LinkedHashMap<Integer, Iterator<Integer>>();
        path.put(start.index(), start.reads().keySet().iterator());
        Optional<Integer> first = Optional.empty();
        while (!path.isEmpty()) {
            var here = path.lastEntry();
            if (!here.getValue().hasNext()) {
                done.add(here.getKey());
                path.pollLastEntry();
                continue;
            }
            int next = here.getValue().next();
            first = here.getKey() == start.index() ? Optional.of(next) : first;
            if (path.containsKey(next)) {
                return first.map(start.reads()::get);
            }
            if (!done.contains(next)) {
                path.put(next, nodes.get(next).reads().keySet().iterator());
            }
        }
        return Optional.empty();
    }

    /** Every image has to be well named, whether its stage is needed or not. */
    private void checkImages(BuildSettings settings) throws DockerfileException {
        for (Node node : nodes) {
            if (node.baseStage().isEmpty()) {
                StageSources.checkImage(node.plan().base(), node.from(), names, settings);
            }
        }
        for (Node node : nodes) {
            for (Instruction instruction : node.instructions()) {
                for (String name : StageSources.of(instruction)) {
                    if (StageSources.stage(name, instruction, names, settings).isEmpty()) {
                        StageSources.checkImage(name, instruction, names, settings);
                    }
                }
            }
        }
    }

    /** The target and all that it needs, in the order of the file. */
    public Set<Integer> needed() {
        var needed = new TreeSet<Integer>();
        var open = new ArrayDeque<Integer>(List.of(target));
        while (!open.isEmpty()) {
            int index = open.pop();
            if (needed.add(index)) {
                open.addAll(nodes.get(index).needs());
            }
        }
        return needed;
    }
}
