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
        private final Map<String, Map<String, String>> variablesOf = new LinkedHashMap<>();
        private final Map<String, String> globals = new LinkedHashMap<>();
        private Map<String, String> live = new LinkedHashMap<>();
        private boolean begun;

        Reading(BuildState build) {
            for (Stage stage : build.stages()) {
                stage.name().ifPresent(name -> {
                    stages.put(name, stage.base());
                    variablesOf.put(name, environment(stage));
                });
            }
            build.globalArgs().values().forEach((name, value) -> globals.put(name, value.orElse("")));
            build.live().ifPresent(stage -> {
                begun = true;
                live = environment(stage);
                stage.args().values().forEach((name, value) -> live.putIfAbsent(name, value.orElse("")));
            });
        }

        private static Map<String, String> environment(Stage stage) {
            var environment = stage.draft().environment();
            var values = new LinkedHashMap<String, String>();
            environment
                    .names()
                    .forEach(name -> values.put(name, environment.get(name).orElse("")));
            return values;
        }

        void add(Instruction instruction) {
            switch (instruction) {
                case Instruction.From from -> begin(from);
                case Instruction.Env env -> env.pairs().forEach(pair -> live.put(pair.key(), pair.value()));
                case Instruction.Arg arg ->
                    arg.declarations()
                            .forEach(declared -> (begun ? live : globals)
                                    .put(
                                            declared.name(),
                                            declared.defaultValue().orElse("")));
                default -> {}
            }
        }

        private void begin(Instruction.From from) {
            begun = true;
            live = new LinkedHashMap<>(
                    Optional.ofNullable(variablesOf.get(from.image())).orElse(Map.of()));
            from.stageName().ifPresent(name -> {
                stages.put(name, from.image());
                variablesOf.put(name, live);
            });
        }

        PendingBuild result() {
            var variables = new LinkedHashMap<>(live);
            globals.forEach(variables::putIfAbsent);
            return new PendingBuild(stages, variables);
        }
    }
}
