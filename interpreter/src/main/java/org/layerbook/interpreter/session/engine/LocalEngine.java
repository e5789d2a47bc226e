package org.layerbook.interpreter.session.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.Engine;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.store.Store;
import org.layerbook.interpreter.shim.ShimPlace;

/** The engine of this machine, over the user's store. */
public final class LocalEngine implements EngineProvider {
    private final Map<String, String> environment;
    private final HostCommands host;
    /** Opened for completion or for the engine, whichever is first. */
    private Optional<Store> store = Optional.empty();

    /** Whether an engine is open, which closes the store. */
    private boolean handedOver;

    /** @param environment of this process */
    public LocalEngine(Map<String, String> environment, HostCommands host) {
        this.environment = environment;
        this.host = host;
    }

    @Override
    public Engine open() throws IOException {
        Store opened = handOver();
        try {
            return Engine.open(opened, environment, host);
        } catch (IOException | RuntimeException e) {
            forget();
            throw e;
        }
    }

    private synchronized Store handOver() throws IOException {
        Store opened = store();
        handedOver = true;
        return opened;
    }

    private synchronized void forget() {
        store = Optional.empty();
        handedOver = false;
    }

    private synchronized Store store() throws IOException {
        if (store.isEmpty()) {
            store = Optional.of(Engine.openStore(environment));
        }
        return store.get();
    }

    @Override
    public HostCommands host() {
        return host;
    }

    @Override
    public ShimPlace shim() {
        return ShimPlace.of(environment);
    }

    @Override
    public List<String> imageNames(String prefix) {
        try {
            // The first FROM of a session wants its names before anything has been built. Nothing is made for that.
            return Files.isRegularFile(Engine.home(environment).resolve("store.json"))
                    ? names(store(), prefix)
                    : List.of();
        } catch (IOException e) {
            // Completion offers what it can see; the command itself will say what is wrong with the store.
            return List.of();
        }
    }

    private static List<String> names(Store store, String prefix) throws IOException {
        return store.names().startingWith(prefix).stream()
                .filter(name -> name.tag().isPresent())
                .map(Reference::familiar)
                .sorted()
                .toList();
    }

    @Override
    public synchronized void close() {
        if (!handedOver) {
            store.ifPresent(LocalEngine::close);
        }
        forget();
    }

    private static void close(Store store) {
        try {
            store.close();
        } catch (IOException e) {
            // Names were read from it and nothing else; there is nothing to lose.
        }
    }
}
