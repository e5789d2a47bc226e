package org.layerbook.interpreter.session.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.Engine;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Store;
import org.layerbook.interpreter.command.spec.CommandServices;
import org.layerbook.interpreter.shim.ShimPlace;

/** The engine of this machine, over the user's store. */
public final class LocalEngine implements EngineProvider {
    private final Map<String, String> environment;
    private final HostCommands host;
    private volatile List<Store> open = List.of();
    private Optional<Store> named = Optional.empty();

    /** @param environment of this process */
    public LocalEngine(Map<String, String> environment, HostCommands host) {
        this.environment = environment;
        this.host = host;
    }

    @Override
    public SessionEngine open() throws IOException {
        Engine engine = Engine.open(environment, host);
        open = List.of(engine.store());
        var services = new CommandServices(
                engine.store(),
                engine.snapshots(),
                engine.builder(),
                engine.registries(),
                engine.containers(),
                Clock.systemDefaultZone());
        return new StoreEngine(services, () -> close(engine));
    }

    private void close(Engine engine) {
        open = List.of();
        try {
            engine.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
            if (!open.isEmpty()) {
                return names(open.getFirst(), prefix);
            }
            // The first FROM of a session wants its names before anything has been built. Nothing is made for that.
            Path home = Engine.home(environment);
            if (!Files.isRegularFile(home.resolve("store.json"))) {
                return List.of();
            }
            return names(forNames(home), prefix);
        } catch (IOException e) {
            // Completion offers what it can see; the command itself will say what is wrong with the store.
            return List.of();
        }
    }

    /** Holds nothing open, but remembers what it has read. */
    private synchronized Store forNames(Path home) throws IOException {
        if (named.isEmpty()) {
            named = Optional.of(Store.open(home, Identity.current()));
        }
        return named.get();
    }

    private static List<String> names(Store store, String prefix) throws IOException {
        return store.names().startingWith(prefix).stream()
                .filter(name -> name.tag().isPresent())
                .map(Reference::familiar)
                .sorted()
                .toList();
    }
}
