package org.layerbook.engine.dockerfile.parse;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.golang.GoText;

/**
 * The parser directives at the head of a text: lines {@code # name=value} before anything else, blank lines and other
 * comments included, which end them.
 *
 * @param syntaxLine where {@code syntax} stands; 0 for nowhere
 * @param lines how many lines they take
 */
public record ParserDirectives(
        Optional<String> syntax, int syntaxLine, Optional<Character> escape, Optional<String> check, int lines) {
    private static final Pattern DIRECTIVE = Pattern.compile(
            "#[\\s\\x{85}\\p{Z}]*([a-zA-Z][a-zA-Z0-9]*)\\s*=\\s*(.+?)\\s*", Pattern.UNIX_LINES | Pattern.DOTALL);
    private static final String ESCAPE = "escape";
    private static final String SYNTAX = "syntax";
    private static final String CHECK = "check";

    public static ParserDirectives read(SourceLines lines) throws DockerfileException {
        Map<String, String> found = new HashMap<>();
        int number = 1;
        int syntaxLine = 0;
        while (number <= lines.count()) {
            String content = lines.content(number);
            int indent = GoText.skipSpaces(content, 0);
            var match = DIRECTIVE.matcher(content.substring(indent));
            if (!match.matches() || !isKnown(match.group(1))) {
                break;
            }
            String name = match.group(1).toLowerCase(Locale.ROOT);
            String value = match.group(2);
            SourceRange place = lines.whole(number);
            if (found.putIfAbsent(name, value) != null) {
                throw failure(place, "only one " + name + " parser directive can be used", "remove one of the two");
            }
            if (name.equals(ESCAPE) && !value.equals("\\") && !value.equals("`")) {
                throw failure(
                        place,
                        "invalid escape token '" + value + "' does not match ` or \\",
                        "write # escape=` or # escape=\\");
            }
            syntaxLine = name.equals(SYNTAX) ? number : syntaxLine;
            number++;
        }
        return new ParserDirectives(
                Optional.ofNullable(found.get(SYNTAX)),
                syntaxLine,
                Optional.ofNullable(found.get(ESCAPE)).map(value -> value.charAt(0)),
                Optional.ofNullable(found.get(CHECK)),
                number - 1);
    }

    private static boolean isKnown(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case ESCAPE, SYNTAX, CHECK -> true;
            default -> false;
        };
    }

    private static DockerfileException failure(SourceRange place, String message, String hint) {
        return new DockerfileException(new Diagnostic(place, message, Optional.of(hint)));
    }
}
