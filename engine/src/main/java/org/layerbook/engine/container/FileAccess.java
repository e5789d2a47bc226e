package org.layerbook.engine.container;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.ContainerException.Kind;
import org.layerbook.engine.container.state.ContainerMount;
import org.layerbook.engine.container.state.ContainerState.Restarting;
import org.layerbook.engine.container.state.ContainerState.Running;
import org.layerbook.engine.container.state.Containers;
import org.layerbook.engine.host.HostProc;
import org.layerbook.engine.image.StoreLocks;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.HeldPath;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Mounts;
import org.layerbook.engine.linux.RootedPath;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Store;

/**
 * Opens the files of containers. Those of a running one are looked at through its first process, with all that is mounted there; those
 * of another one are mounted for this process, under its lock, so that it does not start meanwhile.
 */
final class FileAccess {
    private final Store store;
    private final Snapshots snapshots;
    private final Containers containers;
    private final Optional<HostProc> proc;

    FileAccess(Store store, Snapshots snapshots, Containers containers, Optional<HostProc> proc) {
        this.store = store;
        this.snapshots = snapshots;
        this.containers = containers;
        this.proc = proc;
    }

    /** As its processes see them, or would. @param shown what the user calls it */
    ContainerFiles open(Container container, String shown) throws IOException {
        return open(container, shown, true);
    }

    /** @param mounts whether what is mounted into it is seen */
    private ContainerFiles open(Container container, String shown, boolean mounts) throws IOException {
        boolean readOnly = container.spec().host().rights().readOnlyRoot();
        if (containers.refresh(container).state() instanceof Running running && proc.isPresent()) {
            HeldPath root = HeldPath.root(proc.get().folder(running.pid()).resolve("root"));
            return new ContainerFiles(
                    shown, root, snapshots.ownership(), container.spec().host().mounts(), readOnly, () -> {});
        }
        StoreLocks.Held lock = store.locks().lock("container " + container.id());
        try {
            if (containers.refresh(container).state() instanceof Running) {
                lock.close();
                return open(container, shown, mounts);
            }
            return mounted(container, shown, mounts, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private ContainerFiles mounted(Container container, String shown, boolean withMounts, StoreLocks.Held lock)
            throws IOException {
        if (containers.refresh(container).state() instanceof Restarting) {
            throw new ContainerException(
                    Kind.CONFLICT,
                    "Container " + container.id() + " is restarting, wait until the container is running");
        }
        List<ContainerMount> mounts = withMounts ? container.spec().host().mounts() : List.of();
        Snapshots.Durable durable = durable(container);
        durable.mount();
        var bound = new ArrayList<Path>();
        ContainerFiles.End end = () -> {
            try (lock) {
                for (Path each : bound.reversed()) {
                    Mounts.unmountLazily(each);
                }
                durable.unmount();
            }
        };
        try {
            for (String name : withMounts ? List.of("hosts", "hostname", "resolv.conf") : List.<String>of()) {
                Path source = containers.folder(container).file(name);
                if (Files.isRegularFile(source)) {
                    bound.add(bind(source, durable.root(), "/etc/" + name));
                }
            }
            for (ContainerMount mount : mounts.stream()
                    .sorted(Comparator.comparing(ContainerMount::target))
                    .toList()) {
                Optional<Path> source = source(mount);
                if (source.isPresent()) {
                    bound.add(bind(source.get(), durable.root(), mount.target()));
                }
            }
            boolean readOnly = container.spec().host().rights().readOnlyRoot();
            HeldPath root = HeldPath.root(durable.root());
            return new ContainerFiles(shown, root, snapshots.ownership(), mounts, readOnly, end);
        } catch (IOException | RuntimeException e) {
            end.run();
            throw e;
        }
    }

    private Optional<Path> source(ContainerMount mount) {
        return switch (mount) {
            case ContainerMount.Bind bind -> Optional.of(bind.source());
            case ContainerMount.Volume volume -> Optional.of(volume.data(store.home()));
            case ContainerMount.Tmpfs _ -> Optional.empty(); // gone with the process
        };
    }

    private static Path bind(Path source, Path root, String target) throws IOException {
        if (!Files.exists(source)) {
            throw new ContainerException(Kind.SYSTEM, "stat " + source + ": no such file or directory");
        }
        Path at;
        if (Files.isDirectory(source)) {
            at = RootedPath.createDirectories(root, target, _ -> {});
        } else {
            at = RootedPath.resolve(root, target);
            if (LinuxFiles.lstatIfExists(at).isEmpty()) {
                RootedPath.createParents(root, target, _ -> {});
                LinuxFiles.mknod(at, FileStat.REGULAR | 0644, 0, 0);
            }
        }
        Mounts.bind(source, at, false);
        return at;
    }

    ContainerFiles ofImage(Optional<Digest> chain, String shown) throws IOException {
        Snapshots.View view = snapshots.view(chain);
        try {
            HeldPath root = HeldPath.root(view.root());
            return new ContainerFiles(shown, root, snapshots.ownership(), List.of(), true, view::close);
        } catch (IOException | RuntimeException e) {
            view.close();
            throw e;
        }
    }

    /** Its root file system as a tar, without what is mounted in it. */
    void export(Container container, OutputStream out, Optional<Path> mountedRoot) throws IOException {
        if (mountedRoot.isPresent()) {
            HeldPath root = HeldPath.root(mountedRoot.get());
            try (var files =
                    new ContainerFiles(container.name(), root, snapshots.ownership(), List.of(), false, () -> {})) {
                files.export(out);
            }
            return;
        }
        try (ContainerFiles files = open(container, container.name(), false)) {
            files.export(out);
        }
    }

    LayerChanges differences(Container container) throws IOException {
        return durable(container).differences(stubs(container));
    }

    Snapshots.Committed commit(Container container) throws IOException {
        return durable(container).commit(stubs(container));
    }

    private RuntimeStubs stubs(Container container) throws IOException {
        return new RuntimeStubs(snapshots.files(container.spec().chain()));
    }

    private Snapshots.Durable durable(Container container) throws IOException {
        Path place = containers.folder(container).file("root");
        if (LinuxFiles.lstatIfExists(place).isEmpty()) {
            LinuxFiles.mkdir(place, 0700);
        }
        return snapshots.durable(container.spec().chain(), place);
    }
}
