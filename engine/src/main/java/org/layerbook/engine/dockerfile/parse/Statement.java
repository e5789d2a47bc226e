package org.layerbook.engine.dockerfile.parse;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.dockerfile.Word;
import org.layerbook.engine.golang.GoText;

/**
 * An instruction cut into words, not yet checked against what its keyword allows.
 *
 * @param keyword as written; anything, for an unknown one
 * @param flags the leading words that begin with two dashes, their quotes taken out
 * @param arguments as the keyword's grammar cuts them: for ENV and LABEL names and values in turn
 * @param json whether the arguments were a JSON array
 * @param trigger the instruction inside an ONBUILD
 */
public record Statement(
        LogicalLine line,
        Word keyword,
        List<Word> flags,
        List<Word> arguments,
        boolean json,
        Optional<Statement> trigger) {

    String name() {
        return keyword.text().toUpperCase(Locale.ROOT);
    }

    boolean mayHoldHeredocs() {
        Statement inner = name().equals("ONBUILD") ? trigger.orElse(this) : this;
        return switch (inner.name()) {
            case "ADD", "COPY", "RUN" -> !inner.json;
            default -> false;
        };
    }

    Statement withLine(LogicalLine changed) {
        return new Statement(changed, keyword, flags, arguments, json, trigger.map(inner -> inner.withLine(changed)));
    }

    SourceRange range(Word word) {
        return line.range(word);
    }

    /** From the keyword to the last character of the joined line. */
    SourceRange range() {
        return line.range(keyword.start(), GoText.endWithoutSpaces(line.text(), keyword.end()));
    }
}
