package org.layerbook.interpreter.command.spec;

import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.image.Image;

/** What commands may ask of the session: the references that begin with {@code @}, and nothing that changes the build. */
public interface SessionImages {
    /**
     * The image that {@code @}, {@code @NAME}, {@code @N} or {@code @[N]} names; empty when there is none such. The
     * message of a refusal is the command's.
     */
    Optional<Image> resolve(String reference);

    /** Every reference of this kind that names something now, for completion and for "did you mean". */
    List<String> references();

    /** The session as a Dockerfile, for {@code docker build -f @}. */
    Dockerfile asDockerfile() throws CommandException;

    /** Images that the session's steps stand on: not to be removed without {@code -f}. */
    List<Image> inUse();

    /** Takes over what a failed step of {@code docker build} left, as {@code @failed}. */
    void keepFailed(BuildException failure);
}
