package org.layerbook.interpreter.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A value with a fixed set of fields, as a Go struct has: a field that it does not have is an error, and JSON has the
 * fields in their order. Field values are {@link String}, {@link Integer} (Go's int), {@link Long} (int64), {@link Double},
 * {@link Boolean}, {@link List}, {@link java.util.Map} with strings for keys, {@link GoStruct},
 * {@link GoScalar}, or null (a nil pointer).
 *
 * @param typeName as messages say it, {@code *formatter.imageContext}
 * @param methods whether the fields are methods in Go: a formatter's context. Its JSON is then escaped for HTML and its
 *     members sorted
 */
public record GoStruct(String typeName, boolean methods, List<Field> fields) {
    public GoStruct {
        fields = List.copyOf(fields);
    }

    /**
     * @param json its name in JSON; empty: not there
     * @param value or a {@link Supplier} of it, asked each time
     */
    public record Field(String name, String json, boolean omitEmpty, Object value) {
        @Override
        public Object value() {
            return value instanceof Supplier<?> supplier ? supplier.get() : value;
        }
    }

    Optional<Field> field(String name) {
        return fields.stream().filter(field -> field.name().equals(name)).findFirst();
    }

    public static Builder named(String typeName) {
        return new Builder(typeName, false);
    }

    public static Builder context(String typeName) {
        return new Builder(typeName, true);
    }

    /** Collects fields. */
    public static final class Builder {
        private final String typeName;
        private final boolean methods;
        private final List<Field> fields = new ArrayList<>();

        private Builder(String typeName, boolean methods) {
            this.typeName = typeName;
            this.methods = methods;
        }

        public Builder field(String name, Object value) {
            return field(name, name, false, value);
        }

        /** A value that is worth working out only when it is asked for. */
        public Builder lazy(String name, Supplier<Object> value) {
            return field(name, value);
        }

        public Builder omitEmpty(String name, Object value) {
            return field(name, name, true, value);
        }

        public Builder field(String name, String json, boolean omitEmpty, Object value) {
            fields.add(new Field(name, json, omitEmpty, value));
            return this;
        }

        public GoStruct build() {
            return new GoStruct(typeName, methods, fields);
        }
    }
}
