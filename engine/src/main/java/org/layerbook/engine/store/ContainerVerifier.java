package org.layerbook.engine.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.layerbook.engine.image.CollectableSnapshots;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.RegularFile;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.store.file.StoreFiles;

/** Looks at the containers and volumes of a store: whether what they stand on is there, and nobody else can look into them. */
final class ContainerVerifier {
    private static final int MOST_BYTES = 4 << 20;
    private static final Set<String> OPEN_TO_OTHERS =
            Set.of("GROUP_READ", "GROUP_WRITE", "GROUP_EXECUTE", "OTHERS_READ", "OTHERS_WRITE", "OTHERS_EXECUTE");

    private final Path home;
    private final CollectableSnapshots snapshots;
    private final Report report;

    /** Takes what is wrong. */
    @FunctionalInterface
    interface Report {
        void add(Problem.Kind kind, String subject, String message);
    }

    ContainerVerifier(Path home, CollectableSnapshots snapshots, Report report) {
        this.home = home;
        this.snapshots = snapshots;
        this.report = report;
    }

    void run() throws IOException {
        folder("containers");
        folder("volumes");
        Set<Digest> chains = snapshots.chainIds();
        for (Path container : StoreFiles.list(home.resolve("containers"))) {
            if (container.getFileName().toString().matches("[0-9a-f]{64}")) {
                container(container, chains);
            }
        }
        for (Path volume : StoreFiles.list(home.resolve("volumes"))) {
            volume(volume);
        }
    }

    private void folder(String name) throws IOException {
        Path folder = home.resolve(name);
        if (LinuxFiles.isDirectory(folder)) {
            boolean open = Files.getPosixFilePermissions(folder).stream()
                    .anyMatch(permission -> OPEN_TO_OTHERS.contains(permission.name()));
            if (open) {
                report.add(
                        Problem.Kind.FILE,
                        folder.toString(),
                        "can be entered by others: it has the permissions "
                                + PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))
                                + " in place of rwx------");
            }
        }
    }

    private void container(Path folder, Set<Digest> chains) throws IOException {
        String id = folder.getFileName().toString();
        try {
            Json.parse(read(folder.resolve("spec.json")), "spec.json");
            read(folder.resolve("name"));
            List<GcRoot> holds = Files.readAllLines(folder.resolve("holds")).stream()
                    .map(GcRoot::parse)
                    .toList();
            // Layers of an additional store are unpacked here when a container first starts.
            boolean started = LinuxFiles.isDirectory(folder.resolve("root"));
            for (GcRoot held : holds) {
                if (started && held.kind() == GcRoot.Kind.CHAIN && !chains.contains(held.digest())) {
                    report.add(Problem.Kind.CONTAINER, id, "lacks " + held.digest() + ", on which it stands");
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            if (Files.isDirectory(folder)) { // else removed meanwhile
                report.add(Problem.Kind.CONTAINER, id, "is damaged: " + e.getMessage());
            }
        }
    }

    private void volume(Path folder) throws IOException {
        String name = folder.getFileName().toString();
        try {
            Json.parse(read(folder.resolve("volume.json")), "volume.json");
            if (!LinuxFiles.isDirectory(folder.resolve("_data"))) {
                report.add(Problem.Kind.VOLUME, name, "is damaged: it has no folder _data");
            }
        } catch (IOException e) {
            if (Files.isDirectory(folder)) {
                report.add(Problem.Kind.VOLUME, name, "is damaged: " + e.getMessage());
            }
        }
    }

    private static byte[] read(Path file) throws IOException {
        return RegularFile.read(file, MOST_BYTES)
                .orElseThrow(() -> new NoSuchFileException(file.toString(), null, "is missing"));
    }
}
