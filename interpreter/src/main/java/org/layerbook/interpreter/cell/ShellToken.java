package org.layerbook.interpreter.cell;

import java.util.Optional;

/** What a shell's reader sees: words, operators, ends of lines. Comments and continued line ends are gone. */
public sealed interface ShellToken {
    record Word(ShellWord word) implements ShellToken {}

    /** {@code | || & && ; ;; ( ) < > >> << <<- <<< >| <& >& &>}, a number before a redirection included in {@code text}. */
    record Operator(String text, int start) implements ShellToken {
        boolean isRedirection() {
            return text.indexOf('<') >= 0 || text.indexOf('>') >= 0;
        }

        boolean isHeredoc() {
            return text.endsWith("<<-") || (text.endsWith("<<") && !text.endsWith("<<<"));
        }
    }

    /** The body of the heredoc whose operator came before; follows the line's {@link LineEnd}. */
    record HeredocBody(String text, boolean expand) implements ShellToken {}

    record LineEnd(int start) implements ShellToken {}

    default Optional<String> plainWord() {
        return this instanceof Word(ShellWord word) ? word.plain() : Optional.empty();
    }
}
