package org.layerbook.engine.dockerfile.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.golang.GoText;

/**
 * Writes instructions as a Dockerfile that parses to the same instructions. An instruction that still says what its source
 * text says is written as that text, with its continuation lines and comments; a changed one anew.
 */
public final class DockerfileWriter {
    private DockerfileWriter() {}

    /**
     * Text that {@link DockerfileParser} reads as {@code instructions}; a parser directive heads it when they use the
     * backtick as escape character. A blank line stands before each FROM but the first.
     *
     * @throws IllegalArgumentException an instruction that no text stands for (a name with a line break in it, say), or
     *     instructions with different escape characters; the message names it
     */
    public static String write(List<Instruction> instructions) {
        char escape = escape(instructions);
        var out = new StringBuilder(escape == '\\' ? "" : "# escape=" + escape + "\n");
        boolean first = true;
        for (Instruction instruction : instructions) {
            if (!first && instruction instanceof Instruction.From) {
                out.append('\n');
            }
            out.append(write(instruction, escape)).append('\n');
            first = false;
        }
        return out.toString();
    }

    /** The one escape character that all can be written with; only those count in which one occurs. */
    private static char escape(List<Instruction> instructions) {
        Optional<Instruction> backtick = instructions.stream()
                .filter(instruction -> instruction.origin().escape() == '`')
                .findFirst();
        if (backtick.isEmpty()) {
            return '\\';
        }
        for (Instruction instruction : instructions) {
            boolean backslash = instruction.origin().escape() != '`';
            String source = instruction.origin().original();
            if (backslash && (source.indexOf('\\') >= 0 || source.indexOf('`') >= 0)) {
                throw new IllegalArgumentException("a Dockerfile has a single escape character: "
                        + firstLine(source) + " uses \\ and "
                        + firstLine(backtick.get().origin().original()) + " uses `");
            }
        }
        return '`';
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    /**
     * One instruction, without a newline at its end.
     *
     * @param escape the escape character of the file that it goes into
     * @throws IllegalArgumentException an instruction that no text stands for
     */
    public static String write(Instruction instruction, char escape) {
        var anew = new InstructionText(instruction);
        return Stream.concat(Stream.of(instruction.origin().original()), anew.candidates().stream())
                .filter(text -> saysTheSame(text, instruction, escape))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("cannot be expressed in a Dockerfile: "
                        + anew.candidates().getFirst().strip()));
    }

    private static boolean saysTheSame(String text, Instruction instruction, char escape) {
        var options = DockerfileParser.Options.INSTRUCTIONS.withEscape(escape);
        try {
            // Behind another one, so that a comment in it is not taken for a parser directive, and before another one,
            // so
            // that it is seen to end where it seems to.
            var around = List.copyOf(DockerfileParser.parse("USER a\n" + text + "\nUSER b\n", options)
                    .instructions());
            return around.size() == 3
                    && around.get(1).saysTheSameAs(instruction)
                    && around.get(2) instanceof Instruction.User;
        } catch (DockerfileException e) {
            return false;
        }
    }

    /** Flags as {@code --name=value}, in the order they are added. */
    static final class Flags {
        private final List<String> flags = new ArrayList<>();

        Flags add(String name, Optional<String> value) {
            value.ifPresent(text -> flags.add("--" + name + "=" + escaped(text)));
            return this;
        }

        Flags add(String name, boolean set) {
            if (set) {
                flags.add("--" + name);
            }
            return this;
        }

        Flags addAll(String name, List<String> values) {
            values.forEach(value -> add(name, Optional.of(value)));
            return this;
        }

        /** Flags are read with the backslash as escape character, whatever the file's is. */
        private static String escaped(String value) {
            var out = new StringBuilder();
            for (char character : value.toCharArray()) {
                if (character == '\\' || character == '"' || character == '\'' || GoText.isSpace(character)) {
                    out.append('\\');
                }
                out.append(character);
            }
            return out.toString();
        }

        /** The flags, then {@code arguments}; a lone {@code --} between them where the arguments look like a flag. */
        String before(String arguments) {
            String all = flags.isEmpty() ? "" : String.join(" ", flags) + " ";
            return all + (arguments.startsWith("--") ? "-- " : "") + arguments;
        }
    }
}
