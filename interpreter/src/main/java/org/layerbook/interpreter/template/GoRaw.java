package org.layerbook.interpreter.template;

import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A document as Go reads its JSON without knowing its types: maps by JSON name, lists of anything, numbers as written. */
public final class GoRaw {
    static final String LIST_TYPE = "[]interface {}";
    static final String MAP_TYPE = "map[string]interface {}";
    static final String NUMBER_TYPE = "json.Number";

    private GoRaw() {}

    /** @param value as {@link GoStruct} says; empty members that JSON leaves out are not there */
    public static Object of(Object value) {
        return switch (value) {
            case null -> null;
            case GoStruct struct -> {
                var map = new LinkedHashMap<String, Object>();
                struct.fields().stream()
                        .filter(field -> !field.json().isEmpty())
                        .filter(field -> !field.omitEmpty() || !GoJsonText.isEmpty(field.value()))
                        .forEach(field -> map.put(field.json(), of(field.value())));
                yield new RawMap(map);
            }
            case Object nil when GoNil.is(nil) -> null;
            case Map<?, ?> map -> {
                var copy = new LinkedHashMap<String, Object>();
                map.forEach((key, element) -> copy.put(String.valueOf(key), of(element)));
                yield new RawMap(copy);
            }
            case List<?> list -> new RawList(list.stream().map(GoRaw::of).toList());
            case Number number -> new GoScalar(NUMBER_TYPE, number.toString(), number.toString(), false);
            default -> value;
        };
    }

    static boolean isNumber(Object value) {
        return value instanceof GoScalar scalar && scalar.typeName().equals(NUMBER_TYPE);
    }

    static final class RawList extends AbstractList<Object> {
        private final List<Object> elements;

        RawList(List<Object> elements) {
            this.elements = elements;
        }

        @Override
        public Object get(int index) {
            return elements.get(index);
        }

        @Override
        public int size() {
            return elements.size();
        }
    }

    static final class RawMap extends AbstractMap<String, Object> {
        private final Map<String, Object> members;

        RawMap(Map<String, Object> members) {
            this.members = members;
        }

        @Override
        public Set<Entry<String, Object>> entrySet() {
            return members.entrySet();
        }

        @Override
        public Object get(Object key) {
            return members.get(key);
        }

        @Override
        public boolean containsKey(Object key) {
            return members.containsKey(key);
        }
    }
}
