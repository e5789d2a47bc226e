package org.layerbook.kernel;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.layerbook.interpreter.Rendered;

/** What the interpreter shows, as Jupyter's MIME bundles. */
final class MimeBundles {
    private MimeBundles() {}

    /**
     * Every form but the one that is meant for a terminal. JSON goes as JSON, not as text. Where there is HTML as well,
     * JupyterLab and Notebook show the JSON, as a tree with a search field; what has no such tree (nbconvert, GitHub) shows
     * the HTML.
     */
    static DisplayData of(Rendered rendered) {
        return of(rendered, type -> true);
    }

    /** Help beside a completion: JSON would be shown before the page and takes the keyboard from the list. */
    static DisplayData help(Rendered rendered) {
        return of(rendered, type -> !type.equals(Rendered.JSON));
    }

    private static DisplayData of(Rendered rendered, Predicate<String> wanted) {
        var data = new DisplayData();
        for (String type : rendered.mimeTypes()) {
            if (!type.equals(Rendered.ANSI) && wanted.test(type)) {
                put(data, type, rendered.form(type).orElseThrow());
            }
        }
        return data;
    }

    private static void put(DisplayData data, String type, String text) {
        if (!type.equals(Rendered.JSON) && !type.endsWith("+json")) {
            data.putData(type, text);
            return;
        }
        json(text).ifPresent(tree -> {
            data.putData(type, tree);
            data.putMetaData(type, Map.of("expanded", true));
        });
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
