package org.layerbook.interpreter.command.option;

import java.util.ArrayList;
import java.util.List;

/** One line of comma-separated values: fields in double quotes may hold commas, and a quote as two. */
public final class Csv {
    private Csv() {}

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
                } else {
                    field.append(c);
                }
            } else if (c == '"' && field.isEmpty()) {
                quoted = true;
            } else if (c == ',') {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return line.isEmpty() ? List.of() : List.copyOf(fields);
    }
}
