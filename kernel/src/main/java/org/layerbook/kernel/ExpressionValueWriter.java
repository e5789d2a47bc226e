package org.layerbook.kernel;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonSerializationContext;
import com.google.gson.JsonSerializer;
import java.lang.reflect.Type;
import org.dflib.jjava.jupyter.kernel.ExpressionValue;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;

/** Writes what a user expression gave: data, or an error, with the status that the library leaves out. */
final class ExpressionValueWriter implements JsonSerializer<ExpressionValue> {
    @Override
    public JsonElement serialize(ExpressionValue value, Type type, JsonSerializationContext context) {
        var written = new JsonObject();
        switch (value) {
            case ExpressionValue.Success success -> {
                written.addProperty("status", "ok");
                context.serialize(success.getData(), DisplayData.class)
                        .getAsJsonObject()
                        .asMap()
                        .forEach(written::add);
            }
            case ExpressionValue.Error error -> {
                written.addProperty("status", "error");
                written.addProperty("ename", error.getErrName());
                written.addProperty("evalue", error.getErrMsg());
                written.add("traceback", context.serialize(error.getStacktrace()));
            }
            default -> throw new IllegalArgumentException("neither a value nor an error: " + value.getClass());
        }
        return written;
    }
}
