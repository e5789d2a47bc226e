package org.layerbook.engine.dockerfile.expand;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.golang.GoText;

/** One run of the {@link WordExpander} over one text. */
final class WordScan {
    private static final int END = -1;
    /** Far beyond any real text; keeps a hostile one from the end of the stack. */
    private static final int DEEPEST = 200;

    private final String text;
    private final int[] characters;
    private final char escape;
    private final WordExpander.Keeping keeping;
    private final WordExpander.Variables variables;
    private final Set<String> used = new LinkedHashSet<>();
    private final Set<String> undefined = new LinkedHashSet<>();
    private int at;
    /** Whether escape characters stay; switched on inside patterns, which have escapes of their own. */
    private boolean keepEscapes;

    private int depth;

    WordScan(String text, char escape, WordExpander.Keeping keeping, WordExpander.Variables variables) {
        this.text = text;
        this.characters = text.codePoints().toArray();
        this.escape = escape;
        this.keeping = keeping;
        this.variables = variables;
        this.keepEscapes = keeping.escapes();
        this.at = characters.length > 0 && characters[0] == 0xFEFF ? 1 : 0; // Go's text scanner drops a leading BOM
    }

    WordExpander.Expansion run() throws ExpansionException {
        try {
            var words = new WordSplitter();
            String word = readUntil(END, keepEscapes, words);
            return new WordExpander.Expansion(
                    word, words.finish(), Collections.unmodifiableSet(used), Collections.unmodifiableSet(undefined));
        } catch (ScanException failure) {
            throw new ExpansionException("failed to process " + GoText.quote(text) + ": " + failure.getMessage());
        }
    }

    /** What goes wrong inside; becomes an {@link ExpansionException} that names the whole text. */
    private static final class ScanException extends Exception {
        private static final long serialVersionUID = 1L;

        ScanException(String message) {
            super(message, null, false, false);
        }
    }

    private int peek() {
        return at < characters.length ? characters[at] : END;
    }

    private int next() {
        return at < characters.length ? characters[at++] : END;
    }

    /** Reads up to and including {@code stop}, or all that is left for {@link #END}. */
    private String readUntil(int stop, boolean escapesStay, WordSplitter words) throws ScanException {
        if (++depth > DEEPEST) {
            throw new ScanException("substitutions are nested too deeply");
        }
        boolean before = keepEscapes;
        keepEscapes = escapesStay;
        try {
            var result = new StringBuilder();
            while (peek() != END) {
                int character = peek();
                if (character == stop) {
                    next();
                    return result.toString();
                }
                if (character == '$') {
                    String value = readDollar();
                    result.append(value);
                    words.add(value);
                } else if (keeping.quotesRead() && (character == '\'' || character == '"')) {
                    String quoted = character == '"' ? readDoubleQuoted() : readSingleQuoted();
                    result.append(quoted);
                    words.addProtected(quoted);
                } else {
                    readPlain(result, words);
                }
            }
            if (stop != END) {
                throw new ScanException(
                        "unexpected end of statement while looking for matching " + Character.toString(stop));
            }
            return result.toString();
        } finally {
            depth--;
            keepEscapes = before;
        }
    }

    private void readPlain(StringBuilder result, WordSplitter words) {
        int character = next();
        if (character != escape) {
            result.appendCodePoint(character);
            words.add(character);
            return;
        }
        if (keepEscapes) {
            result.append(escape);
            words.addProtected(Character.toString(escape));
        }
        int escaped = next();
        if (escaped != END) { // an escape character at the very end is dropped
            result.appendCodePoint(escaped);
            words.addProtected(Character.toString(escaped));
        }
    }

    private String readSingleQuoted() throws ScanException {
        var result = new StringBuilder();
        int quote = next();
        if (keeping.quotes()) {
            result.appendCodePoint(quote);
        }
        while (true) {
            int character = next();
            if (character == END) {
                throw new ScanException("unexpected end of statement while looking for matching single-quote");
            }
            if (character != '\'' || keeping.quotes()) {
                result.appendCodePoint(character);
            }
            if (character == '\'') {
                return result.toString();
            }
        }
    }

    private String readDoubleQuoted() throws ScanException {
        var result = new StringBuilder();
        int quote = next();
        if (keeping.quotes()) {
            result.appendCodePoint(quote);
        }
        while (true) {
            int character = peek();
            if (character == END) {
                throw new ScanException("unexpected end of statement while looking for matching double-quote");
            }
            if (character == '$') {
                result.append(readDollar());
                continue;
            }
            next();
            if (character == '"') {
                return keeping.quotes() ? result.append('"').toString() : result.toString();
            }
            if (character == escape) {
                if (keepEscapes) {
                    result.append(escape);
                }
                int following = peek();
                if (following == END) {
                    continue;
                }
                if (following == '"' || following == '$' || following == escape) {
                    character = next();
                }
            }
            result.appendCodePoint(character);
        }
    }

    private String readDollar() throws ScanException {
        next();
        if (peek() != '{') {
            String name = readName();
            if (name.isEmpty()) {
                return "$";
            }
            return lookUp(name).orElse(keeping.unsetVariables() ? "$" + name : "");
        }
        next();
        switch (peek()) {
            case END -> throw new ScanException("syntax error: missing '}'");
            case '{', '}', ':' -> throw new ScanException("syntax error: bad substitution");
            default -> {
                return readBraced(readName());
            }
        }
    }

    private String readBraced(String name) throws ScanException {
        int operator = next();
        return switch (operator) {
            case '}' -> lookUp(name).orElse(keeping.unsetVariables() ? "${" + name + "}" : "");
            case ':' -> {
                int second = next();
                yield readModified(name, second, ":" + display(second), true);
            }
            case '+', '-', '?', '#', '%' -> readModified(name, operator, display(operator), false);
            case '/' -> readReplacement(name);
            case END -> throw new ScanException("syntax error: missing '}'");
            default -> throw unsupported(display(operator));
        };
    }

    private static String display(int character) {
        return character == END ? "\uFFFD" : Character.toString(character);
    }

    private static ScanException unsupported(String modifier) {
        return new ScanException("unsupported modifier (" + modifier + ") in substitution");
    }

    private String readModified(String name, int operator, String shown, boolean emptyIsUnset) throws ScanException {
        String word = readPart('}', operator == '#' || operator == '%', "syntax error: missing '}'");
        Optional<String> value = lookUp(name);
        if (value.isEmpty() && keeping.unsetVariables()) {
            return "${" + name + shown + word + "}";
        }
        boolean missing = value.isEmpty() || (emptyIsUnset && value.get().isEmpty());
        return switch (operator) {
            case '-' -> missing ? word : value.get();
            case '+' -> missing ? "" : word;
            case '?' -> {
                if (missing) {
                    String fallback = value.isEmpty() ? "is not allowed to be unset" : "is not allowed to be empty";
                    throw new ScanException(name + ": " + (word.isEmpty() ? fallback : word));
                }
                yield value.get();
            }
            case '#', '%' -> {
                if (emptyIsUnset) {
                    throw unsupported(shown);
                }
                yield trimmed(value.orElse(""), word, operator);
            }
            default -> throw unsupported(shown);
        };
    }

    private static String trimmed(String value, String word, int operator) throws ScanException {
        boolean longest = !word.isEmpty() && word.charAt(0) == operator;
        ShellPattern pattern = pattern(longest ? word.substring(1) : word);
        return operator == '#' ? pattern.withoutPrefix(value, longest) : pattern.withoutSuffix(value, longest);
    }

    private String readReplacement(String name) throws ScanException {
        boolean all = peek() == '/';
        if (all) {
            next();
        }
        String pattern = readPart('/', true, "syntax error: missing '/' in ${}");
        String replacement = readPart('}', true, "syntax error: missing '}'");
        Optional<String> value = lookUp(name);
        if (value.isEmpty() && keeping.unsetVariables()) {
            return "${" + name + "/" + pattern + "/" + replacement + "}";
        }
        ShellPattern parsed = pattern(pattern);
        return all
                ? parsed.replaceAll(value.orElse(""), replacement)
                : parsed.replaceFirst(value.orElse(""), replacement);
    }

    /** One part of a {@code ${…}}; a text that ends inside it misses the character that closes the part. */
    private String readPart(int stop, boolean escapesStay, String whenCutOff) throws ScanException {
        try {
            return readUntil(stop, escapesStay, new WordSplitter());
        } catch (ScanException failure) {
            throw peek() == END ? new ScanException(whenCutOff) : failure;
        }
    }

    private static ShellPattern pattern(String text) throws ScanException {
        try {
            return ShellPattern.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ScanException("invalid pattern (" + text + ") in substitution: " + e.getMessage());
        }
    }

    /** A name of letters, digits and underscores, or one special parameter, or a number. */
    private String readName() {
        var name = new StringBuilder();
        if (Character.isDigit(peek())) {
            while (Character.isDigit(peek())) {
                name.appendCodePoint(next());
            }
            return name.toString();
        }
        if (peek() != END && "@*#?-$!".indexOf(peek()) >= 0) {
            return Character.toString(next());
        }
        while (peek() == '_' || Character.isLetterOrDigit(peek())) {
            name.appendCodePoint(next());
        }
        return name.toString();
    }

    private Optional<String> lookUp(String name) {
        Optional<String> value = variables.apply(name);
        (value.isPresent() ? used : undefined).add(name);
        return value;
    }
}
