package org.layerbook.kernel;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.Optional;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.layerbook.interpreter.Rendered;

/** What the interpreter shows, as Jupyter's MIME bundles. */
final class Bundles {
    private Bundles() {}

    /** Every form but the one that is meant for a terminal. JSON goes as JSON, which is what front-ends expect of it. */
    static DisplayData of(Rendered rendered) {
        var data = new DisplayData();
        rendered.byMimeType().forEach((type, text) -> {
            if (!type.equals(Rendered.ANSI)) {
                data.putData(
                        type,
                        isJson(type) ? json(text).<Object>map(tree -> tree).orElse(text) : text);
            }
        });
        return data;
    }

    static DisplayData of(Rendered rendered, String displayId) {
        DisplayData data = of(rendered);
        data.setDisplayId(displayId);
        return data;
    }

    private static boolean isJson(String type) {
        return type.equals(Rendered.JSON) || type.endsWith("+json");
    }

    private static Optional<JsonElement> json(String text) {
        try {
            return Optional.of(JsonParser.parseString(text));
        } catch (JsonParseException e) {
            return Optional.empty();
        }
    }
}
