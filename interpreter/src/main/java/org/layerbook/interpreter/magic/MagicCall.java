package org.layerbook.interpreter.magic;

import java.util.List;
import java.util.Optional;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.interpreter.command.option.OptionParser;
import org.layerbook.interpreter.command.option.Options;

/**
 * A magic as it stands in a cell.
 *
 * @param name as written
 * @param words what stands behind it, read and expanded as a shell does; without options once these are read
 * @param options that have been read
 * @param rest all behind the name as written
 * @param body of a cell magic
 * @param bodyLine the line of the cell at which the body begins, from 1
 * @param place where the magic stands
 */
public record MagicCall(
        String name,
        List<String> words,
        Options options,
        String rest,
        Optional<String> body,
        int bodyLine,
        SourceRange place) {
    public MagicCall {
        words = List.copyOf(words);
    }

    /** A call none of whose options has been read. */
    public MagicCall(
            String name, List<String> words, String rest, Optional<String> body, int bodyLine, SourceRange place) {
        this(name, words, Options.NONE, rest, body, bodyLine, place);
    }

    MagicCall with(OptionParser.Parsed parsed) {
        return new MagicCall(name, parsed.arguments(), parsed.options(), rest, body, bodyLine, place);
    }

    /** The first argument, where there is one. */
    Optional<String> argument() {
        return words.stream().findFirst();
    }
}
