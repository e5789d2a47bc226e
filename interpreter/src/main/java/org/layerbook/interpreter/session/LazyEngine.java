package org.layerbook.interpreter.session;

import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.store.Image;

/** The engine, opened when it is first needed. Thread-safe. */
final class LazyEngine implements AutoCloseable {
    private final EngineProvider provider;
    private Optional<SessionEngine> engine = Optional.empty();
    private Set<Digest> held = Set.of();

    LazyEngine(EngineProvider provider) {
        this.provider = provider;
    }

    EngineProvider provider() {
        return provider;
    }

    synchronized SessionEngine get() throws IOException {
        if (engine.isEmpty()) {
            engine = Optional.of(provider.open());
        }
        return engine.get();
    }

    synchronized Optional<SessionEngine> ifOpen() {
        return engine;
    }

    /** Tells the store what the session stands on, where that has changed. */
    synchronized void hold(Collection<Image> images) throws IOException {
        var ids = new LinkedHashSet<Digest>();
        images.forEach(image -> ids.add(image.id()));
        if (engine.isPresent() && !ids.equals(held)) {
            engine.get().hold(images);
            held = ids;
        }
    }

    @Override
    public synchronized void close() {
        engine.ifPresent(SessionEngine::close);
        engine = Optional.empty();
    }
}
