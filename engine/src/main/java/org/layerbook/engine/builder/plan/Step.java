package org.layerbook.engine.builder.plan;

import java.util.List;
import java.util.Optional;
import org.layerbook.engine.dockerfile.ChmodMode;
import org.layerbook.engine.dockerfile.RunMount;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.sandbox.ProcessSpec;

/**
 * What one instruction comes to, with everything resolved that can be without looking at files: variables expanded, paths
 * absolute, shell put before. A value; the {@link Planner} makes it.
 */
public sealed interface Step {
    /** The stage's draft once the step is done. Where the step makes a layer, its history entry still lacks a time. */
    StageConfig after();

    /**
     * Only the config changes.
     *
     * @param argValues of an ARG: the values of its declarations, in their order
     */
    record Configure(StageConfig after, List<Optional<String>> argValues) implements Step {
        public Configure {
            argValues = List.copyOf(argValues);
        }

        Configure(StageConfig after) {
            this(after, List.of());
        }
    }

    /**
     * WORKDIR: the directory is there afterwards.
     *
     * @param path absolute
     * @param owner of what is made, as USER says it; empty for root
     */
    record MakeDirectory(StageConfig after, String path, String owner, Optional<Long> epoch) implements Step {}

    /**
     * RUN.
     *
     * @param environment of the process, proxies left out
     * @param proxies variables for the process that neither history nor key know
     * @param user as USER says it; empty for root
     * @param missingDevices of {@code --device}, which the step can do without
     * @param script a file for the command to run, of a heredoc that begins with {@code #!}
     */
    record Run(
            StageConfig after,
            List<String> argv,
            Environment environment,
            Environment proxies,
            String workingDir,
            String user,
            List<RunMount> mounts,
            ProcessSpec.Network network,
            List<ProcessSpec.Host> extraHosts,
            Optional<Script> script,
            List<String> missingDevices)
            implements Step {
        /** Where the process finds its script: {@code FOLDER/name}. */
        public static final String SCRIPT_FOLDER = "/dev/pipes/";

        public record Script(String name, String content) {}
    }

    /**
     * COPY and ADD.
     *
     * @param destination absolute; a slash at the end says that it is a directory
     */
    record Copy(StageConfig after, String keyword, List<Source> sources, String destination, Options options)
            implements Step {
        public Copy {
            sources = List.copyOf(sources);
        }
    }

    /**
     * @param owner of {@code --chown}
     * @param mode of {@code --chmod}
     * @param modeText as written, for the key
     * @param link the layer does not depend on what is below it
     */
    record Options(
            Optional<String> owner,
            Optional<ChmodMode> mode,
            String modeText,
            List<String> exclude,
            boolean link,
            Optional<Long> epoch) {}

    /** Where something that is copied comes from. */
    sealed interface Source {
        /**
         * Of the context, a stage or an image.
         *
         * @param from of {@code --from}; empty for the context
         * @param path absolute and clean, perhaps with wildcards
         * @param only for {@code --parents}: the pattern, below {@code path}, of what is copied with its parents
         * @param required a path that must exist besides, for the message
         */
        record Files(
                Optional<String> from, String path, Optional<String> only, Optional<String> required, boolean unpack)
                implements Source {}

        /** All files of a named context. */
        record Context(NamedContext.Folder folder, String name) implements Source {}

        /** A heredoc. */
        record Inline(String name, String content) implements Source {}

        /** @param fileName of what is fetched, when the destination is a directory */
        record Url(String url, String fileName, Optional<Digest> checksum, boolean unpack) implements Source {}

        record Git(GitAddress address, boolean keepGitDir, Optional<String> checksum) implements Source {}
    }
}
