package org.layerbook.engine.golang;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** One record of comma-separated values; a field that holds a comma stands in double quotes, a quote in it twice. */
public final class CommaSeparated {
    private CommaSeparated() {}

    /** @throws IllegalArgumentException an empty text, or quotes that do not fit */
    public static List<String> split(String text) {
        if (text.isEmpty()) {
            throw malformed("EOF");
        }
        List<String> fields = new ArrayList<>();
        int at = 0;
        while (at <= text.length()) {
            var field = new StringBuilder();
            if (at < text.length() && text.charAt(at) == '"') {
                at = readQuoted(text, at + 1, field);
            } else {
                int comma = text.indexOf(',', at);
                int end = comma < 0 ? text.length() : comma;
                field.append(text, at, end);
                int quote = field.indexOf("\"");
                if (quote >= 0) {
                    throw malformed("bare \" in non-quoted field, column " + (at + quote + 1));
                }
                at = end;
            }
            fields.add(field.toString());
            at++;
        }
        return List.copyOf(fields);
    }

    /** One record of the fields. */
    public static String join(List<String> fields) {
        return fields.stream()
                .map(field ->
                        field.contains(",") || field.contains("\"") ? '"' + field.replace("\"", "\"\"") + '"' : field)
                .collect(Collectors.joining(","));
    }

    /** Where the comma or the end behind the field stands. */
    private static int readQuoted(String text, int from, StringBuilder field) {
        int at = from;
        while (true) {
            int quote = text.indexOf('"', at);
            if (quote < 0) {
                throw malformed("extraneous or missing \" in quoted-field");
            }
            field.append(text, at, quote);
            int after = quote + 1;
            if (after == text.length() || text.charAt(after) == ',') {
                return after;
            }
            if (text.charAt(after) != '"') {
                throw malformed("extraneous or missing \" in quoted-field, column " + (after + 1));
            }
            field.append('"');
            at = after + 1;
        }
    }

    private static IllegalArgumentException malformed(String why) {
        return new IllegalArgumentException("failed to parse csv mounts: " + why);
    }
}
