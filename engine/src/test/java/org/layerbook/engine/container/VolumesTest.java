package org.layerbook.engine.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.ContainerMount;
import org.layerbook.engine.container.state.ContainerSpec;
import org.layerbook.engine.container.state.HostOptions;
import org.layerbook.engine.container.state.HostOptionsBuilder;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.snapshot.SnapshotStores;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Problem;
import org.layerbook.engine.store.Store;

class VolumesTest {
    @TempDir
    Path folder;

    private Store store;
    private Snapshots snapshots;
    private ContainerEngine engine;
    private Volumes volumes;

    @BeforeEach
    void open() throws IOException {
        store = Store.open(folder.resolve("store"), Identity.current());
        snapshots = SnapshotStores.detect(store);
        engine = ContainerEngine.withoutRuntime(store, snapshots);
        volumes = engine.volumes();
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private Container container(ContainerMount... mounts) throws IOException {
        var host = HostOptionsBuilder.builder(HostOptions.DEFAULT)
                .mounts(List.of(mounts))
                .build();
        var spec = new ContainerSpec(
                Instant.now(),
                "busybox",
                Digest.sha256("image".getBytes(StandardCharsets.UTF_8)),
                Optional.empty(),
                ContainerConfig.EMPTY,
                ContainerSpec.Terminal.NONE,
                host);
        return engine.create(spec, Optional.empty());
    }

    @Test
    void aVolumeIsThereUntilItIsRemoved() throws IOException {
        Volume made = volumes.create("web", Map.of("a", "b"), Map.of());
        assertTrue(Files.isDirectory(made.data()));
        assertEquals(made, volumes.create("web", Map.of("other", ""), Map.of()));
        assertEquals(List.of(made), volumes.list());
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(store.home().resolve("volumes"))));
        volumes.remove("web");
        assertEquals(List.of(), volumes.list());
        var missing = assertThrows(ContainerException.class, () -> volumes.remove("web"));
        assertEquals("get web: no such volume", missing.getMessage());
    }

    @Test
    void aNameCannotLeadOutOfTheFolder() {
        for (String name : List.of("../x", "a/b", ".", "..", "x y", "")) {
            assertThrows(ContainerException.class, () -> volumes.create(name, Map.of(), Map.of()), name);
        }
    }

    @Test
    void aVolumeThatAContainerHasStays() throws IOException {
        Container user = container(new ContainerMount.Volume("data", "/data", false, false, false));
        var used = assertThrows(ContainerException.class, () -> volumes.remove("data"));
        assertEquals("remove data: volume is in use - [" + user.id() + "]", used.getMessage());
        engine.containers().delete(user);
        volumes.remove("data");
        assertEquals(List.of(), volumes.list());
    }

    @Test
    void anonymousVolumesGoWithTheLastContainerThatHasThem() throws IOException {
        var mount = new ContainerMount.Volume("f".repeat(64), "/data", false, true, false);
        Container first = container(mount);
        Container second = container(mount);
        assertTrue(volumes.get(mount.name()).isAnonymous());
        engine.containers().delete(first);
        volumes.removeAnonymous(first);
        assertTrue(volumes.find(mount.name()).isPresent());
        engine.containers().delete(second);
        volumes.removeAnonymous(second);
        assertFalse(volumes.find(mount.name()).isPresent());
    }

    @Test
    void verifyingNamesWhatIsDamaged() throws IOException {
        Container container = container(new ContainerMount.Volume("data", "/data", false, false, false));
        volumes.create("other", Map.of(), Map.of());
        assertEquals(List.of(), store.verify(snapshots.collectable()));
        Files.writeString(engine.containers().folder(container).file("spec.json"), "{");
        Files.delete(store.home().resolve("volumes/other/_data"));
        Files.setPosixFilePermissions(store.home().resolve("containers"), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertEquals(
                List.of(Problem.Kind.FILE, Problem.Kind.CONTAINER, Problem.Kind.VOLUME),
                store.verify(snapshots.collectable()).stream()
                        .map(Problem::kind)
                        .toList());
    }

    @Test
    void theCollectorTakesWhatAKilledScriptHasLeft() throws IOException {
        Container container = container();
        Path containers = store.home().resolve("containers");
        Files.createDirectories(containers.resolve(".removed-abc/root"));
        store.collector(snapshots.collectable()).collect();
        assertFalse(Files.exists(containers.resolve(".removed-abc")));
        assertTrue(Files.exists(containers.resolve(container.id())));
    }
}
