package org.layerbook.engine.builder.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.RunMount;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.dockerfile.expand.ExpansionException;
import org.layerbook.engine.golang.GoText;
import org.layerbook.engine.golang.Suggestion;

/**
 * The stages of a Dockerfile, what each stands on and reads from, and which of them the target needs.
 *
 * @param globals what ARGs before the first FROM have set
 */
public record StageGraph(ArgScope globals, Environment globalEnvironment, List<Node> nodes, int target) {

    /**
     * @param base what FROM names, expanded
     * @param baseStage the stage that is, where it is one
     * @param reads stages that COPY and RUN mounts name
     */
    public record Node(
            int index,
            Instruction.From from,
            FromPlan plan,
            Optional<Integer> baseStage,
            Set<Integer> reads,
            List<Instruction> instructions) {
        public Set<Integer> needs() {
            var needs = new TreeSet<>(reads);
            baseStage.ifPresent(needs::add);
            return needs;
        }

        public String title() {
            return from.stageName().orElse("stage-" + index);
        }
    }

    /** @throws DockerfileException in BuildKit's order: arguments, bases, target, {@code --from}, circles */
    public static StageGraph of(Dockerfile dockerfile, BuildSettings settings) throws DockerfileException {
        List<List<Instruction>> parts = split(dockerfile);
        List<List<Instruction>> stages = parts.subList(1, parts.size());
        if (stages.isEmpty()) {
            throw new DockerfileException(
                    Diagnostic.of(new SourceRange(1, 1, 1, 2), "dockerfile contains no stages to build"));
        }
        Optional<String> targetName =
                settings.target().or(() -> ((Instruction.From) stages.getLast().getFirst()).stageName());
        ArgScope globals = ArgScope.EMPTY;
        for (Instruction instruction : parts.getFirst()) {
            globals = GlobalArguments.declare(globals, (Instruction.Arg) instruction, settings, targetName);
        }
        Environment environment = BuildArguments.global(settings, targetName, globals);
        List<Node> nodes = nodes(stages, settings, environment);
        int target = settings.target().isPresent() ? target(settings.target().get(), nodes) : nodes.size() - 1;
        var graph = new StageGraph(globals, environment, withReads(nodes, settings), target);
        graph.checkCircles();
        graph.checkImages(settings);
        return graph;
    }

    /** Every image has to be well named, whether its stage is needed or not. */
    private void checkImages(BuildSettings settings) throws DockerfileException {
        for (Node node : nodes) {
            if (node.baseStage().isEmpty()) {
                checkImage(node.plan().base(), node.from(), settings);
            }
        }
        for (Node node : nodes) {
            for (Instruction instruction : node.instructions()) {
                for (String name : sources(instruction)) {
                    if (stageNamed(name, instruction, nodes).isEmpty()) {
                        checkImage(name, instruction, settings);
                    }
                }
            }
        }
    }

    private static void checkImage(String name, Instruction where, BuildSettings settings) throws DockerfileException {
        boolean isGiven = settings.namedImages().containsKey(name)
                || settings.namedContext(name).isPresent();
        if (!name.equals(FromPlan.SCRATCH) && !isGiven) {
            FromPlan.checkReference(name, where);
        }
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

    private static List<Node> nodes(List<List<Instruction>> stages, BuildSettings settings, Environment environment)
            throws DockerfileException {
        var nodes = new ArrayList<Node>();
        Map<String, Integer> byName = new HashMap<>();
        for (List<Instruction> stage : stages) {
            var from = (Instruction.From) stage.getFirst();
            FromPlan plan = FromPlan.of(from, environment, settings);
            // A named context of the stage's name stands in its place.
            boolean replaced = from.stageName().flatMap(settings::namedContext).isPresent();
            Optional<Integer> base = Optional.ofNullable(replaced ? null : byName.get(plan.base()));
            int index = nodes.size();
            nodes.add(
                    new Node(index, from, plan, base, Set.of(), replaced ? List.of() : stage.subList(1, stage.size())));
            from.stageName().ifPresent(name -> byName.put(name.toLowerCase(Locale.ROOT), index));
        }
        return nodes;
    }

    /** By name only, as BuildKit: the classic builder took indexes, too. */
    private static int target(String wanted, List<Node> nodes) throws DockerfileException {
        Optional<Integer> named = find(wanted, nodes);
        if (named.isPresent()) {
            return named.get();
        }
        List<String> names = nodes.stream().map(Node::title).toList();
        throw new DockerfileException(Diagnostic.of(
                nodes.getLast().from().origin().range(),
                Suggestion.addTo("target stage " + GoText.quote(wanted) + " could not be found", wanted, names, true)));
    }

    /** The last stage of that name, in any case. */
    public static Optional<Integer> find(String name, List<Node> nodes) {
        Optional<Integer> found = Optional.empty();
        for (Node node : nodes) {
            if (node.from().stageName().filter(name::equalsIgnoreCase).isPresent()) {
                found = Optional.of(node.index());
            }
        }
        return found;
    }

    private static List<Node> withReads(List<Node> nodes, BuildSettings settings) throws DockerfileException {
        var complete = new ArrayList<Node>();
        for (Node node : nodes) {
            var reads = new LinkedHashSet<Integer>();
            for (Instruction instruction : node.instructions()) {
                for (String name : sources(instruction)) {
                    if (!settings.namedImages().containsKey(name)) {
                        stageNamed(name, instruction, nodes).ifPresent(reads::add);
                    }
                }
            }
            complete.add(
                    new Node(node.index(), node.from(), node.plan(), node.baseStage(), reads, node.instructions()));
        }
        return complete;
    }

    /** Which stage {@code name} is, by name or, in COPY, by index; empty for an image. */
    private static Optional<Integer> stageNamed(String name, Instruction instruction, List<Node> nodes)
            throws DockerfileException {
        if (instruction instanceof Instruction.Copy && name.matches("[+-]?[0-9]{1,9}")) {
            int index = Integer.parseInt(name);
            if (index < 0 || index >= nodes.size()) {
                throw new DockerfileException(
                        Diagnostic.of(instruction.origin().range(), "invalid stage index " + index));
            }
            return Optional.of(index);
        }
        return find(name, nodes);
    }

    /** What COPY's {@code --from} and RUN's mounts name. */
    public static List<String> sources(Instruction instruction) throws DockerfileException {
        return switch (instruction) {
            case Instruction.Copy copy -> {
                CopyPlanner.checkFrom(copy);
                yield copy.from().stream().toList();
            }
            case Instruction.Run run -> {
                var names = new ArrayList<String>();
                for (String mount : run.mounts()) {
                    from(mount).ifPresent(names::add);
                }
                yield names;
            }
            default -> List.of();
        };
    }

    /** Other options may hold variables that are not known yet; {@code from} may not. */
    private static Optional<String> from(String mount) {
        try {
            RunMount.checkUnexpanded(mount);
            return switch (RunMount.parse(mount, value -> value)) {
                case RunMount.Bind bind -> bind.from();
                case RunMount.Cache cache -> cache.from();
                default -> Optional.empty();
            };
        } catch (ExpansionException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void checkCircles() throws DockerfileException {
        for (Node node : nodes) {
            var above = new LinkedHashSet<Integer>();
            collect(node.needs(), above);
            if (above.contains(node.index())) {
                throw new DockerfileException(Diagnostic.of(
                        closing(node).origin().range(), "circular dependency detected on stage: " + node.title()));
            }
        }
    }

    /** The last instruction of the stage that leads back to it. */
    private Instruction closing(Node node) throws DockerfileException {
        for (Instruction instruction : node.instructions().reversed()) {
            for (String name : sources(instruction)) {
                Optional<Integer> read = stageNamed(name, instruction, nodes).filter(node.reads()::contains);
                var above = new LinkedHashSet<Integer>();
                collect(read.stream().collect(Collectors.toSet()), above);
                if (above.contains(node.index())) {
                    return instruction;
                }
            }
        }
        return node.from();
    }

    private void collect(Set<Integer> from, Set<Integer> into) {
        for (int index : from) {
            if (into.add(index)) {
                collect(nodes.get(index).needs(), into);
            }
        }
    }

    /** The target and all that it needs, in the order of the file. */
    public Set<Integer> needed() {
        var needed = new TreeSet<Integer>();
        needed.add(target);
        collect(nodes.get(target).needs(), needed);
        return needed;
    }
}
