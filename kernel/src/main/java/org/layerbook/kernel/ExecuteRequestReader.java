package org.layerbook.kernel;

import com.google.gson.JsonDeserializationContext;
import com.google.gson.JsonDeserializer;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dflib.jjava.jupyter.messages.request.ExecuteRequest;
import org.layerbook.kernel.wire.Request;

/**
 * Reads an {@code execute_request} with the protocol's defaults for what is left out; read field by field, a missing
 * {@code stop_on_error} or {@code store_history} would become false.
 */
final class ExecuteRequestReader implements JsonDeserializer<ExecuteRequest> {
    @Override
    public ExecuteRequest deserialize(JsonElement json, Type type, JsonDeserializationContext context) {
        JsonObject content = json.getAsJsonObject();
        String code = Request.string(content, "code")
                .orElseThrow(() -> new JsonParseException("execute_request without code"));
        boolean silent = flag(content, "silent", false);
        Map<String, String> expressions = new LinkedHashMap<>();
        if (content.get("user_expressions") instanceof JsonObject object) {
            object.entrySet()
                    .forEach(entry -> expressions.put(
                            entry.getKey(),
                            Request.string(object, entry.getKey()).orElse("")));
        }
        return new ExecuteRequest(
                code,
                silent,
                !silent && flag(content, "store_history", true),
                expressions,
                flag(content, "allow_stdin", false),
                flag(content, "stop_on_error", true));
    }

    private static boolean flag(JsonObject content, String name, boolean missing) {
        return content.get(name) instanceof JsonElement value && value.isJsonPrimitive()
                ? value.getAsBoolean()
                : missing;
    }
}
