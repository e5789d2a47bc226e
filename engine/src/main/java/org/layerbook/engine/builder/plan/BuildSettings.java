package org.layerbook.engine.builder.plan;

import io.soabase.recordbuilder.core.RecordBuilder;
import io.soabase.recordbuilder.core.RecordBuilder.ConcreteSettersForOptionalMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.sandbox.ProcessSpec;

/**
 * What a build is given besides the Dockerfile. A value; {@link #change()} makes another.
 *
 * @param context the folder that COPY and ADD read; absent when there is none ({@code docker build - < Dockerfile})
 * @param contextIsFetched the context is none of the user's folders but was an archive, a repository, a URL: no
 *     .dockerignore holds in it, and files keep their owners
 * @param contextTime of a context that was fetched, in seconds, where it has one: a commit's, a server's, an archive's
 * @param ignoreFile the .dockerignore to use when not the context's own (a per-Dockerfile one)
 * @param hidden paths in the context that are left out besides, such as the notebook itself; as in a .dockerignore
 * @param buildArgs of {@code --build-arg}, resolved: a name without a value has the environment's or is not here
 * @param target name, in any case, of the stage to build; the last one when absent
 * @param namedContexts of {@code --build-context}, by {@link #contextName}
 * @param namedImages images under names that only the caller knows ({@code @web/builder}), for FROM, {@code COPY --from}
 *     and {@code RUN --mount=from}; looked up, as written, before stages and the store
 * @param secrets by id
 * @param sshSockets by id, {@code default} the usual one: an agent's socket
 * @param noCache nothing is taken from the cache, and what is built replaces what is there
 * @param pull FROM and {@code --from} take what a registry has now, also when the store has the image
 * @param noCacheStages as {@code noCache} for these stages alone
 * @param givenPlatform of {@code --platform}: the image is for it, whatever its last FROM says
 * @param limits of every RUN's process
 * @param sourceDateEpoch seconds; a build argument SOURCE_DATE_EPOCH is over it
 * @param squash whether all that the build adds to its base becomes one layer
 */
@RecordBuilder
@RecordBuilder.Options(buildMethodName = "done", addConcreteSettersForOptional = ConcreteSettersForOptionalMode.ENABLED)
public record BuildSettings(
        Optional<Path> context,
        boolean contextIsFetched,
        Optional<Long> contextTime,
        Optional<Path> ignoreFile,
        List<String> hidden,
        Map<String, String> buildArgs,
        Optional<String> target,
        Map<String, String> labels,
        Map<String, NamedContext> namedContexts,
        Map<String, Image> namedImages,
        Map<String, Secret> secrets,
        Map<String, Path> sshSockets,
        boolean noCache,
        boolean pull,
        Set<String> noCacheStages,
        ProcessSpec.Network network,
        Optional<Platform> givenPlatform,
        List<ProcessSpec.Host> extraHosts,
        ProcessSpec.Limits limits,
        Optional<Long> sourceDateEpoch,
        CacheOptions caches,
        boolean squash) {
    public static final BuildSettings DEFAULT = BuildSettingsBuilder.builder()
            .hidden(List.of())
            .buildArgs(Map.of())
            .labels(Map.of())
            .namedContexts(Map.of())
            .namedImages(Map.of())
            .secrets(Map.of())
            .sshSockets(Map.of())
            .noCacheStages(Set.of())
            .network(ProcessSpec.Network.HOST)
            .extraHosts(List.of())
            .limits(ProcessSpec.Limits.NONE)
            .caches(CacheOptions.NONE)
            .done();

    /** What {@code RUN --mount=type=secret} shows. */
    public sealed interface Secret {
        record File(Path path) implements Secret {}

        /** Of an environment variable. Not part of any message or key. */
        record Value(String value) implements Secret {
            @Override
            public String toString() {
                return "Value[****]";
            }
        }
    }

    /**
     * The name under which a context is kept and found: {@code docker.io/library/alpine:latest} is {@code alpine}.
     *
     * @throws IllegalArgumentException when it could not be an image's name
     */
    public static String contextName(String name) {
        String familiar = Reference.parse(name).familiar();
        return familiar.endsWith(":latest") ? familiar.substring(0, familiar.length() - ":latest".length()) : familiar;
    }

    /** What the build is for: this machine's when none is given. */
    public Platform platform() {
        return givenPlatform.orElseGet(Platform::host);
    }

    /** What the name of a stage or an image stands for instead. */
    public Optional<NamedContext> namedContext(String name) {
        if (namedContexts.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(namedContexts.get(contextName(name)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public BuildSettings withContext(Path folder) {
        return change().context(folder).done();
    }

    /** Begins a copy in which some things are different. */
    public BuildSettingsBuilder change() {
        return BuildSettingsBuilder.builder(this);
    }
}
