package org.layerbook.engine.dockerfile;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One instruction of a Dockerfile, parsed but not expanded: words still hold {@code $VARIABLE}s, quotes and escapes where
 * the reference allows them; the word expander takes those out when the step is planned.
 *
 * <p>Each has its {@link Origin}: the place, the source text as written (for cells, errors and {@code %dockerfile}) and
 * the escape character in force.
 */
public sealed interface Instruction {
    Origin origin();

    /** The keyword in upper case, {@code "RUN"}. */
    String keyword();

    /** The same instruction as if it stood somewhere else. */
    default Instruction at(Origin origin) {
        return switch (this) {
            case From i -> new From(origin, i.platform, i.image, i.stageName);
            case Arg i -> new Arg(origin, i.declarations);
            case Env i -> new Env(origin, i.pairs);
            case Label i -> new Label(origin, i.pairs);
            case Run i -> new Run(origin, i.command, i.mounts, i.network, i.security, i.devices);
            case Copy i ->
                new Copy(origin, i.sources, i.destination, i.from, i.chown, i.chmod, i.link, i.parents, i.exclude);
            case Add i ->
                new Add(
                        origin,
                        i.sources,
                        i.destination,
                        i.chown,
                        i.chmod,
                        i.link,
                        i.parents,
                        i.keepGitDir,
                        i.checksum,
                        i.unpack,
                        i.exclude);
            case Workdir i -> new Workdir(origin, i.path);
            case User i -> new User(origin, i.user);
            case Expose i -> new Expose(origin, i.ports);
            case Volume i -> new Volume(origin, i.paths);
            case Cmd i -> new Cmd(origin, i.command);
            case Entrypoint i -> new Entrypoint(origin, i.command);
            case Shell i -> new Shell(origin, i.argv);
            case StopSignal i -> new StopSignal(origin, i.signal);
            case Healthcheck i ->
                new Healthcheck(origin, i.test, i.interval, i.timeout, i.startPeriod, i.startInterval, i.retries);
            case OnBuild i -> new OnBuild(origin, i.trigger);
            case Maintainer i -> new Maintainer(origin, i.name);
        };
    }

    /** Whether both say the same, wherever and however they are written. */
    default boolean saysTheSameAs(Instruction other) {
        return equals(other.at(origin()));
    }

    /**
     * @param original the source text of the instruction, continuation lines and heredoc bodies included
     * @param escape {@code \} or {@code `}
     */
    record Origin(SourceRange range, String original, char escape) {}

    record KeyValue(String key, String value) {}

    /** {@code ARG name} or {@code ARG name=default}. */
    record ArgDeclaration(String name, Optional<String> defaultValue) {}

    /**
     * @param delimiter without quotes
     * @param expand false when the delimiter was quoted
     * @param stripTabs {@code <<-}
     * @param content as BuildKit hands it on: the lines up to the delimiter, each ending in a newline, tabs not yet
     *     stripped
     */
    record Heredoc(String delimiter, boolean expand, boolean stripTabs, String content) {
        /** The content without the tabs that {@code <<-} strips from the beginning of each line. */
        public String text() {
            return stripTabs ? LEADING_TABS.matcher(content).replaceAll("") : content;
        }

        private static final Pattern LEADING_TABS = Pattern.compile("(?m)^\t+");
    }

    /** What RUN, CMD, ENTRYPOINT and a HEALTHCHECK run. */
    sealed interface CommandLine {
        /** JSON form: no shell. */
        record Exec(List<String> argv) implements CommandLine {}

        /**
         * Shell form, to be handed to the shell in one string; {@code heredocs} only with RUN. For {@code RUN <<EOF} the
         * line is the {@code <<EOF} itself and the body is the script.
         */
        record Shell(String line, List<Heredoc> heredocs) implements CommandLine {}
    }

    /** @param raw the flag as written, without the leading dashes */
    record Flag(String name, Optional<String> value, String raw) {}

    record From(Origin origin, Optional<String> platform, String image, Optional<String> stageName)
            implements Instruction {
        @Override
        public String keyword() {
            return "FROM";
        }
    }

    record Arg(Origin origin, List<ArgDeclaration> declarations) implements Instruction {
        @Override
        public String keyword() {
            return "ARG";
        }
    }

    record Env(Origin origin, List<KeyValue> pairs) implements Instruction {
        @Override
        public String keyword() {
            return "ENV";
        }
    }

    record Label(Origin origin, List<KeyValue> pairs) implements Instruction {
        @Override
        public String keyword() {
            return "LABEL";
        }
    }

    /**
     * @param mounts the values of {@code --mount}, unexpanded; a parser reads one after expansion
     * @param network {@code default}, {@code none} or {@code host}
     * @param security {@code insecure} or {@code sandbox}
     */
    record Run(
            Origin origin,
            CommandLine command,
            List<String> mounts,
            Optional<String> network,
            Optional<String> security,
            List<String> devices)
            implements Instruction {
        @Override
        public String keyword() {
            return "RUN";
        }
    }

    /** The sources of COPY and ADD: paths (or URLs), then heredocs as files. */
    record Sources(List<String> paths, List<Heredoc> heredocs) {}

    record Copy(
            Origin origin,
            Sources sources,
            String destination,
            Optional<String> from,
            Optional<String> chown,
            Optional<String> chmod,
            boolean link,
            boolean parents,
            List<String> exclude)
            implements Instruction {
        @Override
        public String keyword() {
            return "COPY";
        }
    }

    record Add(
            Origin origin,
            Sources sources,
            String destination,
            Optional<String> chown,
            Optional<String> chmod,
            boolean link,
            boolean parents,
            Optional<Boolean> keepGitDir,
            Optional<String> checksum,
            Optional<Boolean> unpack,
            List<String> exclude)
            implements Instruction {
        @Override
        public String keyword() {
            return "ADD";
        }
    }

    record Workdir(Origin origin, String path) implements Instruction {
        @Override
        public String keyword() {
            return "WORKDIR";
        }
    }

    record User(Origin origin, String user) implements Instruction {
        @Override
        public String keyword() {
            return "USER";
        }
    }

    record Expose(Origin origin, List<String> ports) implements Instruction {
        @Override
        public String keyword() {
            return "EXPOSE";
        }
    }

    record Volume(Origin origin, List<String> paths) implements Instruction {
        @Override
        public String keyword() {
            return "VOLUME";
        }
    }

    record Cmd(Origin origin, CommandLine command) implements Instruction {
        @Override
        public String keyword() {
            return "CMD";
        }
    }

    record Entrypoint(Origin origin, CommandLine command) implements Instruction {
        @Override
        public String keyword() {
            return "ENTRYPOINT";
        }
    }

    record Shell(Origin origin, List<String> argv) implements Instruction {
        @Override
        public String keyword() {
            return "SHELL";
        }
    }

    record StopSignal(Origin origin, String signal) implements Instruction {
        @Override
        public String keyword() {
            return "STOPSIGNAL";
        }
    }

    /** @param test empty for {@code HEALTHCHECK NONE} */
    record Healthcheck(
            Origin origin,
            Optional<CommandLine> test,
            Optional<Duration> interval,
            Optional<Duration> timeout,
            Optional<Duration> startPeriod,
            Optional<Duration> startInterval,
            Optional<Integer> retries)
            implements Instruction {
        @Override
        public String keyword() {
            return "HEALTHCHECK";
        }
    }

    /** @param trigger the instruction text as it goes into the image's config */
    record OnBuild(Origin origin, String trigger) implements Instruction {
        @Override
        public String keyword() {
            return "ONBUILD";
        }
    }

    record Maintainer(Origin origin, String name) implements Instruction {
        @Override
        public String keyword() {
            return "MAINTAINER";
        }
    }
}
