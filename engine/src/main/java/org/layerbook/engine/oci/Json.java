package org.layerbook.engine.oci;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * A JSON value that knows its place in its document, so that a wrong type is reported with what and where. Read with
 * Jackson's streaming parser alone: no mapper has to be set up, which matters when a process lives for 100 ms.
 *
 * <p>As Go's decoder, which the documents are written for: of two members of one name the last counts, {@code null} is
 * as good as absent, members that nobody asks for are passed over. Immutable.
 */
public final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final String document;
    private final String place;
    private final Object value;

    private Json(String document, String place, Object value) {
        this.document = document;
        this.place = place;
        this.value = value;
    }

    /**
     * Reads a whole document.
     *
     * @param document what it is, for messages: {@code image config}
     * @throws MalformedException when it is no JSON, or something follows it
     */
    public static Json parse(byte[] bytes, String document) throws MalformedException {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
            if (parser.nextToken() == null) {
                throw new MalformedException(document, "", "is empty");
            }
            Object value = read(parser);
            if (parser.nextToken() != null) {
                throw new MalformedException(
                        document,
                        "line " + parser.currentTokenLocation().getLineNr(),
                        "unexpected data after the JSON value");
            }
            return new Json(document, "", value);
        } catch (StreamReadException e) {
            var at = e.getLocation();
            String where = at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new MalformedException(document, where, "not valid JSON: " + e.getOriginalMessage());
        } catch (JacksonException e) {
            throw new MalformedException(document, "", "not valid JSON: " + e.getOriginalMessage());
        }
    }

    private static Object read(JsonParser parser) {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> {
                var members = new LinkedHashMap<String, Object>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    members.put(name, read(parser));
                }
                yield members;
            }
            case START_ARRAY -> {
                var elements = new ArrayList<Object>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(read(parser));
                }
                yield elements;
            }
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? (Object) parser.getDoubleValue()
                        : (Object) parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> Null.NULL;
        };
    }

    private enum Null {
        NULL
    }

    /** The member {@code name} of this object; absent when it is not there or null. */
    public Optional<Json> get(String name) throws MalformedException {
        Object member = object().get(name);
        return member == null || member == Null.NULL ? Optional.empty() : Optional.of(member(name, member));
    }

    /** As {@link #get}, but absence is an error. */
    public Json require(String name) throws MalformedException {
        return get(name).orElseThrow(() -> new MalformedException(document, place, "\"" + name + "\" is missing"));
    }

    /** Members in document order; those that are null are left out. */
    public Map<String, Json> members() throws MalformedException {
        var members = new LinkedHashMap<String, Json>();
        object().forEach((name, member) -> {
            if (member != Null.NULL) {
                members.put(name, member(name, member));
            }
        });
        return Collections.unmodifiableMap(members);
    }

    public List<Json> elements() throws MalformedException {
        if (!(value instanceof List<?> list)) {
            throw wrong("an array");
        }
        var elements = new ArrayList<Json>(list.size());
        for (int i = 0; i < list.size(); i++) {
            elements.add(new Json(document, place + "[" + i + "]", list.get(i)));
        }
        return Collections.unmodifiableList(elements);
    }

    public String string() throws MalformedException {
        if (value instanceof String text) {
            return text;
        }
        throw wrong("a string");
    }

    public long integer() throws MalformedException {
        if (value instanceof Long number) {
            return number;
        }
        throw wrong("an integer");
    }

    public boolean bool() throws MalformedException {
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw wrong("a boolean");
    }

    public Digest digest() throws MalformedException {
        try {
            return Digest.parse(string());
        } catch (IllegalArgumentException e) {
            throw problem(e.getMessage());
        }
    }

    /** The member's string; absent when it is not there, null or empty: Go's decoder tells none of these apart. */
    public Optional<String> string(String name) throws MalformedException {
        Optional<Json> member = get(name);
        return member.isEmpty()
                ? Optional.empty()
                : Optional.of(member.get().string()).filter(s -> !s.isEmpty());
    }

    /** The member's strings; empty when it is not there or null. A null element is an empty string, as in Go. */
    public List<String> strings(String name) throws MalformedException {
        Optional<Json> member = get(name);
        if (member.isEmpty()) {
            return List.of();
        }
        var strings = new ArrayList<String>();
        for (Json element : member.get().elements()) {
            strings.add(element.value == Null.NULL ? "" : element.string());
        }
        return Collections.unmodifiableList(strings);
    }

    /** The member's elements; empty when it is not there or null. */
    public List<Json> elements(String name) throws MalformedException {
        Optional<Json> member = get(name);
        return member.isEmpty() ? List.of() : member.get().elements();
    }

    /** The member's integer; 0 when it is not there or null. */
    public long integer(String name) throws MalformedException {
        Optional<Json> member = get(name);
        return member.isEmpty() ? 0 : member.get().integer();
    }

    /** The member's truth; false when it is not there or null. */
    public boolean bool(String name) throws MalformedException {
        Optional<Json> member = get(name);
        return member.isPresent() && member.get().bool();
    }

    /** The member as a map of strings, in document order; empty when it is not there or null. */
    public Map<String, String> stringMap(String name) throws MalformedException {
        Optional<Json> member = get(name);
        if (member.isEmpty()) {
            return Map.of();
        }
        var map = new LinkedHashMap<String, String>();
        for (var entry : member.get().object().entrySet()) {
            map.put(
                    entry.getKey(),
                    entry.getValue() == Null.NULL
                            ? ""
                            : member.get()
                                    .member(entry.getKey(), entry.getValue())
                                    .string());
        }
        return Collections.unmodifiableMap(map);
    }

    /** An exception that names this value's place. */
    public MalformedException problem(String problem) {
        return new MalformedException(document, place, problem);
    }

    private Json member(String name, Object member) {
        return new Json(document, place.isEmpty() ? name : place + "." + name, member);
    }

    private Map<String, Object> object() throws MalformedException {
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong("an object");
        }
        @SuppressWarnings("unchecked") // read() puts nothing but strings for keys
        var members = (Map<String, Object>) map;
        return members;
    }

    private MalformedException wrong(String expected) {
        String found = switch (value) {
            case Map<?, ?> m -> "an object";
            case List<?> l -> "an array";
            case String s -> "a string";
            case Long l -> "a number";
            case Double d -> "the number " + d;
            case Boolean b -> b.toString();
            default -> "null";
        };
        return problem("expected " + expected + ", found " + found);
    }
}
