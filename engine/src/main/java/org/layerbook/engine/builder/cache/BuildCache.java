package org.layerbook.engine.builder.cache;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.step.CacheKey;
import org.layerbook.engine.builder.step.CacheMiss;
import org.layerbook.engine.builder.step.CancelledException;
import org.layerbook.engine.builder.step.KeyParts;
import org.layerbook.engine.builder.step.Waiting;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.golang.GoJson;
import org.layerbook.engine.image.CacheRecords;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.image.Lease;
import org.layerbook.engine.image.StoreLocks;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.MalformedException;
import org.layerbook.engine.snapshot.Snapshots;

/**
 * Results of steps by their keys, in the store's cache records. A record that cannot be read, or whose layer is gone, is a
 * miss, never an error.
 */
public final class BuildCache {
    /**
     * @param created when the layer was made, RFC 3339: it goes into the image's history, so that an image that is built
     *     again from the cache has the same id
     */
    public record Result(Layer layer, String created) {}

    private final CacheRecords records;
    private final StoreLocks locks;
    private final Snapshots snapshots;
    private final ImportedCaches imported;
    private final Optional<ImportedSnapshots> offering;
    private final Map<Digest, Taken> taken = new ConcurrentHashMap<>();
    private final Map<Digest, String> created = new ConcurrentHashMap<>();
    private final Map<Digest, Digest> answers = new ConcurrentHashMap<>();

    /** A result of an imported cache. */
    private record Taken(CacheKey key, Result result, List<String> positions) {}

    public BuildCache(BuildServices services) {
        this(services, ImportedCaches.NONE, Optional.empty());
    }

    /** @param offering present for a whole build; what is asked is then remembered for those who export it */
    public BuildCache(BuildServices services, ImportedCaches imported, Optional<ImportedSnapshots> offering) {
        this.records = services.cache();
        this.locks = services.locks();
        this.snapshots = services.snapshots();
        this.imported = imported;
        this.offering = offering;
    }

    /** @param lease keeps what is found, from before it is looked whether it is there */
    public Optional<Result> find(CacheKey key, Lease lease) throws IOException {
        Optional<Result> result = records.get(key.digest()).flatMap(BuildCache::read);
        if (result.isEmpty()) {
            return Optional.empty();
        }
        Digest chain = result.get().layer().chainId();
        lease.keep(GcRoot.chain(chain));
        if (!snapshots.contains(chain)) {
            return Optional.empty();
        }
        note(key, result.get());
        return result;
    }

    /** For those who export what a whole build used. */
    private void note(CacheKey key, Result result) {
        if (offering.isPresent()) {
            created.put(key.digest(), result.created());
        }
    }

    /**
     * What an imported cache has. Its layer counts as there from now on.
     *
     * @param parent what the step is carried out on
     * @param positions as {@link #put} wants them, when the layer has come
     */
    public Optional<Result> imported(CacheKey key, Optional<Digest> parent, List<String> positions, Lease lease)
            throws IOException {
        Optional<ImportedCaches.Offer> offer = imported.find(key.digest());
        if (offer.isEmpty() || offering.isEmpty()) {
            return Optional.empty();
        }
        lease.keep(GcRoot.chain(Layer.chain(parent, offer.get().step().diffId())));
        var result = new Result(
                offering.get().offer(parent, offer.get()), offer.get().step().created());
        taken.put(key.digest(), new Taken(key, result, positions));
        return Optional.of(result);
    }

    /** Whether the layer is in the store, and not only offered by another cache. */
    public boolean isHere(Digest chain) {
        return offering.isEmpty() || offering.get().isStored(chain);
    }

    /** Records what was imported, as far as its layers have come. */
    public void keepImported() throws IOException {
        for (Taken one : taken.values()) {
            if (offering.isPresent()
                    && offering.get().isStored(one.result().layer().chainId())) {
                put(one.key(), one.result(), one.positions());
            }
        }
    }

    /** When the result of {@code key} was made; absent where there is none that may be used again. Of what this whole build used. */
    public Optional<String> created(CacheKey key) {
        Taken imports = taken.get(key.digest());
        return imports != null
                ? Optional.of(imports.result().created())
                : Optional.ofNullable(created.get(key.digest()));
    }

    /** What {@link #recall} and {@link #remember} were about. */
    public Map<Digest, Digest> answers() {
        return Map.copyOf(answers);
    }

    /** As {@link #find}, also where the layer's snapshot is not there any more. */
    private static Optional<Result> read(CacheRecords.Record record) {
        try {
            Json json = Json.parse(record.content().toArray(), "cache record " + record.key());
            var layer = new Layer(
                    json.require("diffId").digest(),
                    json.require("chainId").digest(),
                    json.integer("size"),
                    Optional.empty());
            return json.string("created").map(created -> new Result(layer, created));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /** @param positions where the step stands, see {@link #explain} */
    public void put(CacheKey key, Result result, List<String> positions) throws IOException {
        byte[] content = GoJson.object(
                json -> json.string("diffId", result.layer().diffId().toString())
                        .string("chainId", result.layer().chainId().toString())
                        .number("size", result.layer().size())
                        .string("created", result.created())
                        .mapIfAny("key", key.parts()));
        records.put(key.digest(), content, List.of(GcRoot.chain(result.layer().chainId())), positions);
        note(key, result);
    }

    /**
     * Keeps out everybody else who wants to build {@code key}, in this process and in others, so that it is built once.
     *
     * @throws CancelledException while waiting
     */
    public StoreLocks.Held lock(CacheKey key, Cancellation cancellation) throws IOException {
        return Waiting.lock(locks, "build " + key.digest(), cancellation);
    }

    /**
     * Why {@code key} is not there: how it differs from the key that this instruction had last. A key with other parts is
     * of another kind of instruction and tells nothing.
     *
     * @param positions the most telling first: the same instruction text in this stage, then the same place in it
     */
    public CacheMiss explain(CacheKey key, List<String> positions) throws IOException {
        for (String position : positions) {
            Optional<CacheKey> earlier = records.latest(position)
                    .flatMap(this::recordOf)
                    .flatMap(BuildCache::keyOf)
                    .filter(key::isOfKindOf);
            if (earlier.isPresent()) {
                List<String> changed = key.differences(earlier.get());
                return new CacheMiss(changed, KeyParts.sentence(changed));
            }
        }
        return imported.explain(key)
                .orElseGet(() -> new CacheMiss(List.of(), "this step has not been built here before"));
    }

    private Optional<CacheRecords.Record> recordOf(Digest key) {
        try {
            return records.get(key);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<CacheKey> keyOf(CacheRecords.Record record) {
        try {
            Json json = Json.parse(record.content().toArray(), "cache record");
            return Optional.of(new CacheKey(new LinkedHashMap<>(json.stringMap("key"))));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /**
     * A digest that is worth keeping: what files in a root file system come to, which cannot change.
     *
     * @param question says everything that the answer depends on
     */
    public Optional<Digest> recall(String question) throws IOException {
        Digest asked = questionKey(question);
        Optional<CacheRecords.Record> record = records.get(asked);
        Optional<Digest> known = record.map(r -> new String(r.content().toArray(), StandardCharsets.US_ASCII))
                .flatMap(BuildCache::digest)
                .or(() -> imported.answer(asked));
        known.ifPresent(answer -> answered(asked, answer));
        return known;
    }

    /** Empty for what is no answer. */
    private static Optional<Digest> digest(String text) {
        try {
            return Optional.of(Digest.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void answered(Digest question, Digest answer) {
        if (offering.isPresent()) {
            answers.put(question, answer);
        }
    }

    public void remember(String question, Digest answer) throws IOException {
        answered(questionKey(question), answer);
        records.put(
                questionKey(question),
                answer.toString().getBytes(StandardCharsets.US_ASCII),
                List.of(),
                List.of(question));
    }

    private static Digest questionKey(String question) {
        return Digest.sha256(question.getBytes(StandardCharsets.UTF_8));
    }
}
