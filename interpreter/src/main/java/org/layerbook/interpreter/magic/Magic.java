package org.layerbook.interpreter.magic;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerbook.interpreter.Interpreter.Candidate;
import org.layerbook.interpreter.cell.Vocabulary;
import org.layerbook.interpreter.command.option.OptionCompletion;

/**
 * One magic, as data: what it is called, what it takes, what help says, what completes behind it, what it does. Made by a
 * {@link MagicDefinition}.
 *
 * @param names without {@code %}; the first is the one that lists show
 * @param form how it is written
 * @param syntax what may stand behind its name
 * @param summary one line
 * @param help more lines, with an example; may be empty
 * @param changesBuild whether it can change the state that a replayed cell has to change again
 * @param completion what may stand behind it; no effect
 * @param body what it does
 */
public record Magic(
        List<String> names,
        Form form,
        MagicSyntax syntax,
        String summary,
        String help,
        boolean changesBuild,
        Completer completion,
        Body body) {
    public Magic {
        names = List.copyOf(names);
    }

    /** How a magic is written. */
    public enum Form {
        /** {@code %name arguments}. */
        LINE,
        /** {@code %%name arguments} and a body. */
        CELL,
        /** The same, and the body is for a shell. */
        SCRIPT,
        /** The same, and the body is a Dockerfile. */
        DOCKERFILE,
        /** {@code %%name}, and the body is a cell of its own; also {@code %name} before an entry. */
        NESTING;

        public boolean isLine() {
            return this == LINE || this == NESTING;
        }

        public boolean isCell() {
            return this != LINE;
        }

        /** What the body of a cell magic is. */
        Vocabulary.Body body() {
            return switch (this) {
                case LINE, CELL -> Vocabulary.Body.TEXT;
                case SCRIPT -> Vocabulary.Body.SHELL;
                case DOCKERFILE -> Vocabulary.Body.DOCKERFILE;
                case NESTING -> Vocabulary.Body.CELL;
            };
        }

        String percent() {
            return this == LINE ? "%" : "%%";
        }
    }

    /** What a magic does. */
    @FunctionalInterface
    public interface Body {
        /** @param call with its options and arguments read where the magic's syntax has any */
        void run(MagicCall call, MagicContext context) throws MagicException, NestedFailureException;
    }

    /** What can complete the word that begins with {@code prefix}. */
    @FunctionalInterface
    public interface Completer {
        Completer NONE = (prefix, hints) -> List.of();

        List<Candidate> complete(String prefix, CompletionHints hints);
    }

    /** What completion may look at; every call is fast and changes nothing. */
    public interface CompletionHints extends OptionCompletion.Sources {
        List<Candidate> stages(String prefix);

        List<Candidate> variables(String prefix);
    }

    public String name() {
        return names.getFirst();
    }

    /** {@code %name ARGUMENTS}, as help and the list of magics show it. */
    public String usage() {
        return (form.percent() + name() + " " + syntax.usage()).strip();
    }

    /** What {@code %name --help} and {@code %name?} print. */
    public String helpText() {
        String sentence = Character.toUpperCase(summary.charAt(0)) + summary.substring(1) + ".";
        String others = names.stream().skip(1).map(n -> form.percent() + n).collect(Collectors.joining(", "));
        String also = others.isEmpty() ? "" : "Also: " + others;
        return usage() + "\n\n"
                + Stream.of(sentence, help, also, syntax.optionHelp())
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining("\n"));
    }
}
