package org.layerbook.engine.registry;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.registry.protocol.RegistryException;
import org.layerbook.engine.registry.protocol.RegistrySettings;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Store;

/** Opens the registry client when it is first needed, so that a session that needs none does not pay for it. Thread-safe. */
public final class Registries implements AutoCloseable {
    private final Opener opener;
    private final Settings settings;
    private Optional<Registry> registry = Optional.empty();

    @FunctionalInterface
    private interface Opener {
        Registry open() throws IOException;
    }

    @FunctionalInterface
    private interface Settings {
        RegistrySettings read() throws IOException;
    }

    private Registries(Opener opener, Settings settings) {
        this.opener = opener;
        this.settings = settings;
    }

    public static Registries of(Store store, Snapshots snapshots, Map<String, String> environment, HostCommands host) {
        return new Registries(
                () -> new Registry(
                        store,
                        snapshots,
                        RegistrySettings.read(environment),
                        new CredentialStore(environment, host),
                        environment),
                () -> RegistrySettings.read(environment));
    }

    /** For where there is no registry. */
    public static Registries none() {
        return new Registries(
                () -> {
                    throw new RegistryException(
                            RegistryException.Kind.UNREACHABLE, "registries are not available in this session");
                },
                () -> RegistrySettings.DEFAULT);
    }

    /** How registries are reached; opens nothing. */
    public RegistrySettings settings() throws IOException {
        return settings.read();
    }

    /** @throws IOException when the settings cannot be read */
    public synchronized Registry get() throws IOException {
        if (registry.isEmpty()) {
            registry = Optional.of(opener.open());
        }
        return registry.get();
    }

    @Override
    public synchronized void close() {
        registry.ifPresent(Registry::close);
        registry = Optional.empty();
    }
}
