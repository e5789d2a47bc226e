package org.layerbook.interpreter.session.engine;

import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import org.layerbook.engine.image.Image;

/** The engine, opened when it is first needed. Thread-safe. */
public final class LazyEngine implements AutoCloseable {
    private final EngineProvider provider;
    private Optional<SessionEngine> engine = Optional.empty();

    public LazyEngine(EngineProvider provider) {
        this.provider = provider;
    }

    public EngineProvider provider() {
        return provider;
    }

    public synchronized SessionEngine get() throws IOException {
        if (engine.isEmpty()) {
            engine = Optional.of(new SessionEngine(provider.open()));
        }
        return engine.get();
    }

    public synchronized Optional<SessionEngine> ifOpen() {
        return engine;
    }

    /** Tells the store what the session stands on, and that it needs nothing else of what the cell had to do with. */
    public synchronized void hold(Collection<Image> images) throws IOException {
        if (engine.isPresent()) {
            engine.get().hold(images);
        }
    }

    @Override
    public synchronized void close() {
        try {
            engine.ifPresent(SessionEngine::close);
        } finally {
            engine = Optional.empty();
            provider.close();
        }
    }
}
