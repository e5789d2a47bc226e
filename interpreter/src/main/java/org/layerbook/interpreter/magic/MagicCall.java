package org.layerbook.interpreter.magic;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.dockerfile.SourceRange;

/**
 * A magic as it stands in a cell.
 *
 * @param name as written
 * @param words what stands behind it, read and expanded as a shell does
 * @param rest the same as written
 * @param body of a cell magic
 * @param bodyLine the line of the cell at which the body begins, from 1
 * @param place where the magic stands
 */
public record MagicCall(
        String name, List<String> words, String rest, Optional<String> body, int bodyLine, SourceRange place) {
    public MagicCall {
        words = List.copyOf(words);
    }

    /** The only word, none, or an error that says how it is used. */
    public Optional<String> atMostOne(String usage) throws MagicException {
        if (words.size() > 1) {
            throw new MagicException(
                    "`%" + name + "` takes one argument, not " + words.size(), "write `" + usage + "`");
        }
        return words.stream().findFirst();
    }

    public String exactlyOne(String usage) throws MagicException {
        return atMostOne(usage)
                .orElseThrow(() -> new MagicException("`%" + name + "` needs an argument", "write `" + usage + "`"));
    }

    /** The words without an option, and its value. @param option such as {@code -o} */
    public Split option(String option, String usage) throws MagicException {
        var others = new ArrayList<String>();
        Optional<String> value = Optional.empty();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals(option)) {
                if (i + 1 == words.size()) {
                    throw new MagicException("`" + option + "` needs a value", "write `" + usage + "`");
                }
                value = Optional.of(words.get(++i));
            } else if (option.startsWith("--") && word.startsWith(option + "=")) {
                value = Optional.of(word.substring(option.length() + 1));
            } else {
                others.add(word);
            }
        }
        return new Split(value, new MagicCall(name, others, rest, body, bodyLine, place));
    }

    /** @param value of the option; @param others the call without it */
    public record Split(Optional<String> value, MagicCall others) {}

    /** Refuses words that begin with a dash. */
    public MagicCall withoutOptions(String usage) throws MagicException {
        Optional<String> unknown =
                words.stream().filter(w -> w.startsWith("-") && w.length() > 1).findFirst();
        if (unknown.isPresent()) {
            throw new MagicException("`%" + name + "` has no option `" + unknown.get() + "`", "write `" + usage + "`");
        }
        return this;
    }
}
