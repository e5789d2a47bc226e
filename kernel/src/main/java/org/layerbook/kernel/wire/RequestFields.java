package org.layerbook.kernel.wire;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the contents of requests are made of, as jupyter-client's page "Messaging in Jupyter" has it. */
final class RequestFields {
    private enum Kind {
        TEXT("a string"),
        FLAG("true or false"),
        NUMBER("an integer"),
        TEXTS("an object of strings");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        private boolean fits(JsonElement value) {
            return switch (this) {
                case TEXT -> value instanceof JsonPrimitive primitive && primitive.isString();
                case FLAG -> value instanceof JsonPrimitive primitive && primitive.isBoolean();
                case NUMBER -> value instanceof JsonPrimitive primitive && primitive.isNumber() && isInt(primitive);
                case TEXTS ->
                    value instanceof JsonObject object
                            && object.asMap().values().stream().allMatch(TEXT::fits);
            };
        }

        private static boolean isInt(JsonPrimitive number) {
            try {
                Integer.parseInt(number.getAsString());
                return true;
            } catch (NumberFormatException e) {
                return false;
            }
        }
    }

    private record Field(String name, Kind kind, boolean required) {
        private Optional<String> fault(JsonObject content) {
            JsonElement value = content.get(name);
            if (value == null || value.isJsonNull() && !required) {
                return required ? Optional.of("the request has no " + name) : Optional.empty();
            }
            return kind.fits(value) ? Optional.empty() : Optional.of(name + " must be " + kind.words);
        }
    }

    private static final Field CODE = new Field("code", Kind.TEXT, true);
    private static final Field CURSOR = optional("cursor_pos", Kind.NUMBER);

    private static final Map<String, List<Field>> BY_TYPE = Map.of(
            "execute_request",
            List.of(
                    CODE,
                    optional("silent", Kind.FLAG),
                    optional("store_history", Kind.FLAG),
                    optional("user_expressions", Kind.TEXTS),
                    optional("allow_stdin", Kind.FLAG),
                    optional("stop_on_error", Kind.FLAG)),
            "complete_request",
            List.of(CODE, CURSOR),
            "inspect_request",
            List.of(CODE, CURSOR, optional("detail_level", Kind.NUMBER)),
            "is_complete_request",
            List.of(CODE),
            "history_request",
            List.of(
                    new Field("hist_access_type", Kind.TEXT, true),
                    optional("output", Kind.FLAG),
                    optional("raw", Kind.FLAG),
                    optional("session", Kind.NUMBER),
                    optional("start", Kind.NUMBER),
                    optional("stop", Kind.NUMBER),
                    optional("n", Kind.NUMBER),
                    optional("pattern", Kind.TEXT),
                    optional("unique", Kind.FLAG)),
            "comm_info_request",
            List.of(optional("target_name", Kind.TEXT)),
            "shutdown_request",
            List.of(optional("restart", Kind.FLAG)),
            "debug_request",
            List.of(optional("seq", Kind.NUMBER), optional("command", Kind.TEXT)),
            "input_reply",
            List.of(new Field("value", Kind.TEXT, true)),
            "comm_open",
            List.of(new Field("comm_id", Kind.TEXT, true)));

    private RequestFields() {}

    private static Field optional(String name, Kind kind) {
        return new Field(name, kind, false);
    }

    /** What is wrong with {@code content} as that of a message of this type, as a sentence. */
    static Optional<String> fault(String type, JsonObject content) {
        Stream<Optional<String>> faults =
                BY_TYPE.getOrDefault(type, List.of()).stream().map(field -> field.fault(content));
        return faults.flatMap(Optional::stream).findFirst();
    }
}
