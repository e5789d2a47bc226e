package org.layerbook.engine.builder;

import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.builder.plan.ArgScope;
import org.layerbook.engine.builder.plan.BuildArguments;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.plan.Environment;
import org.layerbook.engine.builder.plan.GlobalArguments;
import org.layerbook.engine.builder.plan.Planner;
import org.layerbook.engine.builder.plan.RunPlanner;
import org.layerbook.engine.builder.plan.StageConfig;
import org.layerbook.engine.builder.plan.StageGraph;
import org.layerbook.engine.builder.plan.Words;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DocComments;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.RunMount;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.dockerfile.expand.ExpansionException;
import org.layerbook.engine.dockerfile.expand.WordExpander;

/**
 * What a build of a target can be given: arguments, secrets, agents. Nothing is built and no image is looked at, so
 * variables of base images are not known.
 *
 * @param name of the target, in lower case; empty for a stage without one
 */
public record BuildOutline(
        String name, Optional<String> description, List<Argument> args, List<Need> secrets, List<Need> agents) {
    /** @param value empty where there is none */
    public record Argument(String name, Optional<String> description, String value, SourceRange range) {}

    /** A secret or an agent, by its id. */
    public record Need(String name, boolean required, SourceRange range) {}

    /** @throws DockerfileException as a build of it */
    public static BuildOutline of(Dockerfile dockerfile, BuildSettings settings) throws DockerfileException {
        StageGraph graph = StageGraph.of(dockerfile, settings);
        var outliner = new Outliner(graph, settings, new DocComments(dockerfile));
        outliner.declareGlobals(dockerfile);
        return outliner.target();
    }

    /** An argument with the global ones that its value is made of. */
    private record Declared(Argument argument, Set<String> uses) {}

    /** What one stage, with those that it stands on, declares and uses. */
    private record Seen(
            Map<String, Declared> declared, Set<String> used, Map<String, Need> secrets, Map<String, Need> agents) {
        static Seen of(Map<String, Declared> globals) {
            return new Seen(
                    new LinkedHashMap<>(globals), new LinkedHashSet<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        }

        Seen copy() {
            return new Seen(
                    new LinkedHashMap<>(declared),
                    new LinkedHashSet<>(used),
                    new LinkedHashMap<>(secrets),
                    new LinkedHashMap<>(agents));
        }

        /** Those that are used, and those that these are made of. */
        Set<String> allUsed() {
            var all = new LinkedHashSet<String>();
            used.forEach(name -> add(name, all));
            return all;
        }

        private void add(String name, Set<String> all) {
            if (all.add(name) && declared.containsKey(name)) {
                declared.get(name).uses().forEach(each -> add(each, all));
            }
        }
    }

    private static final class Outliner {
        private final StageGraph graph;
        private final BuildSettings settings;
        private final DocComments comments;
        private final Map<String, Declared> globals = new LinkedHashMap<>();
        private final Map<Integer, Seen> seen = new LinkedHashMap<>();
        private final Map<Integer, StageConfig> drafts = new LinkedHashMap<>();

        Outliner(StageGraph graph, BuildSettings settings, DocComments comments) {
            this.graph = graph;
            this.settings = settings;
            this.comments = comments;
        }

        void declareGlobals(Dockerfile dockerfile) throws DockerfileException {
            ArgScope scope = ArgScope.EMPTY;
            for (Instruction instruction : dockerfile.instructions()) {
                if (!(instruction instanceof Instruction.Arg arg)) {
                    return;
                }
                for (Instruction.ArgDeclaration each : arg.declarations()) {
                    var one = new Instruction.Arg(arg.origin(), List.of(each));
                    Environment before = BuildArguments.global(settings, Optional.empty(), scope);
                    scope = GlobalArguments.declare(scope, one, settings, Optional.empty());
                    String value = Optional.ofNullable(scope.values().get(each.name()))
                            .flatMap(its -> its)
                            .orElse("");
                    globals.put(each.name(), new Declared(argument(each, arg, value), uses(each, arg, before)));
                }
            }
        }

        private Set<String> uses(Instruction.ArgDeclaration declared, Instruction.Arg arg, Environment before)
                throws DockerfileException {
            if (settings.buildArgs().containsKey(declared.name())
                    || declared.defaultValue().isEmpty()) {
                return Set.of();
            }
            var names = new HashSet<>(used(declared.defaultValue().get(), arg, before));
            if (names.remove(declared.name()) && globals.containsKey(declared.name())) {
                names.addAll(globals.get(declared.name()).uses());
            }
            return names;
        }

        private static Set<String> used(String text, Instruction instruction, Environment environment)
                throws DockerfileException {
            try {
                return new WordExpander(instruction.origin().escape())
                        .expand(text, environment::get)
                        .used();
            } catch (ExpansionException e) {
                throw new DockerfileException(Diagnostic.of(instruction.origin().range(), e.getMessage()));
            }
        }

        private Argument argument(Instruction.ArgDeclaration declared, Instruction.Arg arg, String value) {
            return new Argument(
                    declared.name(),
                    comments.of(arg, declared.name()),
                    value,
                    arg.origin().range());
        }

        BuildOutline target() throws DockerfileException {
            for (int index : graph.needed()) {
                look(graph.nodes().get(index));
            }
            StageGraph.Node target = graph.nodes().get(graph.target());
            Map<String, Argument> args = new LinkedHashMap<>();
            Map<String, Need> secrets = new LinkedHashMap<>();
            Map<String, Need> agents = new LinkedHashMap<>();
            gather(target, args, secrets, agents, new HashSet<>());
            String name = target.from().stageName().orElse("").toLowerCase(Locale.ROOT);
            return new BuildOutline(
                    name,
                    comments.of(target.from(), name),
                    args.values().stream()
                            .sorted(Comparator.comparing(arg -> arg.range().startLine()))
                            .toList(),
                    sorted(secrets),
                    sorted(agents));
        }

        private static List<Need> sorted(Map<String, Need> needs) {
            return needs.values().stream()
                    .sorted(Comparator.comparing(need -> need.range().startLine()))
                    .toList();
        }

        private void gather(
                StageGraph.Node node,
                Map<String, Argument> args,
                Map<String, Need> secrets,
                Map<String, Need> agents,
                Set<Integer> done) {
            if (!done.add(node.index())) {
                return;
            }
            Seen its = seen.get(node.index());
            for (String name : its.allUsed()) {
                if (its.declared().containsKey(name)) {
                    args.putIfAbsent(name, its.declared().get(name).argument());
                }
            }
            its.secrets().forEach(secrets::putIfAbsent);
            its.agents().forEach(agents::putIfAbsent);
            node.baseStage().ifPresent(base -> gather(graph.nodes().get(base), args, secrets, agents, done));
            node.reads().keySet().forEach(read -> gather(graph.nodes().get(read), args, secrets, agents, done));
        }

        private void look(StageGraph.Node node) throws DockerfileException {
            if (seen.containsKey(node.index())) {
                return;
            }
            if (node.baseStage().isPresent()) {
                look(graph.nodes().get(node.baseStage().get()));
            }
            Seen its = node.baseStage().map(base -> seen.get(base).copy()).orElseGet(() -> Seen.of(globals));
            StageConfig draft = node.baseStage()
                    .map(base -> drafts.get(base).inherited())
                    .orElseGet(() -> StageConfig.scratch(node.plan().platform().orElse(settings.platform())));
            its.used().addAll(used(node.from().image(), node.from(), graph.globalEnvironment()));
            its.used().addAll(used(node.from().platform().orElse(""), node.from(), graph.globalEnvironment()));
            var planner = new Planner(settings, graph.globalEnvironment(), Optional.empty());
            for (Instruction instruction : node.instructions()) {
                switch (instruction) {
                    case Instruction.Arg arg -> {
                        draft = planner.plan(draft, arg).after();
                        declare(arg, draft, its);
                    }
                    case Instruction.Env env -> draft = planner.plan(draft, env).after();
                    case Instruction.Run run -> needs(run, draft, its);
                    default -> {}
                }
            }
            drafts.put(node.index(), draft);
            seen.put(node.index(), its);
        }

        /** What only repeats a global one is shown where that stands. */
        private void declare(Instruction.Arg arg, StageConfig after, Seen its) {
            for (Instruction.ArgDeclaration each : arg.declarations()) {
                boolean repeats = each.defaultValue().isEmpty()
                        && !settings.buildArgs().containsKey(each.name())
                        && graph.globalEnvironment().get(each.name()).isPresent();
                if (!repeats) {
                    String value = Optional.ofNullable(after.args().values().get(each.name()))
                            .flatMap(given -> given)
                            .orElse("");
                    its.declared().put(each.name(), new Declared(argument(each, arg, value), Set.of()));
                }
                its.used().add(each.name());
            }
        }

        private static void needs(Instruction.Run run, StageConfig draft, Seen its) throws DockerfileException {
            var words = new Words(draft.environment(), run);
            for (String text : run.mounts()) {
                switch (RunPlanner.mount(text, words)) {
                    case RunMount.Secret secret ->
                        its.secrets().putIfAbsent(secret.id(), need(secret.id(), secret.required(), run));
                    case RunMount.Ssh ssh -> its.agents().putIfAbsent(ssh.id(), need(ssh.id(), ssh.required(), run));
                    default -> {}
                }
            }
        }

        private static Need need(String id, boolean required, Instruction.Run run) {
            return new Need(id, required, run.origin().range());
        }
    }
}
