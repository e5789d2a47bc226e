package org.layerbook.interpreter.template;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.layerbook.interpreter.template.TemplateFunction.Body;
import org.layerbook.interpreter.template.TemplateFunction.Kind;

/** The functions of Go's text/template. {@code and} and {@code or} are the evaluator's: they leave arguments alone. */
final class BuiltinFunctions {
    private BuiltinFunctions() {}

    static Map<String, TemplateFunction> all() {
        var all = new LinkedHashMap<String, TemplateFunction>();
        add(all, "and", true, arguments -> arguments.getLast(), Kind.ANY, Kind.ANY);
        add(all, "or", true, arguments -> arguments.getLast(), Kind.ANY, Kind.ANY);
        add(all, "not", false, arguments -> !GoValues.isTrue(arguments.getFirst()), Kind.ANY);
        add(all, "len", false, BuiltinFunctions::length, Kind.ANY);
        add(all, "index", true, BuiltinFunctions::index, Kind.ANY, Kind.ANY);
        add(all, "slice", true, BuiltinFunctions::slice, Kind.ANY, Kind.ANY);
        add(all, "call", true, BuiltinFunctions::call, Kind.ANY, Kind.ANY);
        add(all, "print", true, BuiltinFunctions::sprint, Kind.ANY);
        add(all, "println", true, BuiltinFunctions::sprintln, Kind.ANY);
        add(
                all,
                "printf",
                true,
                arguments -> Sprintf.format((String) arguments.getFirst(), arguments.subList(1, arguments.size())),
                Kind.TEXT,
                Kind.ANY);
        add(all, "html", true, arguments -> html(sprint(arguments)), Kind.ANY);
        add(all, "js", true, arguments -> js(sprint(arguments)), Kind.ANY);
        add(all, "urlquery", true, arguments -> URLEncoder.encode(sprint(arguments), StandardCharsets.UTF_8), Kind.ANY);
        add(all, "eq", true, Comparisons::anyEqual, Kind.ANY, Kind.ANY);
        add(all, "ne", false, arguments -> !Comparisons.equal(arguments.get(0), arguments.get(1)), Kind.ANY, Kind.ANY);
        add(all, "lt", false, arguments -> Comparisons.compare(arguments) < 0, Kind.ANY, Kind.ANY);
        add(all, "le", false, arguments -> Comparisons.compare(arguments) <= 0, Kind.ANY, Kind.ANY);
        add(all, "gt", false, arguments -> Comparisons.compare(arguments) > 0, Kind.ANY, Kind.ANY);
        add(all, "ge", false, arguments -> Comparisons.compare(arguments) >= 0, Kind.ANY, Kind.ANY);
        return all;
    }

    static void add(Map<String, TemplateFunction> all, String name, boolean variadic, Body body, Kind... parameters) {
        all.put(name, new TemplateFunction(name, List.of(parameters), variadic, body));
    }

    private static Object length(List<Object> arguments) throws FunctionException {
        return switch (arguments.getFirst()) {
            case String text -> text.getBytes(StandardCharsets.UTF_8).length;
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case null -> throw new FunctionException("reflect: call of reflect.Value.Type on zero Value");
            case GoValues.Missing missing -> throw new FunctionException("len of nil pointer");
            case Object number when GoRaw.isNumber(number) -> number.toString().length();
            case Object other -> throw new FunctionException("len of type " + GoValues.typeNameBehind(other));
        };
    }

    private static Object index(List<Object> arguments) throws FunctionException {
        Object item = arguments.getFirst();
        for (Object key : arguments.subList(1, arguments.size())) {
            item = switch (item) {
                case String text -> {
                    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                    yield (int) bytes[position(key, bytes.length, bytes.length, "string")] & 0xff;
                }
                case List<?> list -> list.get(position(key, list.size(), capacity(list), "slice"));
                case Map<?, ?> map -> {
                    if (!(key instanceof String)) {
                        throw new FunctionException("value has type " + GoValues.typeName(key) + "; should be string");
                    }
                    Object found = map.get(key);
                    yield found == null ? missingOf(map) : found;
                }
                case null -> throw new FunctionException("index of untyped nil");
                case GoValues.Missing missing -> throw new FunctionException("index of untyped nil");
                case Object other ->
                    throw new FunctionException("can't index item of type " + GoValues.typeNameBehind(other));
            };
        }
        return item;
    }

    /** The zero value of the map's elements. */
    private static Object missingOf(Map<?, ?> map) {
        boolean strings = !map.isEmpty() && map.values().stream().allMatch(String.class::isInstance);
        return strings ? "" : GoValues.Missing.NO_VALUE;
    }

    /** Of a list that was read from JSON, which grows by doubling. */
    private static int capacity(List<?> list) {
        return list instanceof GoRaw.RawList && !list.isEmpty()
                ? Integer.highestOneBit(2 * list.size() - 1)
                : list.size();
    }

    /** What lies between length and capacity is Go's own runtime's to refuse. */
    private static int position(Object key, int length, int capacity, String what) throws FunctionException {
        if (key instanceof Number number && number.longValue() >= length && number.longValue() <= capacity) {
            throw new FunctionException("reflect: " + what + " index out of range");
        }
        return position(key, length);
    }

    private static int position(Object key, int length) throws FunctionException {
        if (!(key instanceof Integer) && !(key instanceof Long)) {
            String type = key == null ? "nil" : "type " + GoValues.typeName(key);
            throw new FunctionException("cannot index slice/array with " + type);
        }
        long position = ((Number) key).longValue();
        if (position < 0 || position >= length) {
            throw new FunctionException("index out of range: " + position);
        }
        return (int) position;
    }

    private static Object slice(List<Object> arguments) throws FunctionException {
        Object item = arguments.getFirst();
        if (!(item instanceof String) && !(item instanceof List)) {
            throw new FunctionException("can't slice item of type " + GoValues.typeName(item));
        }
        if (arguments.size() > 4) {
            throw new FunctionException("too many slice indexes: " + (arguments.size() - 1));
        }
        if (arguments.size() == 4 && item instanceof String) {
            throw new FunctionException("cannot 3-index slice a string");
        }
        byte[] bytes = item instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : new byte[0];
        int length = item instanceof List<?> list ? list.size() : bytes.length;
        int from = arguments.size() > 1 ? position(arguments.get(1), length + 1) : 0;
        int to = arguments.size() > 2 ? position(arguments.get(2), length + 1) : length;
        if (from > to) {
            throw new FunctionException("invalid slice index: " + from + " > " + to);
        }
        return item instanceof List<?> list
                ? List.copyOf(list.subList(from, to))
                : new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    /** Nothing that a template of docker is given can be called. */
    private static Object call(List<Object> arguments) throws FunctionException {
        if (arguments.getFirst() == null) {
            throw new FunctionException("call of nil");
        }
        throw new FunctionException("non-function of type " + GoValues.typeName(arguments.getFirst()));
    }

    /** Blanks stand between operands of which neither is a string. */
    static String sprint(List<Object> arguments) {
        var text = new StringBuilder();
        for (int i = 0; i < arguments.size(); i++) {
            boolean apart = i > 0 && !(arguments.get(i) instanceof String) && !(arguments.get(i - 1) instanceof String);
            text.append(apart ? " " : "").append(GoValues.print(arguments.get(i), false));
        }
        return text.toString();
    }

    private static String sprintln(List<Object> arguments) {
        var text = new StringBuilder();
        for (int i = 0; i < arguments.size(); i++) {
            text.append(i > 0 ? " " : "").append(GoValues.print(arguments.get(i), false));
        }
        return text.append('\n').toString();
    }

    private static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("\"", "&#34;")
                .replace("'", "&#39;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\0", "\uFFFD");
    }

    private static String js(String text) {
        var escaped = new StringBuilder();
        for (char c : text.toCharArray()) {
            switch (c) {
                case '\\' -> escaped.append("\\\\");
                case '\'' -> escaped.append("\\'");
                case '"' -> escaped.append("\\\"");
                case '<', '>', '&', '=' -> escaped.append(String.format("\\u%04X", (int) c));
                default -> escaped.append(c < 0x20 ? String.format("\\u%04X", (int) c) : String.valueOf(c));
            }
        }
        return escaped.toString();
    }
}
