package org.layerbook.interpreter.cell;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The words that begin an entry.
 *
 * @param lineMagics without {@code %}
 * @param bodies the cell magics, without {@code %%}, and what the body of each is
 * @param dockerCommands {@code build}, {@code images}, …, for help requests and "did you mean"
 */
public record Vocabulary(Set<String> lineMagics, Map<String, Body> bodies, Set<String> dockerCommands) {
    /** What the body of a cell magic is. */
    public enum Body {
        TEXT,
        /** A cell of its own: {@code %%fails}, {@code %%time}. */
        CELL,
        SHELL,
        DOCKERFILE
    }

    /** Every instruction of the Dockerfile reference, in its order. */
    public static final List<String> INSTRUCTIONS = List.of(
            "FROM",
            "RUN",
            "CMD",
            "LABEL",
            "MAINTAINER",
            "EXPOSE",
            "ENV",
            "ADD",
            "COPY",
            "ENTRYPOINT",
            "VOLUME",
            "USER",
            "WORKDIR",
            "ARG",
            "ONBUILD",
            "STOPSIGNAL",
            "HEALTHCHECK",
            "SHELL");

    public Vocabulary {
        lineMagics = Set.copyOf(lineMagics);
        bodies = Map.copyOf(bodies);
        dockerCommands = Set.copyOf(dockerCommands);
    }

    public Set<String> cellMagics() {
        return bodies.keySet();
    }

    /** Of a cell magic; a name that is none has text. */
    public Body body(String cellMagic) {
        return bodies.getOrDefault(cellMagic, Body.TEXT);
    }

    static boolean isInstruction(String word) {
        return INSTRUCTIONS.contains(word.toUpperCase(java.util.Locale.ROOT));
    }
}
