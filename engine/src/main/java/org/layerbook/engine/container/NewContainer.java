package org.layerbook.engine.container;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerMount;
import org.layerbook.engine.container.state.ContainerSpec;
import org.layerbook.engine.container.state.Containers;
import org.layerbook.engine.image.StoreLocks;
import org.layerbook.engine.layer.NodeCopies;
import org.layerbook.engine.layer.TreeForm;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.RootedPath;
import org.layerbook.engine.snapshot.Snapshots;

/** Makes a container with its volumes: by docker's rule a new one begins with what the image has at that place. */
final class NewContainer {
    private final Containers containers;
    private final Volumes volumes;
    private final Snapshots snapshots;

    NewContainer(Containers containers, Volumes volumes, Snapshots snapshots) {
        this.containers = containers;
        this.volumes = volumes;
        this.snapshots = snapshots;
    }

    Container create(ContainerSpec spec, Optional<String> name) throws IOException {
        List<ContainerMount.Volume> wanted = spec.host().mounts().stream()
                .filter(ContainerMount.Volume.class::isInstance)
                .map(ContainerMount.Volume.class::cast)
                .toList();
        if (wanted.isEmpty()) {
            return containers.create(spec, name);
        }
        // Until the container is there, a volume has no user that would keep it.
        try (StoreLocks.Held _ = volumes.lock()) {
            for (ContainerMount.Volume each : wanted) {
                Map<String, String> labels = each.anonymous() ? Map.of(Volume.ANONYMOUS, "") : Map.of();
                Volume volume = volumes.create(each.name(), labels, Map.of());
                if (!each.noCopy() && isEmpty(volume.data())) {
                    fill(volume, each.target(), spec);
                }
            }
            return containers.create(spec, name);
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            return !children.iterator().hasNext();
        }
    }

    private void fill(Volume volume, String target, ContainerSpec spec) throws IOException {
        if (snapshots.files(spec.chain()).find(target).isEmpty()) {
            return;
        }
        var form = new TreeForm(TreeForm.Marks.OWN, snapshots.ownership());
        try (Snapshots.View view = snapshots.view(spec.chain())) {
            Path source = RootedPath.resolve(view.root(), target);
            Optional<FileStat> stat = LinuxFiles.lstatIfExists(source);
            if (stat.isPresent() && stat.get().isDirectory()) {
                copyChildren(source, volume.data(), form);
                NodeCopies.copyAttributes(source, stat.get(), volume.data(), form);
            }
        }
    }

    private static void copyChildren(Path from, Path to, TreeForm form) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(from)) {
            for (Path child : children) {
                FileStat stat = LinuxFiles.lstat(child);
                Path copy = to.resolve(child.getFileName());
                NodeCopies.copyNode(child, stat, copy, form);
                if (stat.isDirectory()) {
                    copyChildren(child, copy, form);
                    NodeCopies.copyAttributes(child, stat, copy, form);
                }
            }
        }
    }
}
