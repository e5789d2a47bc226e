package org.layerbook.engine.builder;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.cache.BuiltCache;
import org.layerbook.engine.builder.fetch.BuildInputs;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.plan.CacheOptions;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.BuildListener;
import org.layerbook.engine.builder.step.BuildState;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.image.Image;

/**
 * Carries out instructions. Prints nothing; all it has to say goes to the listener while it runs and into the value it
 * returns. Cells and files go the same way: {@link #build} is {@link #execute} for each instruction that the target needs.
 */
public interface Builder {
    /**
     * One instruction on {@code state}: a FROM adds a stage (and runs the base's ONBUILD triggers), an ARG before any
     * stage adds to the global arguments, all others change the live stage.
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

    /**
     * An ARG that belongs to a FROM after it, although there are stages already: the head of a later cell. Later FROMs
     * see it too, earlier stages do not.
     */
    BuildState declareGlobal(BuildState state, Instruction.Arg instruction, BuildSettings settings)
            throws BuildException;

    /** A whole Dockerfile; only the stages that the target needs, independent ones in parallel. */
    Result build(Dockerfile dockerfile, BuildSettings settings, BuildListener listener, Cancellation cancellation)
            throws BuildException;

    /**
     * Whether {@code step}, a COPY or ADD of {@code state}'s build, would now read other files than it did: a changed
     * context. False for all other steps. Reads the context, changes nothing.
     */
    boolean isOutOfDate(BuildState state, Stage stage, StepRecord step, BuildSettings settings);

    /**
     * Writes what builds gave to the caches of {@code caches.to()}; those in the image are in it already.
     *
     * @param results of one Dockerfile, for a platform each
     * @throws IOException when one cannot be written; the message is a sentence
     */
    void exportCaches(List<Result> results, CacheOptions caches, BuildListener listener, Cancellation cancellation)
            throws IOException;

    /**
     * The image of a build that had SOURCE_DATE_EPOCH with no file younger than that in the layers that the build made.
     *
     * @param result with an epoch
     */
    Image rewritten(Result result) throws IOException;

    /** Fetches and unpacks what a build is given from elsewhere. */
    BuildInputs inputs();

    /**
     * @param image not yet in the store's list of images
     * @param state every stage that was built
     * @param cache what the steps gave, for {@link #exportCaches}
     * @param layersOfBase how many of the image's layers are its base image's
     * @param epoch SOURCE_DATE_EPOCH of the build, in seconds
     */
    record Result(
            Image image,
            BuildState state,
            Optional<String> targetName,
            BuiltCache cache,
            int layersOfBase,
            Optional<Long> epoch) {
        public Result(Image image, BuildState state, Optional<String> targetName, BuiltCache cache) {
            this(image, state, targetName, cache, 0, Optional.empty());
        }

        Result withImage(Image changed) {
            return new Result(changed, state, targetName, cache, layersOfBase, epoch);
        }
    }
}
