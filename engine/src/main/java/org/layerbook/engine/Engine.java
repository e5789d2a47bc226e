package org.layerbook.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.layerbook.engine.archive.UnpackingSnapshots;
import org.layerbook.engine.builder.Builder;
import org.layerbook.engine.builder.ImageBuilder;
import org.layerbook.engine.builder.RegistryImages;
import org.layerbook.engine.builder.StoreImages;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.step.RunDefaults;
import org.layerbook.engine.cache.RemoteCaches;
import org.layerbook.engine.container.ContainerEngine;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.Isolation;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.layer.UnpackLimits;
import org.layerbook.engine.registry.Registries;
import org.layerbook.engine.sandbox.Sandbox;
import org.layerbook.engine.sandbox.selection.Sandboxes;
import org.layerbook.engine.snapshot.SnapshotStores;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.ConfigFiles;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Store;

/**
 * The engine put together for one process: the user's store, the snapshots in it, what runs processes, and the builder
 * over them. The caller closes it.
 *
 * @param notes why nothing better was found on this machine, sentences for {@code layerbook doctor}
 */
public record Engine(
        Store store,
        Snapshots snapshots,
        Sandbox sandbox,
        Builder builder,
        Registries registries,
        ContainerEngine containers,
        List<String> notes)
        implements AutoCloseable {

    /** Opens the store of the user, with those of others that the environment or the configuration names. */
    public static Store openStore(Map<String, String> environment) throws IOException {
        return Store.open(home(environment), Identity.current(), additionalStores(environment));
    }

    public static Engine open(Map<String, String> environment, HostCommands host) throws IOException {
        return open(openStore(environment), environment, host);
    }

    /**
     * @param store of this environment; the engine closes it, here where it fails to open
     * @param environment the user's; {@code LAYERBOOK_HOME}, {@code LAYERBOOK_ADDITIONAL_STORES}, {@code LAYERBOOK_RUNTIME},
     *     {@code PATH} and those of
     *     {@link UnpackLimits} count
     * @throws IOException with a sentence: the store cannot be used, or nothing here can hold or run an image
     */
    public static Engine open(Store store, Map<String, String> environment, HostCommands host) throws IOException {
        try {
            Snapshots own = SnapshotStores.detect(store, limits(environment));
            Snapshots snapshots = store.additional().isEmpty() ? own : new UnpackingSnapshots(own, store);
            Path scratch = scratch(store, environment);
            var found = Sandboxes.detect(new Sandboxes.Settings(
                    environment,
                    store.home().resolve("runtime"),
                    scratch,
                    () -> roots(store, scratch),
                    Isolation.session(environment)));
            var registries = Registries.of(store, snapshots, environment, host);
            var caches = new RemoteCaches(store.content(), registries);
            var images = new RegistryImages(new StoreImages(store), registries);
            var services = BuildServices.of(store, snapshots, found.sandbox(), host, images, caches)
                    .withRunDefaults(RunDefaults.read(environment));
            return new Engine(
                    store,
                    snapshots,
                    found.sandbox(),
                    new ImageBuilder(services),
                    registries,
                    new ContainerEngine(store, snapshots, found.runtime(), environment, host),
                    found.notes());
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** Where root file systems lie; a store that is read-only or full to the last byte holds no new ones. */
    private static Path roots(Store store, Path scratch) throws IOException {
        try {
            return store.temp().directory();
        } catch (IOException e) {
            if (StoreException.takesNothing(store.home(), e)) {
                return scratch;
            }
            throw e;
        }
    }

    private static UnpackLimits limits(Map<String, String> environment) throws IOException {
        try {
            return UnpackLimits.of(environment);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * Stores of others to read besides the user's own: {@code LAYERBOOK_ADDITIONAL_STORES}, folders with colons between
     * them, else {@code "additional-stores"} of the configuration.
     */
    private static List<Path> additionalStores(Map<String, String> environment) throws IOException {
        String given = environment.get("LAYERBOOK_ADDITIONAL_STORES");
        List<String> folders =
                given == null ? ConfigFiles.read(environment).strings("additional-stores") : List.of(given.split(":"));
        return folders.stream()
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder.strip()))
                .toList();
    }

    /** Where the store lies: {@code LAYERBOOK_HOME}, else the user's data folder. Never Java's {@code user.home}. */
    public static Path home(Map<String, String> environment) {
        String set = environment.getOrDefault("LAYERBOOK_HOME", "");
        if (!set.isEmpty()) {
            return Path.of(set).toAbsolutePath();
        }
        String data = environment.getOrDefault("XDG_DATA_HOME", "");
        Path folder =
                data.isEmpty() ? Path.of(environment.getOrDefault("HOME", "/root"), ".local", "share") : Path.of(data);
        return folder.resolve("layerbook");
    }

    /** The launcher's private folder, which goes with it; without a launcher a temporary one of the store. */
    private static Path scratch(Store store, Map<String, String> environment) throws IOException {
        String runtime = environment.getOrDefault("LAYERBOOK_RUNTIME_DIR", "");
        Path folder =
                runtime.isEmpty() ? store.temp().directory() : Path.of(runtime).resolve("sandbox");
        return Files.createDirectories(folder);
    }

    @Override
    public void close() throws IOException {
        registries.close();
        containers.close();
        store.close();
    }
}
