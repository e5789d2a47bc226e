package org.layerbook.interpreter.session.help;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Each instruction in a few lines: how it is written, what it does to the image, an example. */
public final class InstructionHelp {
    private static final Map<String, Topic> TOPICS = topics();

    private InstructionHelp() {}

    /** @param example as it would stand in a cell */
    private record Topic(String syntax, String effect, String example) {}

    static Optional<String> on(String keyword) {
        return Optional.ofNullable(TOPICS.get(keyword.toUpperCase(Locale.ROOT)))
                .map(e -> e.syntax() + "\n\n" + e.effect() + "\n\nExample:\n  "
                        + e.example().replace("\n", "\n  "));
    }

    /** One line, for completion. */
    public static String summary(String keyword) {
        String effect = TOPICS.get(keyword).effect();
        int end = effect.indexOf('.');
        return (end < 0 ? effect : effect.substring(0, end)).replace('\n', ' ');
    }

    private static Map<String, Topic> topics() {
        var all = new LinkedHashMap<String, Topic>();
        all.put("FROM", new Topic("FROM [--platform=PLATFORM] IMAGE [AS NAME]", """
                        Starts a stage with the files and the configuration of an image. IMAGE is a stored image, an earlier
                        stage, `scratch` for an empty one, or @NAME of this session. An earlier stage with the same NAME is
                        replaced.""", "FROM busybox AS build"));
        all.put(
                "RUN",
                new Topic(
                        "RUN [--mount=...] [--network=default|none|host] COMMAND\nRUN [\"PROGRAM\", \"ARGUMENT\"]",
                        """
                        Runs a command in the image. Its changes to the file system become a layer. Without brackets, the
                        shell (see SHELL) runs it; a heredoc is run as a script.""",
                        "RUN apk add --no-cache curl"));
        all.put("CMD", new Topic("CMD [\"PROGRAM\", \"ARGUMENT\"]\nCMD COMMAND", """
                        The default command of a container, or the default arguments of ENTRYPOINT. No layer; only the last
                        one counts.""", "CMD [\"httpd\", \"-f\"]"));
        all.put(
                "LABEL",
                new Topic(
                        "LABEL NAME=VALUE ...",
                        "Adds metadata to the image's configuration. No layer.",
                        "LABEL org.opencontainers.image.title=\"My app\""));
        all.put(
                "MAINTAINER",
                new Topic(
                        "MAINTAINER NAME",
                        "Sets the author. Deprecated: use LABEL instead.",
                        "LABEL org.opencontainers.image.authors=\"me@example.org\""));
        all.put(
                "EXPOSE",
                new Topic(
                        "EXPOSE PORT[/PROTOCOL] ...",
                        "Documents the ports that the program listens on. No layer; it does not publish them.",
                        "EXPOSE 8080/tcp"));
        all.put("ENV", new Topic("ENV NAME=VALUE ...", """
                        Sets variables for later steps and for containers. No layer. For a value that only the build needs,
                        use ARG.""", "ENV LANG=C.UTF-8"));
        all.put(
                "ADD",
                new Topic(
                        "ADD [--chown=USER:GROUP] [--chmod=MODE] [--checksum=DIGEST] SOURCE ... DESTINATION",
                        """
                        Like COPY, and also downloads URLs and Git repositories and unpacks local tar archives. Creates a
                        layer.""",
                        "ADD rootfs.tar.gz /"));
        all.put(
                "COPY",
                new Topic(
                        "COPY [--from=STAGE] [--chown=USER:GROUP] [--chmod=MODE] SOURCE ... DESTINATION",
                        """
                        Copies files into the image, from the build context (see %context) or from a stage or image. Creates
                        a layer. A DESTINATION that ends in / is a directory.""",
                        "COPY --from=build /out/app /usr/local/bin/"));
        all.put(
                "ENTRYPOINT",
                new Topic(
                        "ENTRYPOINT [\"PROGRAM\", \"ARGUMENT\"]\nENTRYPOINT COMMAND",
                        """
                        The program that a container always runs. Its arguments come from `docker run` or from CMD. No layer.""",
                        "ENTRYPOINT [\"/usr/local/bin/app\"]"));
        all.put(
                "VOLUME",
                new Topic(
                        "VOLUME PATH ...",
                        "Marks directories that a container stores outside its layers. No layer.",
                        "VOLUME /var/lib/data"));
        all.put(
                "USER",
                new Topic(
                        "USER NAME|UID[:GROUP|GID]",
                        "Sets the user that later steps and containers run as. No layer.",
                        "USER 1000:1000"));
        all.put("WORKDIR", new Topic("WORKDIR PATH", """
                        Sets the directory that later steps and containers start in. Creates it, as a layer, if it does not
                        exist.""", "WORKDIR /app"));
        all.put("ARG", new Topic("ARG NAME[=DEFAULT] ...", """
                        Declares a variable for the rest of the stage; %args or --build-arg sets it. Directly before a FROM,
                        it applies to that line. Containers do not have it.""", "ARG VERSION=3.20\nFROM alpine:$VERSION"));
        all.put(
                "ONBUILD",
                new Topic(
                        "ONBUILD INSTRUCTION",
                        "Adds an instruction that runs when another build starts FROM this image. No layer here.",
                        "ONBUILD COPY . /app"));
        all.put(
                "STOPSIGNAL",
                new Topic(
                        "STOPSIGNAL SIGNAL", "Sets the signal that stops a container. No layer.", "STOPSIGNAL SIGINT"));
        all.put(
                "HEALTHCHECK",
                new Topic(
                        "HEALTHCHECK [--interval=30s] [--timeout=30s] [--start-period=0s] [--retries=3] CMD COMMAND\n"
                                + "HEALTHCHECK NONE",
                        "Sets the command that checks whether a container is healthy. No layer.",
                        "HEALTHCHECK --interval=5m CMD curl -f http://localhost/ || exit 1"));
        all.put(
                "SHELL",
                new Topic(
                        "SHELL [\"PROGRAM\", \"ARGUMENT\"]",
                        "Sets the shell for later commands that are written without brackets. No layer.",
                        "SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]"));
        return Map.copyOf(all);
    }
}
