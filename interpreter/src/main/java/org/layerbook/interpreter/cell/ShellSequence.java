package org.layerbook.interpreter.cell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shell text that is nothing but docker commands, one after the other. */
public final class ShellSequence {
    private final List<Command> commands = new ArrayList<>();
    private Draft draft = new Draft(Join.ALWAYS);
    private boolean possible = true;

    private ShellSequence() {}

    /** When a command runs, as the operator before it says. */
    public enum Join {
        ALWAYS,
        IF_SUCCEEDED,
        IF_FAILED
    }

    /** @param file where standard output goes */
    public record Output(ShellWord file, boolean append) {}

    /**
     * @param assignments {@code NAME=value} before the command
     * @param words the program first
     * @param heredoc what standard input is; else {@code input} names a file
     */
    public record Command(
            Join joined,
            Map<String, ShellWord> assignments,
            List<ShellWord> words,
            Optional<ShellWord> input,
            Optional<String> heredoc,
            Optional<Output> output) {}

    private static final class Draft {
        private final Join joined;
        private final Map<String, ShellWord> assignments = new LinkedHashMap<>();
        private final List<ShellWord> words = new ArrayList<>();
        private Optional<ShellWord> input = Optional.empty();
        private Optional<String> heredoc = Optional.empty();
        private Optional<Output> output = Optional.empty();
        private boolean waitsForHeredoc;

        Draft(Join joined) {
            this.joined = joined;
        }

        Command done() {
            return new Command(joined, Map.copyOf(assignments), ShellText.withoutSudo(words), input, heredoc, output);
        }
    }

    /** Its commands; empty when it needs a shell. */
    public static Optional<List<Command>> of(ShellText shell) {
        var sequence = new ShellSequence();
        String redirection = "";
        for (ShellToken token : shell.tokens()) {
            redirection = sequence.take(token, redirection);
        }
        sequence.end(Join.ALWAYS);
        return sequence.possible && redirection.isEmpty() && !sequence.commands.isEmpty()
                ? Optional.of(List.copyOf(sequence.commands))
                : Optional.empty();
    }

    /** @return the redirection that waits for its word */
    private String take(ShellToken token, String redirection) {
        switch (token) {
            case ShellToken.Word(ShellWord word) when word.needsShell() -> possible = false;
            case ShellToken.Word(ShellWord word) when !redirection.isEmpty() -> redirect(redirection, word);
            case ShellToken.Word(ShellWord word) -> word(word);
            case ShellToken.Operator(String operator, int start) when draft.waitsForHeredoc -> possible = false;
            case ShellToken.Operator operator
            when operator.isRedirection() -> {
                possible &= redirection.isEmpty();
                return operator.text();
            }
            case ShellToken.Operator(String operator, int start) -> {
                possible &= redirection.isEmpty();
                switch (operator) {
                    case "&&" -> end(Join.IF_SUCCEEDED);
                    case "||" -> end(Join.IF_FAILED);
                    case ";" -> end(Join.ALWAYS);
                    default -> possible = false;
                }
            }
            case ShellToken.LineEnd ignored -> {
                if (!draft.waitsForHeredoc) {
                    end(Join.ALWAYS);
                }
            }
            case ShellToken.HeredocBody(String text, boolean expand) -> {
                // A body with variables would have to be expanded as a shell does.
                possible &= draft.waitsForHeredoc && !(expand && text.indexOf('$') >= 0);
                draft.heredoc = Optional.of(text);
                draft.waitsForHeredoc = false;
            }
        }
        return "";
    }

    private void word(ShellWord word) {
        if (draft.words.isEmpty() && ShellText.isAssignment(word)) {
            assignment(word);
        } else {
            draft.words.add(word);
        }
    }

    private void assignment(ShellWord word) {
        var first = (ShellWord.Part.Literal) word.parts().getFirst();
        int equals = first.text().indexOf('=');
        var parts = new ArrayList<ShellWord.Part>();
        parts.add(new ShellWord.Part.Literal(first.text().substring(equals + 1), false));
        parts.addAll(word.parts().subList(1, word.parts().size()));
        draft.assignments.put(first.text().substring(0, equals), new ShellWord(parts, word.start(), word.end()));
    }

    private void redirect(String operator, ShellWord word) {
        switch (operator) {
            case "<" -> draft.input = Optional.of(word);
            case "<<", "<<-" -> draft.waitsForHeredoc = true;
            case ">", "1>", ">|" -> draft.output = Optional.of(new Output(word, false));
            case ">>", "1>>" -> draft.output = Optional.of(new Output(word, true));
            default -> possible = false;
        }
    }

    private void end(Join next) {
        if (!draft.words.isEmpty()) {
            Command command = draft.done();
            possible &= command.words()
                    .getFirst()
                    .plain()
                    .filter(ShellText.PROGRAMS::contains)
                    .isPresent();
            commands.add(command);
            draft = new Draft(next);
        } else {
            // After an operator a line may end; variables that are set for good need a shell.
            possible &= draft.assignments.isEmpty();
        }
    }
}
