package org.layerbook.interpreter.session.completion;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.builder.step.BuildState;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.interpreter.cell.Entry;

/**
 * The build as it will be when the entries before the cursor have run: its stages, and the variables of the last one.
 *
 * @param stages name → base
 * @param variables of the live stage, then the global arguments
 */
record PendingBuild(Map<String, String> stages, Map<String, String> variables) {
    /** @param before entries of the same cell, which have not run yet */
    static PendingBuild of(BuildState build, List<Entry> before) {
        var reading = new Reading(build);
        before.forEach(entry -> {
            if (entry instanceof Entry.Instruction instruction) {
                reading.add(instruction.instruction());
            }
        });
        return reading.result();
    }

    private static final class Reading {
        private final Map<String, String> stages = new LinkedHashMap<>();
        /** Of each stage with a name; a stage hands these on to those that begin from it, its arguments not. */
        private final Map<String, Map<String, String>> environments = new LinkedHashMap<>();

        private final Map<String, String> globals = new LinkedHashMap<>();
        private Map<String, String> environment = new LinkedHashMap<>();
        private Map<String, String> arguments = globals;

        Reading(BuildState build) {
            build.globalArgs().values().forEach((name, value) -> globals.put(name, value.orElse("")));
            for (Stage stage : build.stages()) {
                begin(stage.name(), stage.base(), environment(stage));
                stage.args().values().forEach((name, value) -> arguments.put(name, value.orElse("")));
            }
        }

        private static Map<String, String> environment(Stage stage) {
            var environment = stage.draft().environment();
            var values = new LinkedHashMap<String, String>();
            environment
                    .names()
                    .forEach(name -> values.put(name, environment.get(name).orElse("")));
            stage.args().values().keySet().forEach(values::remove);
            return values;
        }

        void add(Instruction instruction) {
            switch (instruction) {
                case Instruction.From from -> begin(from.stageName(), from.image(), inherited(from.image()));
                case Instruction.Env env -> env.pairs().forEach(pair -> environment.put(pair.key(), pair.value()));
                case Instruction.Arg arg ->
                    arg.declarations()
                            .forEach(declared -> arguments.put(
                                    declared.name(), declared.defaultValue().orElse("")));
                default -> {}
            }
        }

        private void begin(Optional<String> name, String base, Map<String, String> inherited) {
            environment = new LinkedHashMap<>(inherited);
            arguments = new LinkedHashMap<>();
            name.ifPresent(its -> {
                stages.put(its, base);
                environments.put(its, environment);
            });
        }

        /** What a stage has from its base, as far as that is a stage: {@code @} is the live one, {@code @NAME} another. */
        private Map<String, String> inherited(String image) {
            return image.equals("@")
                    ? environment
                    : environments.getOrDefault(image.startsWith("@") ? image.substring(1) : image, Map.of());
        }

        PendingBuild result() {
            var variables = new LinkedHashMap<>(environment);
            arguments.forEach(variables::putIfAbsent);
            globals.forEach(variables::putIfAbsent);
            return new PendingBuild(stages, variables);
        }
    }
}
