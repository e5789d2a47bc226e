package org.layerbook.engine.golang;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Writes JSON as Go's {@code encoding/json} does, byte for byte, because an image's ID is the digest of such bytes: no
 * white space (or two spaces of indentation, as {@code MarshalIndent} is called for manifests), members in the order they
 * are given, {@code <}, {@code >}, {@code &}, U+2028 and U+2029 escaped, empty members left out where asked so.
 */
public final class GoJson {
    /** The order in which Go writes the keys of a map: by their UTF-8 bytes. */
    public static final Comparator<String> KEY_ORDER = (a, b) -> {
        for (int i = 0; i < Math.min(a.length(), b.length()); i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                // A surrogate stands for a code point above every other char, but its own value is below some.
                boolean sameKind = Character.isSurrogate(x) == Character.isSurrogate(y);
                return sameKind ? Character.compare(x, y) : Character.isSurrogate(x) ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    };

    private final StringBuilder out = new StringBuilder();
    private final boolean indented;
    private int depth;
    private boolean first = true;

    private GoJson(boolean indented) {
        this.indented = indented;
    }

    /** An object with the members that {@code content} writes, compact. */
    public static byte[] object(Consumer<GoJson> content) {
        return whole(false, content);
    }

    /** As {@link #object}, indented by two spaces. */
    public static byte[] indentedObject(Consumer<GoJson> content) {
        return whole(true, content);
    }

    private static byte[] whole(boolean indented, Consumer<GoJson> content) {
        var json = new GoJson(indented);
        json.braces('{', '}', content);
        return json.out.toString().getBytes(StandardCharsets.UTF_8);
    }

    public GoJson string(String name, String value) {
        name(name);
        quote(value);
        return this;
    }

    /** {@code omitempty}. */
    public GoJson stringIfAny(String name, String value) {
        return value.isEmpty() ? this : string(name, value);
    }

    public GoJson number(String name, long value) {
        name(name);
        out.append(value);
        return this;
    }

    /** {@code omitempty}. */
    public GoJson numberIfAny(String name, long value) {
        return value == 0 ? this : number(name, value);
    }

    public GoJson bool(String name, boolean value) {
        name(name);
        out.append(value);
        return this;
    }

    /** {@code omitempty}. */
    public GoJson trueIf(String name, boolean value) {
        if (value) {
            name(name);
            out.append("true");
        }
        return this;
    }

    public GoJson nullMember(String name) {
        name(name);
        out.append("null");
        return this;
    }

    public GoJson object(String name, Consumer<GoJson> content) {
        name(name);
        braces('{', '}', content);
        return this;
    }

    public GoJson strings(String name, Collection<String> values) {
        name(name);
        braces(
                '[',
                ']',
                list -> values.forEach(value -> {
                    list.separate();
                    list.quote(value);
                }));
        return this;
    }

    /** {@code omitempty}. */
    public GoJson stringsIfAny(String name, Collection<String> values) {
        return values.isEmpty() ? this : strings(name, values);
    }

    /** A list of objects, each written by {@code content}. */
    public <T> GoJson objects(String name, List<T> values, BiConsumer<GoJson, T> content) {
        name(name);
        braces(
                '[',
                ']',
                list -> values.forEach(value -> {
                    list.separate();
                    list.braces('{', '}', object -> content.accept(object, value));
                }));
        return this;
    }

    /** A {@code map[string]string} with {@code omitempty}: keys sorted. */
    public GoJson mapIfAny(String name, Map<String, String> map) {
        if (!map.isEmpty()) {
            object(
                    name,
                    object -> map.keySet().stream().sorted(KEY_ORDER).forEach(key -> object.string(key, map.get(key))));
        }
        return this;
    }

    /** A {@code map[string]struct{}} with {@code omitempty}: keys sorted, each with an empty object. */
    public GoJson setIfAny(String name, Collection<String> keys) {
        if (!keys.isEmpty()) {
            object(name, object -> keys.stream().sorted(KEY_ORDER).forEach(key -> object.object(key, empty -> {})));
        }
        return this;
    }

    private void name(String name) {
        separate();
        quote(name);
        out.append(indented ? ": " : ":");
    }

    private void separate() {
        if (!first) {
            out.append(',');
        }
        first = false;
        newLine();
    }

    private void newLine() {
        if (indented) {
            out.append('\n').repeat("  ", depth);
        }
    }

    private void braces(char open, char close, Consumer<GoJson> content) {
        out.append(open);
        depth++;
        first = true;
        content.accept(this);
        boolean empty = first;
        depth--;
        if (!empty) {
            newLine();
        }
        out.append(close);
        first = false;
    }

    private void quote(String text) {
        quote(out, text, true);
    }

    /** Appends {@code text} as a JSON string; {@code <}, {@code >} and {@code &} are escaped where {@code escapeHtml}. */
    public static void quote(StringBuilder out, String text, boolean escapeHtml) {
        out.append('"');
        int written = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                continue;
            }
            out.append(text, written, i);
            written = i + 1;
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\u2028', '\u2029' -> escape(out, c);
                case '<', '>', '&' -> {
                    if (escapeHtml) {
                        escape(out, c);
                    } else {
                        out.append(c);
                    }
                }
                default -> {
                    if (c < 0x20) {
                        escape(out, c);
                    } else if (loneSurrogate(text, i)) {
                        out.append("\\ufffd");
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append(text, written, text.length()).append('"');
    }

    /** Most of what is written: no look at it is needed beyond this. */
    private static boolean isPlain(char c) {
        return c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
    }

    private static boolean loneSurrogate(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 >= text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }

    private static void escape(StringBuilder out, char c) {
        out.append("\\u").append(HexFormat.of().toHexDigits(c));
    }
}
