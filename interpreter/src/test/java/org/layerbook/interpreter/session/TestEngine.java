package org.layerbook.interpreter.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.Engine;
import org.layerbook.engine.builder.Builder;
import org.layerbook.engine.builder.ImageBuilder;
import org.layerbook.engine.builder.RegistryImages;
import org.layerbook.engine.builder.StoreImages;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.step.ImageSource;
import org.layerbook.engine.cache.RemoteCaches;
import org.layerbook.engine.container.ContainerEngine;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.Registries;
import org.layerbook.engine.sandbox.Sandbox;
import org.layerbook.engine.snapshot.SnapshotStores;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Store;
import org.layerbook.interpreter.session.engine.EngineProvider;
import org.layerbook.interpreter.shim.ShimPlace;

/**
 * The real engine in a folder of a test, with a sandbox of the test's choice. The store has the images {@code busybox}
 * and {@code alpine}, of 1 and 2 MB.
 */
public class TestEngine implements EngineProvider {
    private final Path home;
    private final Sandbox sandbox;
    private int opened;
    /** Of the engine that was opened last. */
    private Optional<Builder> builder = Optional.empty();

    public TestEngine(Path home, Sandbox sandbox) {
        this.home = home;
        this.sandbox = sandbox;
    }

    @Override
    public Engine open() throws IOException {
        opened++;
        Store store = Store.open(home, Identity.current());
        Snapshots snapshots = SnapshotStores.detect(store);
        base(store, snapshots, "busybox", 1_000_000);
        base(store, snapshots, "alpine", 2_000_000);
        var registries = registries(store, snapshots);
        var stored = new StoreImages(store);
        ImageSource images = registries.isPresent() ? new RegistryImages(stored, registries.get()) : stored;
        var caches = new RemoteCaches(store.content(), registries.orElseGet(Registries::none));
        var made = new ImageBuilder(BuildServices.of(store, snapshots, sandbox, host(), images, caches));
        builder = Optional.of(made);
        return new Engine(
                store,
                snapshots,
                sandbox,
                made,
                registries.orElseGet(Registries::none),
                ContainerEngine.withoutRuntime(store, snapshots),
                List.of());
    }

    /** What pull, push and login reach: nothing, so that no test asks the network by mistake. */
    Optional<Registries> registries(Store store, Snapshots snapshots) {
        return Optional.empty();
    }

    /** What a base image has in it. */
    void fill(Path root, int size) throws IOException {
        // Those that a runtime mounts on are there, so that it leaves none in the first step's layer.
        for (String folder : List.of("bin", "etc", "proc", "sys", "dev")) {
            Files.createDirectories(root.resolve(folder));
        }
        Files.write(root.resolve("bin/sh"), new byte[size]);
        root.resolve("bin/sh").toFile().setExecutable(true, false);
    }

    private void base(Store store, Snapshots snapshots, String name, int size) throws IOException {
        Layer layer;
        try (var root = snapshots.prepare(Optional.empty())) {
            fill(root.root(), size);
            layer = root.commit(Snapshots.CommitOptions.DEFAULT).layer();
        }
        var config = new ImageConfig(
                Platform.host(),
                Optional.of(size > 1_000_000 ? "2025-01-01T00:00:00Z" : "2026-01-01T00:00:00Z"),
                Optional.empty(),
                ContainerConfig.EMPTY.withCmd(Optional.of(List.of("sh"))),
                List.of(layer.diffId()),
                List.of(new ImageConfig.History(
                        Optional.of("2026-01-01T00:00:00Z"),
                        Optional.of("ADD " + name + " / # buildkit"),
                        Optional.empty(),
                        Optional.empty(),
                        false)));
        var image = new Image(Bytes.of(config.toJson()), config, List.of(layer), Optional.empty());
        store.images().put(image);
        store.names().set(Reference.parse(name), image.id());
    }

    public Builder builder() {
        return builder.orElseThrow();
    }

    int timesOpened() {
        return opened;
    }

    @Override
    public HostCommands host() {
        return new LocalHost();
    }

    @Override
    public ShimPlace shim() {
        Path programs = Path.of("../launcher/shim").toAbsolutePath().normalize();
        return new ShimPlace(Optional.of(programs), Optional.empty());
    }

    @Override
    public List<String> imageNames(String prefix) {
        return List.of("alpine", "busybox");
    }

    @Override
    public void close() {}
}
