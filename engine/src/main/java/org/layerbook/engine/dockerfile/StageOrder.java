package org.layerbook.engine.dockerfile;

import java.util.Optional;
import org.layerbook.engine.golang.GoText;

/** BuildKit's sentences on a stage that is used before it is built. */
public final class StageOrder {
    private StageOrder() {}

    /**
     * @param stage the name of the stage that {@code instruction} is in
     * @param source the stage that it reads from
     */
    public static String tooEarly(String stage, Instruction instruction, String source) {
        if (!(instruction instanceof Instruction.Run run)) {
            return "cannot copy from stage " + GoText.quote(source) + ", it needs to be defined before current stage "
                    + GoText.quote(stage);
        }
        String target = run.mounts().stream()
                .filter(mount -> RunMountParser.option(mount, "from").equals(Optional.of(source)))
                .flatMap(mount -> RunMountParser.option(mount, "target", "dst", "destination").stream())
                .findFirst()
                .orElse("");
        return "cannot mount from stage " + GoText.quote(source) + " to " + GoText.quote(target)
                + ", stage needs to be defined before current command";
    }
}
