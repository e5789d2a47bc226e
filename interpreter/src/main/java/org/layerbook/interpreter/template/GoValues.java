package org.layerbook.interpreter.template;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What Go knows of a value: its type's name, its truth, how it prints. */
final class GoValues {
    /** What a map has for a key that is not in it. */
    enum Missing {
        NO_VALUE
    }

    private GoValues() {}

    static String typeName(Object value) {
        return switch (value) {
            case null -> "<nil>";
            case String text -> "string";
            case Integer number -> "int";
            case Long number -> "int64";
            case Double number -> "float64";
            case Boolean truth -> "bool";
            case GoRaw.RawList list -> GoRaw.LIST_TYPE;
            case GoRaw.RawMap map -> GoRaw.MAP_TYPE;
            case List<?> list ->
                list.stream().allMatch(String.class::isInstance)
                        ? "[]string"
                        : list.getFirst() instanceof GoStruct struct ? "[]" + struct.typeName() : GoRaw.LIST_TYPE;
            case Map<?, ?> map ->
                !map.isEmpty() && map.values().stream().allMatch(String.class::isInstance)
                        ? "map[string]string"
                        : GoRaw.MAP_TYPE;
            case GoStruct struct -> struct.typeName();
            case GoScalar scalar -> scalar.typeName();
            default -> value.getClass().getSimpleName();
        };
    }

    /** Of what a pointer points at. */
    static String typeNameBehind(Object value) {
        return typeName(value).replaceFirst("^\\*", "");
    }

    static boolean isTrue(Object value) {
        return switch (value) {
            case null -> false;
            case Missing missing -> false;
            case Boolean truth -> truth;
            case String text -> !text.isEmpty();
            case Number number -> number.doubleValue() != 0;
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            case GoScalar scalar -> !scalar.zero();
            default -> true;
        };
    }

    /** As an action prints it. */
    static String shown(Object value) {
        return value == Missing.NO_VALUE ? "<no value>" : print(value, false);
    }

    /** {@code %v}; with {@code named} the names of struct fields too, {@code %+v}. */
    static String print(Object value, boolean named) {
        return switch (value) {
            case null -> "<nil>";
            case Missing missing -> "<nil>";
            case String text -> text;
            case Double number -> Sprintf.general(number, -1);
            case List<?> list ->
                list.stream().map(element -> print(element, named)).collect(Collectors.joining(" ", "[", "]"));
            case Map<?, ?> map ->
                sorted(map).entrySet().stream()
                        .map(entry -> entry.getKey() + ":" + print(entry.getValue(), named))
                        .collect(Collectors.joining(" ", "map[", "]"));
            case GoStruct struct ->
                struct.fields().stream()
                        .map(field -> (named ? field.name() + ":" : "") + print(field.value(), named))
                        .collect(Collectors.joining(" ", "{", "}"));
            default -> value.toString();
        };
    }

    static Map<String, Object> sorted(Map<?, ?> map) {
        var sorted = new TreeMap<String, Object>();
        map.forEach((key, value) -> sorted.put(key.toString(), value));
        return sorted;
    }
}
