package org.layerbook.engine.registry.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One challenge of a {@code WWW-Authenticate} header (RFC 9110, section 11.6.1).
 *
 * @param scheme in lower case
 * @param parameters names in lower case
 */
public record Challenge(String scheme, Map<String, String> parameters) {
    public Challenge {
        parameters = Map.copyOf(parameters);
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
    }

    /** All challenges of the headers, in order; what cannot be read is left out. */
    public static List<Challenge> parse(List<String> headers) {
        var challenges = new ArrayList<Challenge>();
        headers.forEach(header -> new Reader(header).readInto(challenges));
        return List.copyOf(challenges);
    }

    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        void readInto(List<Challenge> challenges) {
            String scheme = "";
            Map<String, String> parameters = new LinkedHashMap<>();
            while (at < text.length()) {
                skip(" \t,");
                String word = word();
                if (word.isEmpty()) {
                    at++;
                    continue;
                }
                skip(" \t");
                if (at < text.length() && text.charAt(at) == '=' && !scheme.isEmpty()) {
                    at++;
                    parameters.put(word.toLowerCase(Locale.ROOT), value());
                    continue;
                }
                if (!scheme.isEmpty()) {
                    challenges.add(new Challenge(scheme, parameters));
                }
                scheme = word.toLowerCase(Locale.ROOT);
                parameters = new LinkedHashMap<>();
            }
            if (!scheme.isEmpty()) {
                challenges.add(new Challenge(scheme, parameters));
            }
        }

        private void skip(String any) {
            while (at < text.length() && any.indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private String word() {
            int begin = at;
            while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(begin, at);
        }

        private String value() {
            skip(" \t");
            if (at >= text.length() || text.charAt(at) != '"') {
                return word();
            }
            var value = new StringBuilder();
            for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                value.append(text.charAt(at));
            }
            at++;
            return value.toString();
        }
    }
}
