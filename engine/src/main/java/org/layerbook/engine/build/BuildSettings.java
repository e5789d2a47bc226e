package org.layerbook.engine.build;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.sandbox.ProcessSpec;
import org.layerbook.engine.store.Image;

/**
 * What a build is given besides the Dockerfile.
 *
 * @param context the folder that COPY and ADD read; absent when there is none ({@code docker build - < Dockerfile})
 * @param ignoreFile the .dockerignore to use when not the context's own (a per-Dockerfile one)
 * @param hidden paths in the context that are left out besides, such as the notebook itself
 * @param buildArgs of {@code --build-arg}; an absent value takes the environment's
 * @param namedContexts of {@code --build-context}: a folder, or {@code docker-image://…}
 * @param namedImages images under names that only the caller knows ({@code @web/builder}), for FROM, {@code COPY --from}
 *     and {@code RUN --mount=from}; looked up, as written, before stages and the store
 * @param secrets by id: the file to show
 * @param sourceDateEpoch seconds
 */
public record BuildSettings(
        Optional<Path> context,
        Optional<Path> ignoreFile,
        List<String> hidden,
        Map<String, String> buildArgs,
        Optional<String> target,
        Map<String, String> labels,
        Map<String, String> namedContexts,
        Map<String, Image> namedImages,
        Map<String, Path> secrets,
        Map<String, Path> sshSockets,
        boolean noCache,
        ProcessSpec.Network network,
        Platform platform,
        List<String> extraHosts,
        Optional<Long> sourceDateEpoch) {
    public static final BuildSettings DEFAULT = new BuildSettings(
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Map.of(),
            Optional.empty(),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            false,
            ProcessSpec.Network.HOST,
            Platform.host(),
            List.of(),
            Optional.empty());

    public BuildSettings withContext(Path folder) {
        return new BuildSettings(
                Optional.of(folder),
                ignoreFile,
                hidden,
                buildArgs,
                target,
                labels,
                namedContexts,
                namedImages,
                secrets,
                sshSockets,
                noCache,
                network,
                platform,
                extraHosts,
                sourceDateEpoch);
    }
}
