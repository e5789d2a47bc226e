package org.layerbook.interpreter.command.build;

import java.io.IOException;
import java.util.Optional;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.command.spec.CommandException;

/** How a failed build is told: docker's sentence, with the lines of the Dockerfile. */
final class BuildFailure {
    private BuildFailure() {}

    /**
     * In a stream the lines come before the sentence, as docker prints them; where a user reads the message of an error,
     * the sentence comes first.
     *
     * @param snippet of the Dockerfile; may be empty
     * @param hint what would be right
     */
    static CommandException of(String sentence, String snippet, Optional<String> hint, CommandContext context)
            throws IOException {
        String help = hint.filter(text -> !sentence.contains(text)).orElse("");
        if (context.display().isPresent()) {
            String message = sentence + (snippet.isEmpty() ? "" : "\n" + snippet) + (help.isEmpty() ? "" : "\n" + help);
            return new CommandException(message, 1);
        }
        if (!snippet.isEmpty()) {
            context.printError(snippet + "\n");
        }
        return new CommandException(sentence + (help.isEmpty() ? "" : "\n" + help), 1);
    }
}
