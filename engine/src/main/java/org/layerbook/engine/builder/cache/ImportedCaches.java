package org.layerbook.engine.builder.cache;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.builder.step.BuildEvent;
import org.layerbook.engine.builder.step.BuildListener;
import org.layerbook.engine.builder.step.CacheKey;
import org.layerbook.engine.builder.step.CacheMiss;
import org.layerbook.engine.builder.step.CancelledException;
import org.layerbook.engine.builder.step.KeyParts;
import org.layerbook.engine.cache.CachePlace;
import org.layerbook.engine.cache.CachedStep;
import org.layerbook.engine.cache.OpenedCache;
import org.layerbook.engine.cache.RemoteCaches;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Platform;

/**
 * The caches that one build was given, as one. They are no more than a help: one that cannot be read is a warning, and a
 * result that turns out to be unusable is {@linkplain #drop forgotten}, so that the build can begin anew without it.
 * Thread-safe.
 */
public final class ImportedCaches {
    static final ImportedCaches NONE = new ImportedCaches();

    /** Unusable layers of one cache before none of it is believed any more. */
    private static final int MOST_FAULTS = 3;

    /** One step's result in one cache. */
    record Offer(CachedStep step, CachePlace place, OpenedCache cache) {}

    private final Map<Digest, Offer> steps = new LinkedHashMap<>();
    private final Map<Digest, Digest> answers = new LinkedHashMap<>();
    private final Map<CachePlace, Integer> faults = new LinkedHashMap<>();
    private final List<Fault> unusable = new ArrayList<>();

    /** @param why a sentence; absent where the cache never said that it has the layer */
    private record Fault(Offer offer, Optional<String> why) {}

    private ImportedCaches() {}

    /** @throws CancelledException when it was cancelled */
    public static ImportedCaches open(
            List<CachePlace> places,
            RemoteCaches caches,
            Platform platform,
            BuildListener listener,
            Cancellation cancellation)
            throws CancelledException {
        var imported = new ImportedCaches();
        for (CachePlace place : places) {
            CancelledException.check(cancellation);
            String title = "importing cache manifest from " + place.title();
            try {
                OpenedCache opened = caches.open(place, platform, cancellation);
                imported.add(place, opened);
                listener.on(new BuildEvent.Aside(
                        title, List.of(opened.contents().steps().size() + " steps")));
            } catch (InterruptedIOException e) {
                throw new CancelledException();
            } catch (IOException e) {
                listener.on(new BuildEvent.Aside(title, List.of("not used")));
                listener.on(new BuildEvent.Warning(
                        "cannot use the cache " + place.title() + ": " + sentence(e), Optional.empty()));
            }
        }
        return imported;
    }

    static String sentence(IOException e) {
        return Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
    }

    private void add(CachePlace place, OpenedCache opened) {
        for (CachedStep step : opened.contents().steps()) {
            steps.merge(step.key(), new Offer(step, place, opened), ImportedCaches::better);
        }
        opened.contents().answers().forEach(answers::putIfAbsent);
    }

    /** The first, unless only the second has the layer. */
    private static Offer better(Offer first, Offer second) {
        return first.step().blob().isPresent() || second.step().blob().isEmpty() ? first : second;
    }

    synchronized Optional<Offer> find(Digest key) {
        return Optional.ofNullable(steps.get(key));
    }

    synchronized Optional<Digest> answer(Digest question) {
        return Optional.ofNullable(answers.get(question));
    }

    /** How {@code key} differs from the nearest of the same instruction here; empty where there is none. */
    synchronized Optional<CacheMiss> explain(CacheKey key) {
        Map<String, Digest> parts = key.partDigests();
        return steps.values().stream()
                .map(Offer::step)
                .filter(step -> isSameInstruction(parts, step.parts()))
                .map(step -> CacheKey.differences(parts, step.parts()))
                .min(Comparator.comparing(List::size))
                .filter(changed -> !changed.isEmpty())
                .map(changed -> new CacheMiss(changed, "the imported cache differs; " + KeyParts.sentence(changed)));
    }

    private static boolean isSameInstruction(Map<String, Digest> one, Map<String, Digest> other) {
        return List.of(KeyParts.COMMAND, KeyParts.DESTINATION).stream()
                .anyMatch(part -> one.containsKey(part) && one.get(part).equals(other.get(part)));
    }

    /** The layer could not be had. */
    synchronized void failed(Offer offer, IOException why) {
        unusable.add(new Fault(offer, offer.step().blob().isPresent() ? Optional.of(sentence(why)) : Optional.empty()));
    }

    public synchronized boolean hasFailed() {
        return !unusable.isEmpty();
    }

    /**
     * Forgets what was found unusable, with a warning where the cache is damaged. Where a layer was needed that the cache
     * does not claim to have, all such results are forgotten: they are of use only where every step is cached.
     *
     * @return whether there was anything, so that it is worth while to begin anew
     */
    public synchronized boolean drop(BuildListener listener) {
        boolean any = hasFailed();
        for (Fault fault : unusable) {
            steps.remove(fault.offer().step().key());
            if (fault.why().isEmpty()) {
                steps.values().removeIf(offer -> offer.step().blob().isEmpty());
                continue;
            }
            CachePlace place = fault.offer().place();
            boolean isTooMuch = faults.merge(place, 1, Integer::sum) >= MOST_FAULTS;
            listener.on(new BuildEvent.Warning(
                    "the cache " + place.title() + " is damaged: " + fault.why().get()
                            + (isTooMuch ? "; it is no longer used" : "; building the step instead"),
                    Optional.empty()));
            if (isTooMuch) {
                steps.values().removeIf(offer -> offer.place().equals(place));
            }
        }
        unusable.clear();
        return any;
    }
}
