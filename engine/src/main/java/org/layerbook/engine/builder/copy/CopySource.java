package org.layerbook.engine.builder.copy;

import java.io.IOException;
import java.util.Optional;
import org.layerbook.engine.builder.plan.Step;
import org.layerbook.engine.builder.step.StepFailedException;
import org.layerbook.engine.builder.tree.TargetTree;
import org.layerbook.engine.sandbox.UserLookup;

/** A source of COPY or ADD that has been found. What it holds open belongs to the {@link CopySources} it came from. */
public interface CopySource {
    /** What is copied, for the key: which files, and whether archives among them are unpacked. */
    String key() throws IOException, StepFailedException;

    /**
     * Writes it.
     *
     * @param owner of everything, where {@code --chown} is given
     * @param options flags of the instruction
     */
    void copyTo(TargetTree target, String destination, Optional<UserLookup.Owner> owner, Step.Options options)
            throws IOException, StepFailedException;

    /** Something that has changed since {@link #key} was asked for; empty when nothing has. */
    Optional<String> changed() throws IOException;
}
