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

    /**
     * Every form but the one that is meant for a terminal, and but JSON where there is HTML: JupyterLab would show a tree
     * of the JSON instead. JSON goes as JSON, not as text.
     */
    static DisplayData of(Rendered rendered) {
        var data = new DisplayData();
        boolean html = rendered.byMimeType().containsKey(Rendered.HTML);
        rendered.byMimeType().forEach((type, text) -> {
            if (type.equals(Rendered.ANSI) || (html && type.equals(Rendered.JSON))) {
                return;
            }
            if (type.equals(Rendered.JSON) || type.endsWith("+json")) {
                json(text).ifPresent(tree -> data.putData(type, tree));
            } else {
                data.putData(type, text);
            }
        });
        return data;
    }

    static DisplayData of(Rendered rendered, String displayId) {
        DisplayData data = of(rendered);
        data.setDisplayId(displayId);
        return data;
    }

    private static Optional<JsonElement> json(String text) {
        try {
            return Optional.of(JsonParser.parseString(text));
        } catch (JsonParseException e) {
            return Optional.empty();
        }
    }
}
