package org.layerbook.engine.archive.read;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.MalformedException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The members of a JSON object with their values as text, which Go calls raw messages. */
final class RawMembers {
    private static final JsonFactory FACTORY = new JsonFactory();

    private RawMembers() {}

    /** Values without white space between their parts, and escaped for HTML, as Go writes a raw message. */
    static Map<String, String> of(byte[] object) throws MalformedException {
        Json.parse(object, "json of a layer").members(); // tells what is wrong with it, if anything
        var members = new LinkedHashMap<String, String>();
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), object)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                int start = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                parser.finishToken();
                int end = (int) parser.currentLocation().getByteOffset();
                members.put(name, compact(new String(object, start, end - start, StandardCharsets.UTF_8)));
            }
        }
        return members;
    }

    private static String compact(String json) {
        var out = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (quoted && c == '\\') {
                out.append(c).append(json.charAt(++i));
                continue;
            }
            quoted ^= c == '"';
            switch (c) {
                case ' ', '\t', '\n', '\r' -> out.append(quoted ? String.valueOf(c) : "");
                case '<', '>', '&', '\u2028', '\u2029' -> out.append(String.format("\\u%04x", (int) c));
                default -> out.append(c);
            }
        }
        return out.toString();
    }
}
