package org.layerbook.interpreter.command.build;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;

/**
 * What one {@code docker build} is to do, everything read and checked.
 *
 * @param fileName of the Dockerfile, as messages name it
 * @param platforms one or more; {@code settings} are for the first
 * @param names for the image
 * @param makesIndex whether an index is made: of several platforms, or because it is asked for
 * @param call what is asked instead of a build
 * @param annotations for the image's manifest
 */
record BuildRequest(
        String fileName,
        Dockerfile dockerfile,
        BuildSettings settings,
        List<Platform> platforms,
        boolean makesIndex,
        List<Reference> names,
        List<BuildPairs.Annotation> annotations,
        Optional<BuildCall> call,
        Progress progress,
        BuildOutputs outputs,
        Optional<Path> idFile,
        Optional<Path> metadataFile) {
    BuildRequest {
        names = List.copyOf(names);
        platforms = List.copyOf(platforms);
    }

    enum Progress {
        /** In place where there is a display, else {@link #PLAIN}. */
        AUTO,
        PLAIN,
        /** Nothing but the image's ID at the end. */
        QUIET,
        /** Nothing at all. */
        NONE
    }
}
