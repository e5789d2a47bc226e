package org.layerbook.engine.builder.plan;

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
 * @param target name (in any case) or index of the stage to build; the last one when absent
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
    public static final BuildSettings DEFAULT = new Change().done();

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
    public Change change() {
        return new Change(this);
    }

    /** Collects what is to be different in a copy. */
    public static final class Change {
        private Optional<Path> context = Optional.empty();
        private boolean contextIsFetched;
        private Optional<Long> contextTime = Optional.empty();
        private Optional<Path> ignoreFile = Optional.empty();
        private List<String> hidden = List.of();
        private Map<String, String> buildArgs = Map.of();
        private Optional<String> target = Optional.empty();
        private Map<String, String> labels = Map.of();
        private Map<String, NamedContext> namedContexts = Map.of();
        private Map<String, Image> namedImages = Map.of();
        private Map<String, Secret> secrets = Map.of();
        private Map<String, Path> sshSockets = Map.of();
        private boolean noCache;
        private boolean pull;
        private Set<String> noCacheStages = Set.of();
        private ProcessSpec.Network network = ProcessSpec.Network.HOST;
        private Optional<Platform> givenPlatform = Optional.empty();
        private List<ProcessSpec.Host> extraHosts = List.of();
        private ProcessSpec.Limits limits = ProcessSpec.Limits.NONE;
        private Optional<Long> sourceDateEpoch = Optional.empty();
        private CacheOptions caches = CacheOptions.NONE;
        private boolean squash;

        /** Of the defaults. */
        private Change() {}

        private Change(BuildSettings from) {
            context = from.context;
            contextIsFetched = from.contextIsFetched;
            contextTime = from.contextTime;
            ignoreFile = from.ignoreFile;
            hidden = from.hidden;
            buildArgs = from.buildArgs;
            target = from.target;
            labels = from.labels;
            namedContexts = from.namedContexts;
            namedImages = from.namedImages;
            secrets = from.secrets;
            sshSockets = from.sshSockets;
            noCache = from.noCache;
            pull = from.pull;
            noCacheStages = from.noCacheStages;
            network = from.network;
            givenPlatform = from.givenPlatform;
            extraHosts = from.extraHosts;
            limits = from.limits;
            sourceDateEpoch = from.sourceDateEpoch;
            caches = from.caches;
            squash = from.squash;
        }

        public Change context(Path changed) {
            context = Optional.of(changed);
            return this;
        }

        public Change contextIsFetched(boolean changed) {
            contextIsFetched = changed;
            return this;
        }

        public Change contextTime(Optional<Long> changed) {
            contextTime = changed;
            return this;
        }

        public Change ignoreFile(Path changed) {
            ignoreFile = Optional.of(changed);
            return this;
        }

        public Change hidden(List<String> changed) {
            hidden = changed;
            return this;
        }

        public Change buildArgs(Map<String, String> changed) {
            buildArgs = changed;
            return this;
        }

        public Change target(String changed) {
            target = Optional.of(changed);
            return this;
        }

        public Change labels(Map<String, String> changed) {
            labels = changed;
            return this;
        }

        public Change namedContexts(Map<String, NamedContext> changed) {
            namedContexts = changed;
            return this;
        }

        public Change namedImages(Map<String, Image> changed) {
            namedImages = changed;
            return this;
        }

        public Change secrets(Map<String, Secret> changed) {
            secrets = changed;
            return this;
        }

        public Change sshSockets(Map<String, Path> changed) {
            sshSockets = changed;
            return this;
        }

        public Change noCache(boolean changed) {
            noCache = changed;
            return this;
        }

        public Change pull(boolean changed) {
            pull = changed;
            return this;
        }

        public Change noCacheStages(Set<String> changed) {
            noCacheStages = changed;
            return this;
        }

        public Change network(ProcessSpec.Network changed) {
            network = changed;
            return this;
        }

        public Change platform(Platform changed) {
            givenPlatform = Optional.of(changed);
            return this;
        }

        public Change extraHosts(List<ProcessSpec.Host> changed) {
            extraHosts = changed;
            return this;
        }

        public Change limits(ProcessSpec.Limits changed) {
            limits = changed;
            return this;
        }

        public Change sourceDateEpoch(Long changed) {
            sourceDateEpoch = Optional.of(changed);
            return this;
        }

        public Change caches(CacheOptions changed) {
            caches = changed;
            return this;
        }

        public Change squash(boolean changed) {
            squash = changed;
            return this;
        }

        public BuildSettings done() {
            return new BuildSettings(
                    context,
                    contextIsFetched,
                    contextTime,
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
                    pull,
                    noCacheStages,
                    network,
                    givenPlatform,
                    extraHosts,
                    limits,
                    sourceDateEpoch,
                    caches,
                    squash);
        }
    }
}
