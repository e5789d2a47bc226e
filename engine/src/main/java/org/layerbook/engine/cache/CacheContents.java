package org.layerbook.engine.cache;

import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.layerbook.engine.golang.GoJson;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.MalformedException;

/**
 * All that a cache says.
 *
 * @param answers what files in root file systems come to, by the digest of the question: so that the key of a
 *     {@code COPY --from} is known before the stage it copies from is there
 */
public record CacheContents(List<CachedStep> steps, Map<Digest, Digest> answers) {
    private static final long VERSION = 1;

    public CacheContents {
        steps = List.copyOf(steps);
        answers = Map.copyOf(answers);
    }

    /** The layers that the steps have, each once, in the order in which {@link #toJson} counts them. */
    public List<Descriptor> blobs() {
        return steps.stream()
                .flatMap(step -> step.blob().stream())
                .map(blob -> new Descriptor(blob.mediaType(), blob.digest(), blob.size()))
                .distinct()
                .toList();
    }

    /** @param blobs the layers of the manifest that this goes into; of others it is only told what they would be */
    byte[] toJson(List<Descriptor> blobs, boolean withParts) {
        var places = new LinkedHashMap<Digest, Integer>();
        for (int i = 0; i < blobs.size(); i++) {
            places.putIfAbsent(blobs.get(i).digest(), i);
        }
        var sorted = new TreeMap<String, String>();
        answers.forEach((question, answer) -> sorted.put(question.toString(), answer.toString()));
        return GoJson.object(json -> json.number("version", VERSION)
                .objects("steps", steps, (object, step) -> {
                    object.string("key", step.key().toString())
                            .string("diffId", step.diffId().toString())
                            .number("size", step.size())
                            .string("created", step.created());
                    step.blob()
                            .map(blob -> places.get(blob.digest()))
                            .ifPresent(place -> object.number("layer", place));
                    if (withParts) {
                        object.object(
                                "parts",
                                parts -> step.parts().forEach((name, digest) -> parts.string(name, digest.toString())));
                    }
                })
                .mapIfAny("answers", sorted));
    }

    /**
     * @param blobs the layers of the manifest that this came with
     * @throws MalformedException when it is not {@link #toJson}'s; it comes from anywhere
     */
    static CacheContents parse(byte[] bytes, List<Descriptor> blobs) throws MalformedException {
        Json json = Json.parse(bytes, "cache");
        long version = json.integer("version");
        if (version != VERSION) {
            throw json.problem("has format version " + version + ", which this Layerbook does not support");
        }
        var steps = new ArrayList<CachedStep>();
        for (Json step : json.elements("steps")) {
            steps.add(step(step, blobs));
        }
        var answers = new LinkedHashMap<Digest, Digest>();
        for (Map.Entry<String, Json> answer : members(json, "answers").entrySet()) {
            answers.put(digest(answer.getKey(), json), answer.getValue().digest());
        }
        return new CacheContents(steps, answers);
    }

    private static CachedStep step(Json step, List<Descriptor> blobs) throws MalformedException {
        var parts = new LinkedHashMap<String, Digest>();
        for (Map.Entry<String, Json> part : members(step, "parts").entrySet()) {
            parts.put(part.getKey(), part.getValue().digest());
        }
        Optional<Descriptor> blob = Optional.empty();
        Optional<Json> layer = step.get("layer");
        if (layer.isPresent()) {
            long place = layer.get().integer();
            if (place < 0 || place >= blobs.size()) {
                throw layer.get().problem("refers to layer " + place + " of " + blobs.size());
            }
            blob = Optional.of(blobs.get((int) place));
        }
        long size = step.integer("size");
        if (size < 0) {
            throw step.problem("has a negative size");
        }
        return new CachedStep(
                step.require("key").digest(), parts, step.require("diffId").digest(), size, created(step), blob);
    }

    /** It goes into the history of images. */
    private static String created(Json step) throws MalformedException {
        String created = step.require("created").string();
        try {
            OffsetDateTime.parse(created);
            return created;
        } catch (DateTimeParseException e) {
            throw step.problem("has an invalid creation time: " + created);
        }
    }

    private static Map<String, Json> members(Json json, String name) throws MalformedException {
        Optional<Json> member = json.get(name);
        return member.isEmpty() ? Map.of() : member.get().members();
    }

    private static Digest digest(String text, Json json) throws MalformedException {
        try {
            return Digest.parse(text);
        } catch (IllegalArgumentException e) {
            throw json.problem(e.getMessage());
        }
    }
}
