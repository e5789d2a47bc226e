package org.layerbook.interpreter.session;

import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import org.layerbook.engine.image.Image;

/** The engine, opened when it is first needed. Thread-safe. */
final class LazyEngine implements AutoCloseable {
    private final EngineProvider provider;
    private Optional<SessionEngine> engine = Optional.empty();

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

    /** Tells the store what the session stands on, and that it needs nothing else of what the cell had to do with. */
    synchronized void hold(Collection<Image> images) throws IOException {
        if (engine.isPresent()) {
            engine.get().hold(images);
        }
    }

    @Override
    public synchronized void close() {
        engine.ifPresent(SessionEngine::close);
        engine = Optional.empty();
    }
}
