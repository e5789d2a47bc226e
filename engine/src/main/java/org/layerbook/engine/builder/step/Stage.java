package org.layerbook.engine.builder.step;

import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.plan.ArgScope;
import org.layerbook.engine.builder.plan.StageConfig;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.oci.Digest;

/**
 * One stage as far as it is built. A value.
 *
 * @param index from 0 in its build
 * @param name from {@code AS}
 * @param image what the instructions so far have made; a change is a new image
 * @param draft the same config as the next instruction goes on from: arguments, expansion, history without the times
 *     that later steps decide
 * @param base what FROM named, as a user would say it
 * @param baseImage the image that FROM named, or the stage's; absent for scratch
 * @param steps what has been carried out in this stage, the FROM first; ONBUILD triggers follow it
 */
public record Stage(
        int index,
        Optional<String> name,
        Instruction.From from,
        Image image,
        StageConfig draft,
        String base,
        Optional<Image> baseImage,
        List<StepRecord> steps) {
    public Stage {
        steps = List.copyOf(steps);
    }

    /** The ID of {@link #baseImage}; of a stage's it is made only when somebody asks. */
    public Optional<Digest> baseId() {
        return baseImage.map(Image::id);
    }

    /** Build arguments in scope. */
    public ArgScope args() {
        return draft.args();
    }

    /** The name, or {@code stage-N} as BuildKit says it. */
    public String title() {
        return name.orElse("stage-" + index);
    }
}
