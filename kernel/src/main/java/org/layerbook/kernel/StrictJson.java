package org.layerbook.kernel;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.ToNumberPolicy;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON as RFC 8259 has it. Gson's own parser takes comments, bare words and a name that stands twice, and reads
 * nested arrays until the stack is full.
 */
final class StrictJson {
    /** Deeper than anything that a front-end sends, and shallow enough for every stack. */
    private static final int NESTING = 200;

    private StrictJson() {}

    /** @throws JsonParseException with what is wrong, as the end of a sentence: "is not JSON" */
    static JsonElement parse(byte[] json) {
        var reader = new JsonReader(new StringReader(text(json)));
        reader.setStrictness(Strictness.STRICT);
        reader.setNestingLimit(NESTING);
        try {
            JsonElement value = value(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new JsonParseException("has trailing content after its JSON");
            }
            return value;
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            throw new JsonParseException("is not JSON: " + firstLine(e), e);
        }
    }

    private static String text(byte[] json) {
        var text = new String(json, StandardCharsets.UTF_8);
        // What cannot be decoded becomes this character; it may also have been sent.
        if (text.indexOf('\ufffd') >= 0) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
            } catch (CharacterCodingException e) {
                throw new JsonParseException("is not UTF-8", e);
            }
        }
        return text;
    }

    private static JsonElement value(JsonReader reader) throws IOException {
        return switch (reader.peek()) {
            case BEGIN_OBJECT -> object(reader);
            case BEGIN_ARRAY -> array(reader);
            case STRING -> new JsonPrimitive(reader.nextString());
            case NUMBER -> new JsonPrimitive(ToNumberPolicy.LAZILY_PARSED_NUMBER.readNumber(reader));
            case BOOLEAN -> new JsonPrimitive(reader.nextBoolean());
            case NULL -> {
                reader.nextNull();
                yield JsonNull.INSTANCE;
            }
            default -> throw new JsonParseException("is not JSON");
        };
    }

    private static JsonObject object(JsonReader reader) throws IOException {
        var object = new JsonObject();
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            if (object.has(name)) {
                throw new JsonParseException("has \"" + name + "\" twice");
            }
            object.add(name, value(reader));
        }
        reader.endObject();
        return object;
    }

    private static JsonArray array(JsonReader reader) throws IOException {
        var array = new JsonArray();
        reader.beginArray();
        while (reader.hasNext()) {
            array.add(value(reader));
        }
        reader.endArray();
        return array;
    }

    /** Gson's messages go on with the path to the place, which may be long, and an address in the Web. */
    private static String firstLine(Exception e) {
        String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        int path = line.indexOf(" path $");
        return path < 0 ? line : line.substring(0, path);
    }
}
