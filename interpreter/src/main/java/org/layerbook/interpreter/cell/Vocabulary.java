package org.layerbook.interpreter.cell;

import java.util.List;
import java.util.Set;

/**
 * The words that begin an entry.
 *
 * @param lineMagics without {@code %}
 * @param cellMagics without {@code %%}
 * @param nestingMagics those of them whose body, or rest of the line, is itself a cell: {@code fails}, {@code time}
 * @param dockerCommands {@code build}, {@code images}, …, for help requests and "did you mean"
 */
public record Vocabulary(
        Set<String> lineMagics, Set<String> cellMagics, Set<String> nestingMagics, Set<String> dockerCommands) {
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
        cellMagics = Set.copyOf(cellMagics);
        nestingMagics = Set.copyOf(nestingMagics);
        dockerCommands = Set.copyOf(dockerCommands);
    }

    static boolean isInstruction(String word) {
        return INSTRUCTIONS.contains(word.toUpperCase(java.util.Locale.ROOT));
    }
}
