package org.layerbook.interpreter.cell;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One word as a shell reads it, before expansion.
 *
 * @param start where it begins in the text that was read, in UTF-16 units; @param end exclusive
 */
public record ShellWord(List<Part> parts, int start, int end) {
    public ShellWord {
        parts = List.copyOf(parts);
    }

    private static final Pattern BRACES = Pattern.compile("\\{[^{}]*,[^{}]*}");
    private static final Pattern FILES = Pattern.compile("[*?].*\\.[a-z]\\w+$|^[./].*[*?]");

    /** A piece of a word. Pieces in double quotes are not split at blanks when expanded. */
    public sealed interface Part {
        record Literal(String text, boolean quoted) implements Part {}

        /** {@code $name}, {@code ${name}}, {@code ${name:-fallback}}. */
        record Variable(String name, Optional<String> fallback, boolean quoted) implements Part {}

        /** {@code $(command)} or the same in backquotes. */
        record Substitution(String command, boolean quoted) implements Part {}
    }

    /** The word when it is nothing but unquoted letters: what can be a keyword or a program's name. */
    public Optional<String> plain() {
        var text = new StringBuilder();
        for (Part part : parts) {
            if (!(part instanceof Part.Literal(String piece, boolean quoted)) || quoted) {
                return Optional.empty();
            }
            text.append(piece);
        }
        return Optional.of(text.toString());
    }

    /** The word's text when nothing in it depends on the environment; quotes are gone. */
    public Optional<String> constant() {
        var text = new StringBuilder();
        for (Part part : parts) {
            if (!(part instanceof Part.Literal literal)) {
                return Optional.empty();
            }
            text.append(literal.text());
        }
        return Optional.of(text.toString());
    }

    public boolean hasSubstitution() {
        return parts.stream().anyMatch(Part.Substitution.class::isInstance);
    }

    /**
     * Whether only a shell can say what it becomes: something is substituted, or it stands for several words ({@code
     * app:{1,2}}) or for files ({@code *.tar}). A name of an image with a star in it is left alone.
     */
    public boolean needsShell() {
        return hasSubstitution()
                || parts.stream()
                        .anyMatch(part -> part instanceof Part.Literal(String text, boolean quoted)
                                && !quoted
                                && (BRACES.matcher(text).find()
                                        || FILES.matcher(text).find()));
    }

    /** Expands a list of words as a POSIX shell does, short of file name patterns. */
    public static List<String> expand(List<ShellWord> words, Map<String, String> environment) {
        var result = new ArrayList<String>();
        words.forEach(word -> result.addAll(word.expand(environment)));
        return List.copyOf(result);
    }

    /** No word, one, or several: an unquoted variable is split at blanks. */
    public List<String> expand(Map<String, String> environment) {
        var fields = new Fields();
        for (int i = 0; i < parts.size(); i++) {
            switch (parts.get(i)) {
                case Part.Literal(String text, boolean quoted) ->
                    fields.append(i == 0 && !quoted ? tilde(text, environment) : text, quoted);
                case Part.Variable(String name, Optional<String> fallback, boolean quoted) -> {
                    String value = environment.getOrDefault(name, "");
                    String used = value.isEmpty() && fallback.isPresent() ? fallback.get() : value;
                    if (quoted) {
                        fields.append(used, true);
                    } else {
                        fields.split(used);
                    }
                }
                case Part.Substitution ignored ->
                    throw new IllegalStateException("a command substitution is not a word of its own");
            }
        }
        return fields.finish();
    }

    private static String tilde(String text, Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", "");
        return !home.isEmpty() && (text.equals("~") || text.startsWith("~/")) ? home + text.substring(1) : text;
    }

    /** Collects fields: text goes to the current one, blanks in unquoted values end it. */
    private static final class Fields {
        private final List<String> done = new ArrayList<>();
        private final StringBuilder current = new StringBuilder();
        private boolean open;

        void append(String text, boolean quoted) {
            current.append(text);
            open |= quoted || !text.isEmpty();
        }

        void split(String value) {
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if (c == ' ' || c == '\t' || c == '\n') {
                    end();
                } else {
                    current.append(c);
                    open = true;
                }
            }
        }

        private void end() {
            if (open) {
                done.add(current.toString());
                current.setLength(0);
                open = false;
            }
        }

        List<String> finish() {
            end();
            return List.copyOf(done);
        }
    }
}
