package org.layerbook.interpreter.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.layerbook.engine.builder.ImageBuilder;
import org.layerbook.engine.builder.StoreImages;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.Registries;
import org.layerbook.engine.snapshot.SnapshotStores;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Store;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandServices;
import org.layerbook.interpreter.command.spec.SessionImages;
import org.layerbook.interpreter.session.LocalHost;
import org.layerbook.interpreter.session.ScriptedSandbox;
import org.layerbook.interpreter.testing.Samples;

/** A store of made-up images and a session, for tests that run command lines. */
final class CommandWorld implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-02-01T00:00:00Z");

    final Store store;
    final Map<String, Image> sessionImages = new LinkedHashMap<>();
    private final List<Image> inUse = new ArrayList<>();
    private final DockerCommands commands;
    private final Path folder;

    /** @param stdout as UTF-8; @param stderr with the message of a failure */
    record Ran(String stdout, String stderr, int status) {}

    CommandWorld(Path folder) throws IOException {
        this(folder, (store, snapshots) -> Registries.none());
    }

    CommandWorld(Path folder, BiFunction<Store, Snapshots, Registries> registries) throws IOException {
        this.folder = folder;
        this.store = Store.open(folder.resolve("store"), Identity.current());
        Snapshots snapshots = SnapshotStores.detect(store);
        var images = new StoreImages(store);
        var services = BuildServices.of(store, snapshots, new ScriptedSandbox(), new LocalHost(), images);
        var builder = new ScriptedBuilder(new ImageBuilder(services).inputs());
        this.commands = new DockerCommands(new CommandServices(
                store, snapshots, builder, registries.apply(store, snapshots), Clock.fixed(NOW, ZoneOffset.UTC)));
    }

    DockerCommands commands() {
        return commands;
    }

    /** Python, and an application on it, with two names; a scratch image without a time; one without a name. */
    CommandWorld withImages() throws IOException {
        var plain = ContainerConfig.EMPTY.withEnv("PATH", "/usr/bin").withCmd(Optional.of(List.of("python3")));
        Image python = add(Samples.image("py", plain, 74_800_000, 41_200_000), "2025-12-20T10:00:00Z", "python:3.12");
        var config = plain.withWorkingDir("/app").withLabels(Map.of("team", "blue"));
        Image web = Samples.image("py", config, 74_800_000, 41_200_000, 999_600);
        add(web, "2026-01-31T23:58:00Z", "web:1", "registry.example:5000/team/web:latest");
        add(Samples.image("nothing", ContainerConfig.EMPTY, 12), "", "empty:latest");
        add(Samples.image("lost", ContainerConfig.EMPTY, 5_000), "2026-01-01T00:00:00Z");
        sessionImages.put("@", stored(web, "2026-01-31T23:59:00Z"));
        inUse.add(store.images().get(python.id()).orElseThrow());
        return this;
    }

    private Image add(Image image, String created, String... names) throws IOException {
        Image stored = stored(image, created);
        store.images().put(stored);
        for (String name : names) {
            store.names().set(Reference.parse(name), stored.id());
        }
        return stored;
    }

    /** With the bytes of a real config. */
    private static Image stored(Image image, String created) {
        ImageConfig old = image.config();
        var config = new ImageConfig(
                old.platform(),
                Optional.of(created).filter(time -> !time.isEmpty()),
                old.author(),
                old.config(),
                old.diffIds(),
                old.history());
        return new Image(Bytes.of(config.toJson()), config, image.layers(), image.manifest());
    }

    Ran run(List<String> words, String stdin) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var context = new CommandContext(
                session(),
                new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
                out,
                err,
                Optional.empty(),
                folder,
                Map.of(),
                new Cancellation());
        int status;
        try {
            status = commands.run(words, context);
        } catch (CommandException e) {
            err.writeBytes((e.getMessage() + "\n").getBytes(StandardCharsets.UTF_8));
            status = e.exitStatus();
        }
        return new Ran(out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8), status);
    }

    SessionImages session() {
        return new SessionImages() {
            @Override
            public Optional<Image> resolve(String reference) {
                return Optional.ofNullable(sessionImages.get(reference));
            }

            @Override
            public List<String> references() {
                return List.copyOf(sessionImages.keySet());
            }

            @Override
            public Dockerfile asDockerfile() {
                throw new UnsupportedOperationException("no Dockerfile here");
            }

            @Override
            public List<Image> inUse() {
                return inUse;
            }

            @Override
            public void keepFailed(BuildException failure) {
                assertEquals(Optional.empty(), failure.failedRoot(), "a root that nobody closes");
            }
        };
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
