package org.layerbook.interpreter.command.spec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Asks before something goes: the user where there is one, else standard input, as docker does. */
public final class Confirmation {
    private Confirmation() {}

    /**
     * @param command as the refusal names it
     * @throws CommandException where nobody can be asked
     */
    public static boolean ask(CommandContext context, String question, String command)
            throws CommandException, IOException {
        Optional<String> answer;
        if (context.display().isPresent()) {
            answer = context.display().get().ask(question, false);
            if (answer.isEmpty()) {
                // As docker does, what was piped in answers.
                answer = line(context);
                if (answer.isPresent()) {
                    context.print(question);
                }
            }
            if (answer.isEmpty()) {
                throw new CommandException(
                        question + "\n'" + command
                                + "' asks for confirmation, which is not possible here: use -f to skip it",
                        1);
            }
        } else {
            context.print(question);
            answer = line(context);
        }
        return answer.map(text -> text.strip().toLowerCase(Locale.ROOT))
                .filter(text -> text.equals("y") || text.equals("yes"))
                .isPresent();
    }

    /** Empty at the end of the input. */
    private static Optional<String> line(CommandContext context) throws IOException {
        var line = new ByteArrayOutputStream();
        int b = context.stdin().read();
        while (b >= 0 && b != '\n') {
            line.write(b);
            b = context.stdin().read();
        }
        return line.size() == 0 && b < 0 ? Optional.empty() : Optional.of(line.toString(StandardCharsets.UTF_8));
    }
}
