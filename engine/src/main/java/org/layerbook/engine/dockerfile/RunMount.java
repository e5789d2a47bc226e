package org.layerbook.engine.dockerfile;

import java.util.Optional;
import org.layerbook.engine.dockerfile.expand.ExpansionException;

/**
 * One {@code RUN --mount=…}, with its defaults filled in where they need no knowledge of the build.
 *
 * <p>Targets are as written: relative ones are meant from the working directory, and an empty one where {@code Optional}
 * says so. Modes are the numeric value of the octal digits.
 */
public sealed interface RunMount {
    /** Who may write to a cache at the same time. */
    enum Sharing {
        /** All at once. */
        SHARED,
        /** Each its own copy when another one is in use. */
        PRIVATE,
        /** One after the other. */
        LOCKED
    }

    /** Values of an option are expanded one by one, after the list is split at commas. */
    @FunctionalInterface
    interface ValueExpander {
        String expand(String value) throws ExpansionException;
    }

    /**
     * @param from a stage, an image or a named context; absent for the build context
     * @param source {@code ""} for all of it
     * @param readOnly what is written to a mount that may be written is thrown away after the step
     */
    record Bind(Optional<String> from, String source, String target, boolean readOnly) implements RunMount {}

    /**
     * @param id the name of the cache; by default the target, cleaned by the builder
     * @param from what a new cache begins with; absent for an empty one
     * @param source the folder in {@code from}
     */
    record Cache(
            Optional<String> id,
            Optional<String> from,
            String source,
            String target,
            boolean readOnly,
            Sharing sharing,
            Optional<Integer> mode,
            Optional<Integer> uid,
            Optional<Integer> gid)
            implements RunMount {}

    /** @param size in bytes; absent for no limit */
    record Tmpfs(String target, boolean readOnly, Optional<Long> size) implements RunMount {}

    /**
     * @param id by default the last element of the target
     * @param target the file; absent for {@code /run/secrets/ID}, or for no file when there is an {@code environment}
     * @param environment the variable to put the secret into
     * @param required the step fails when the secret was not given; otherwise there is no file then
     */
    record Secret(
            String id,
            Optional<String> target,
            Optional<String> environment,
            boolean required,
            Optional<Integer> mode,
            Optional<Integer> uid,
            Optional<Integer> gid)
            implements RunMount {}

    /**
     * @param id {@code default} unless given
     * @param target the socket; absent for {@code /run/buildkit/ssh_agent.N}
     */
    record Ssh(
            String id,
            Optional<String> target,
            boolean required,
            Optional<Integer> mode,
            Optional<Integer> uid,
            Optional<Integer> gid)
            implements RunMount {}

    /** What a message can show for a mount that is wrong. */
    String USAGE = "--mount=type=bind|cache|tmpfs|secret|ssh,target=/PATH,…";

    /**
     * Reads the value of a {@code --mount} flag.
     *
     * @throws ExpansionException a value that cannot be expanded
     * @throws IllegalArgumentException an option that is none, or that the type does not take; BuildKit's sentence
     */
    static RunMount parse(String text, ValueExpander expander) throws ExpansionException {
        return RunMountParser.parse(text, expander);
    }

    /**
     * What can be said before variables are known: whether the list is well formed, and that {@code from} holds no
     * variable.
     *
     * @throws IllegalArgumentException BuildKit's sentence
     */
    static void checkUnexpanded(String text) {
        RunMountParser.checkUnexpanded(text);
    }

    /** The stage or image that a mount names, which variables have no part in; whatever the mount's type. */
    static Optional<String> from(String text) {
        return RunMountParser.option(text, "from");
    }

    /** Whether a mount that is well formed reads files of the build context. */
    static boolean readsContext(String text) {
        String type = RunMountParser.option(text, "type").orElse("bind");
        return type.equalsIgnoreCase("bind") && from(text).isEmpty();
    }

    /** The target as it is written. */
    static Optional<String> writtenTarget(String text) {
        return RunMountParser.option(text, "target", "dst", "destination");
    }

    /** The same mount of another stage or image. */
    static String withFrom(String text, String from) {
        return RunMountParser.withOption(text, "from", from);
    }
}
