package org.layerbook.engine.dockerfile.expand;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.layerbook.engine.dockerfile.Instruction;

/**
 * Takes quotes and escapes out of a word of a Dockerfile and puts the values of variables in, as BuildKit's Dockerfile
 * frontend does. Pure and immutable.
 *
 * <p>Understood: {@code $name}, {@code ${name}}, and {@code ${name}} with {@code :-word}, {@code -word}, {@code :+word},
 * {@code +word}, {@code :?message}, {@code ?message}, {@code #pattern}, {@code ##pattern}, {@code %pattern},
 * {@code %%pattern}, {@code /pattern/text}, {@code //pattern/text}. Single quotes keep all within; double quotes keep all
 * but variables and an escaped quote, dollar or escape character. An unset variable is empty.
 */
public final class WordExpander {
    /** Values of variables; empty for one that is not set. */
    @FunctionalInterface
    public interface Variables extends Function<String, Optional<String>> {
        static Variables of(Map<String, String> values) {
            return name -> Optional.ofNullable(values.get(name));
        }
    }

    /**
     * @param word all of the text as one word, its own spaces kept
     * @param words the text split at spaces that no quote protects, those inside values of variables included
     * @param used names that were set, in order of use
     * @param undefined names that were looked up and not set, in order of use
     */
    public record Expansion(String word, List<String> words, Set<String> used, Set<String> undefined) {}

    /** What stays in the text: for the readers of heredoc markers, and for texts that are expanded but not unquoted. */
    public record Keeping(boolean quotesRead, boolean quotes, boolean escapes, boolean unsetVariables) {
        static final Keeping NOTHING = new Keeping(true, false, false, false);
    }

    private final char escape;
    private final Keeping keeping;

    /** @param escape {@code \} or {@code `}, see {@link Instruction.Origin#escape()} */
    public WordExpander(char escape) {
        this(escape, Keeping.NOTHING);
    }

    public WordExpander(char escape, Keeping keeping) {
        this.escape = escape;
        this.keeping = keeping;
    }

    /** Variables only: quotes are ordinary characters, as in the body of an unquoted heredoc of COPY and ADD. */
    public static WordExpander forHeredocBodies() {
        return new WordExpander('\\', new Keeping(false, false, false, false));
    }

    /** Keeps quotes and variables that are not set, for the names of RUN steps. */
    public static WordExpander forCommandNames(char escape) {
        return new WordExpander(escape, new Keeping(true, true, false, true));
    }

    /** @throws ExpansionException with BuildKit's sentence, which names the text */
    public Expansion expand(String text, Variables variables) throws ExpansionException {
        return new WordScan(text, escape, keeping, variables).run();
    }

    /** {@link Expansion#word()}, for the instructions that expand a word as it stands. */
    public String word(String text, Map<String, String> variables) throws ExpansionException {
        return expand(text, Variables.of(variables)).word();
    }

    /** {@link Expansion#words()}, for lists such as the ports of EXPOSE. */
    public List<String> words(String text, Map<String, String> variables) throws ExpansionException {
        return expand(text, Variables.of(variables)).words();
    }

    /** Only quotes and escapes taken out: {@code $name} stays as it is written, modifiers included. */
    public String unquote(String text) throws ExpansionException {
        var quotesOnly = new WordExpander(escape, new Keeping(true, false, false, true));
        return quotesOnly.expand(text, name -> Optional.empty()).word();
    }
}
