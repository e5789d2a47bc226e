package org.layerbook.interpreter.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.layerbook.engine.golang.GoJson;

/** Values as Go's encoding/json writes them: maps by key, structs in field order, empty fields left out where marked so. */
public final class GoJsonText {
    private final StringBuilder out = new StringBuilder();
    private final boolean escapeHtml;
    private final String indent;
    private int depth;

    private GoJsonText(boolean escapeHtml, String indent) {
        this.escapeHtml = escapeHtml;
        this.indent = indent;
    }

    /** On one line; {@code <}, {@code >} and {@code &} escaped where {@code escapeHtml}, and in a formatter's context. */
    public static String compact(Object value, boolean escapeHtml) {
        var writer = new GoJsonText(escapeHtml || value instanceof GoStruct struct && struct.methods(), "");
        writer.write(value);
        return writer.out.toString();
    }

    /** Over several lines, four blanks a level, as {@code docker inspect} prints; {@code <} stays as it is. */
    public static String indented(Object value) {
        return indented(value, "    ", false);
    }

    /** Over several lines, as {@code MarshalIndent} without a prefix (which escapes for HTML). */
    public static String indented(Object value, String indent, boolean escapeHtml) {
        var writer = new GoJsonText(escapeHtml, indent);
        writer.write(value);
        return writer.out.toString();
    }

    private void write(Object value) {
        switch (value) {
            case null -> out.append("null");
            case Object nil when GoNil.is(nil) -> out.append("null");
            case GoValues.Missing missing -> out.append("null");
            case String text -> quote(text);
            case Double number -> out.append(Sprintf.general(number, -1));
            case List<?> list -> {
                open('[', list.isEmpty());
                for (int i = 0; i < list.size(); i++) {
                    separate(i > 0);
                    write(list.get(i));
                }
                close(']', list.isEmpty());
            }
            case Map<?, ?> map -> members(GoValues.sorted(map));
            case GoStruct struct -> members(fields(struct));
            case GoScalar scalar -> out.append(scalar.json());
            default -> out.append(value);
        }
    }

    private static Map<String, Object> fields(GoStruct struct) {
        Map<String, Object> members = struct.methods() ? new TreeMap<>() : new LinkedHashMap<>();
        for (GoStruct.Field field : struct.fields()) {
            boolean left = field.json().isEmpty() || field.omitEmpty() && isEmpty(field.value());
            if (!left) {
                members.put(field.json(), field.value());
            }
        }
        return members;
    }

    static boolean isEmpty(Object value) {
        return !(value instanceof GoStruct) && !GoValues.isTrue(value);
    }

    private void members(Map<String, Object> members) {
        open('{', members.isEmpty());
        boolean first = true;
        for (var member : members.entrySet()) {
            separate(!first);
            first = false;
            quote(member.getKey());
            out.append(indent.isEmpty() ? ":" : ": ");
            write(member.getValue());
        }
        close('}', members.isEmpty());
    }

    private void open(char bracket, boolean empty) {
        out.append(bracket);
        depth++;
        if (!empty) {
            newLine();
        }
    }

    private void separate(boolean needed) {
        if (needed) {
            out.append(',');
            newLine();
        }
    }

    private void close(char bracket, boolean empty) {
        depth--;
        if (!empty) {
            newLine();
        }
        out.append(bracket);
    }

    private void newLine() {
        if (!indent.isEmpty()) {
            out.append('\n').append(indent.repeat(depth));
        }
    }

    private void quote(String text) {
        GoJson.quote(out, text, escapeHtml);
    }

    /** A JSON text with its white space set anew, as Go's {@code json.Indent}; what it says stays byte for byte. */
    public static String reindented(String json, String indent) {
        var out = new StringBuilder();
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (quoted) {
                out.append(c);
                if (c == '\\' && i + 1 < json.length()) {
                    out.append(json.charAt(++i));
                } else {
                    quoted = c != '"';
                }
                continue;
            }
            switch (c) {
                case ' ', '\t', '\n', '\r' -> {}
                case '{', '[' -> {
                    out.append(c);
                    char next = firstAfter(json, i);
                    if (next == '}' || next == ']') {
                        out.append(next);
                        i = json.indexOf(next, i);
                    } else {
                        out.append('\n').append(indent.repeat(++depth));
                    }
                }
                case '}', ']' -> {
                    depth = Math.max(0, depth - 1);
                    out.append('\n').append(indent.repeat(depth)).append(c);
                }
                case ',' -> out.append(",\n").append(indent.repeat(depth));
                case ':' -> out.append(": ");
                default -> {
                    quoted = c == '"';
                    out.append(c);
                }
            }
        }
        return out.toString();
    }

    private static char firstAfter(String json, int at) {
        int next = at + 1;
        while (next < json.length() && " \t\n\r".indexOf(json.charAt(next)) >= 0) {
            next++;
        }
        return next < json.length() ? json.charAt(next) : 0;
    }
}
