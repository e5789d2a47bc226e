package org.layerbook.interpreter.template;

import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Go's slices and maps that have never been made: empty, but {@code null} in JSON. */
public final class GoNil {
    public static final List<String> LIST = new NilList();
    public static final Map<String, Object> MAP = new NilMap();

    private GoNil() {}

    static boolean is(Object value) {
        return value instanceof NilList || value instanceof NilMap;
    }

    /** The list; where it is empty, the one that has never been made. */
    public static List<String> ifEmpty(List<String> list) {
        return list.isEmpty() ? LIST : list;
    }

    /** The map; where it is empty, the one that has never been made. */
    public static Map<String, ?> ifEmpty(Map<String, ?> map) {
        return map.isEmpty() ? MAP : map;
    }

    private static final class NilList extends AbstractList<String> {
        @Override
        public String get(int index) {
            throw new IndexOutOfBoundsException(index);
        }

        @Override
        public int size() {
            return 0;
        }
    }

    private static final class NilMap extends AbstractMap<String, Object> {
        @Override
        public Set<Entry<String, Object>> entrySet() {
            return Set.of();
        }
    }
}
