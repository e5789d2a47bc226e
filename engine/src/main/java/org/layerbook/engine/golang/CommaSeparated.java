package org.layerbook.engine.golang;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** One line of comma-separated values: fields in double quotes may hold commas, and a quote as two. */
public final class CommaSeparated {
    private static final String BARE = "bare \" in non-quoted-field";
    private static final String STRAY = "extraneous or missing \" in quoted-field";

    private CommaSeparated() {}

    /**
     * As {@link #fields}, for a list that may not be empty.
     *
     * @param what of BuildKit's the fields are, for its sentence: {@code mounts}
     */
    public static List<String> split(String line, String what) {
        String failed = "failed to parse csv " + what + ": ";
        if (line.isEmpty()) {
            throw new IllegalArgumentException(failed + "EOF");
        }
        try {
            return fields(line);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(failed + e.getMessage(), e);
        }
    }

    /** Of an empty line none. @throws IllegalArgumentException with Go's sentence on a quote that stands where none may */
    public static List<String> fields(String line) {
        var fields = new ArrayList<String>();
        var field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quoted) {
                if (c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                    field.append('"');
                    i++;
                } else if (c == '"') {
                    quoted = false;
                    if (i + 1 < line.length() && line.charAt(i + 1) != ',') {
                        throw misplaced(i, STRAY);
                    }
                } else {
                    field.append(c);
                }
            } else if (c == '"') {
                if (i > 0 && line.charAt(i - 1) != ',') {
                    throw misplaced(i, BARE);
                }
                quoted = true;
            } else if (c == ',') {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        if (quoted) {
            throw misplaced(line.length(), STRAY);
        }
        fields.add(field.toString());
        return line.isEmpty() ? List.of() : List.copyOf(fields);
    }

    /** One record of the fields. */
    public static String join(List<String> fields) {
        return fields.stream()
                .map(field ->
                        field.contains(",") || field.contains("\"") ? '"' + field.replace("\"", "\"\"") + '"' : field)
                .collect(Collectors.joining(","));
    }

    private static IllegalArgumentException misplaced(int at, String why) {
        return new IllegalArgumentException("parse error on line 1, column " + (at + 1) + ": " + why);
    }
}
