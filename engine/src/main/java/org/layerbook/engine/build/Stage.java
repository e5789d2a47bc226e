package org.layerbook.engine.build;

import java.util.List;
import java.util.Optional;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.store.Image;

/**
 * One stage as far as it is built. A value.
 *
 * @param index from 0 in its build
 * @param name from {@code AS}
 * @param image what the instructions so far have made; a change is a new image. Its config carries env, user, workdir,
 *     shell
 * @param args build arguments in scope
 * @param base what FROM named, as a person would say it
 * @param steps what has been carried out in this stage, the FROM first
 */
public record Stage(
        int index,
        Optional<String> name,
        Instruction.From from,
        Image image,
        ArgScope args,
        String base,
        boolean cmdSet,
        List<StepRecord> steps) {
    public Stage {
        steps = List.copyOf(steps);
    }
}
