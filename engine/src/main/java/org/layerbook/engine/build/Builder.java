package org.layerbook.engine.build;

import java.util.Optional;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.sandbox.Cancellation;
import org.layerbook.engine.store.Image;

/**
 * Carries out instructions. Prints nothing; all it has to say goes to the listener while it runs and into the value it
 * returns. Cells and files go the same way: {@link #build} is {@link #execute} for each instruction that the target needs.
 */
public interface Builder {
    /**
     * One instruction on {@code state}: a FROM adds a stage, an ARG before any stage (or with {@code globalArg}) adds to
     * the global arguments, all others change the live stage.
     *
     * @throws BuildException the state is then still {@code state}
     */
    BuildState execute(
            BuildState state,
            Instruction instruction,
            BuildSettings settings,
            BuildListener listener,
            Cancellation cancellation)
            throws BuildException;

    /** A whole Dockerfile; only the stages that the target needs, independent ones in parallel. */
    Result build(Dockerfile dockerfile, BuildSettings settings, BuildListener listener, Cancellation cancellation)
            throws BuildException;

    /** @param image not yet in the store's list of images; @param state every stage that was built */
    record Result(Image image, BuildState state, Optional<String> targetName) {}
}
