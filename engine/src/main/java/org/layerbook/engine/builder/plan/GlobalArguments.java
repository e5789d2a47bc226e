package org.layerbook.engine.builder.plan;

import java.util.Optional;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;

/** ARGs before a FROM: in force for FROM lines, and for an ARG in a stage that names them again. */
public final class GlobalArguments {
    private GlobalArguments() {}

    public static ArgScope declare(ArgScope scope, Instruction.Arg arg, BuildSettings settings, Optional<String> target)
            throws DockerfileException {
        ArgScope declared = scope;
        for (Instruction.ArgDeclaration each : arg.declarations()) {
            Optional<String> value = Optional.ofNullable(settings.buildArgs().get(each.name()));
            if (value.isEmpty() && each.defaultValue().isPresent()) {
                var words = new Words(BuildArguments.global(settings, target, declared), arg);
                value = Optional.of(words.word(each.defaultValue().get()));
            }
            // An ARG without a value says nothing against one that has been given before.
            if (value.isPresent() || !declared.values().containsKey(each.name())) {
                declared = declared.with(each.name(), value);
            }
        }
        return declared;
    }
}
