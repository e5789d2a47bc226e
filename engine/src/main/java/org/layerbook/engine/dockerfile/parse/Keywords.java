package org.layerbook.engine.dockerfile.parse;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The keywords of the language, with an example of each for a message. */
public final class Keywords {
    private static final Map<String, String> EXAMPLES = Map.ofEntries(
            Map.entry("ADD", "ADD SOURCE… DESTINATION"),
            Map.entry("ARG", "ARG NAME or ARG NAME=DEFAULT"),
            Map.entry("CMD", "CMD [\"PROGRAM\", \"ARGUMENT\"]"),
            Map.entry("COPY", "COPY SOURCE… DESTINATION"),
            Map.entry("ENTRYPOINT", "ENTRYPOINT [\"PROGRAM\", \"ARGUMENT\"]"),
            Map.entry("ENV", "ENV NAME=VALUE"),
            Map.entry("EXPOSE", "EXPOSE 8080 or EXPOSE 53/udp"),
            Map.entry("FROM", "FROM IMAGE or FROM IMAGE AS NAME"),
            Map.entry("HEALTHCHECK", "HEALTHCHECK --interval=30s CMD PROGRAM, or HEALTHCHECK NONE"),
            Map.entry("LABEL", "LABEL NAME=VALUE"),
            Map.entry("MAINTAINER", "MAINTAINER NAME"),
            Map.entry("ONBUILD", "ONBUILD INSTRUCTION"),
            Map.entry("RUN", "RUN COMMAND"),
            Map.entry("SHELL", "SHELL [\"/bin/bash\", \"-c\"]"),
            Map.entry("STOPSIGNAL", "STOPSIGNAL SIGTERM"),
            Map.entry("USER", "USER NAME or USER UID:GID"),
            Map.entry("VOLUME", "VOLUME /PATH"),
            Map.entry("WORKDIR", "WORKDIR /PATH"));

    /** In upper case, sorted. */
    public static final List<String> ALL = EXAMPLES.keySet().stream().sorted().toList();

    private Keywords() {}

    /** Whether {@code word} begins an instruction, in any case. */
    public static boolean isKeyword(String word) {
        return EXAMPLES.containsKey(word.toUpperCase(Locale.ROOT));
    }

    static String example(String keyword) {
        return EXAMPLES.getOrDefault(keyword, keyword);
    }
}
