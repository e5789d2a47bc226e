package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.RootedPath;

/**
 * What a root file system needs before a process can live in it where nothing can be mounted: the common devices, or an
 * empty file as /dev/null where there can be none, and the host's name servers and host names as real files. All of it is
 * taken back afterwards; files that were there return, the very same ones.
 */
final class ChrootFiles implements AutoCloseable {
    private record Device(String name, int major, int minor) {}

    private static final List<Device> DEVICES = List.of(
            new Device("null", 1, 3),
            new Device("zero", 1, 5),
            new Device("full", 1, 7),
            new Device("random", 1, 8),
            new Device("urandom", 1, 9),
            new Device("tty", 5, 0));

    private static final int RETRY = 1000;

    private interface Step {
        void run() throws IOException;
    }

    private final Deque<Step> undo = new ArrayDeque<>();

    private ChrootFiles() {}

    static ChrootFiles prepare(ProcessSpec spec, DeviceFiles devices) throws IOException {
        ChrootFiles files = new ChrootFiles();
        try {
            for (String each : List.of("proc", "sys", "dev")) {
                RootedPath.createDirectories(spec.rootfs(), each, _ -> {});
            }
            files.devices(spec.rootfs(), devices == DeviceFiles.USABLE);
            String hostname = spec.hostname().orElse(ProcessSpec.DEFAULT_HOSTNAME);
            files.replace(spec.rootfs(), MountStubs.RESOLV_CONF, EtcFiles.resolvConf());
            files.replace(spec.rootfs(), MountStubs.HOSTS, EtcFiles.hosts(hostname, spec.extraHosts()));
            return files;
        } catch (IOException e) {
            files.close();
            throw e;
        }
    }

    private void devices(Path root, boolean usable) throws IOException {
        Path dev = RootedPath.resolve(root, "dev");
        for (Device each : DEVICES) {
            Path node = dev.resolve(each.name());
            Optional<FileStat> there = LinuxFiles.lstatIfExists(node);
            if (there.isPresent()) {
                if (usable || !there.get().isDevice()) {
                    continue;
                }
                Path aside = aside(root, node);
                keepingTimes(dev, () -> Files.move(node, aside));
                undo.push(() -> keepingTimes(dev, () -> Files.move(aside, node)));
            }
            // What a process writes to a device that is missing becomes a file, and would become part of the image.
            undo.push(() -> keepingTimes(dev, () -> Files.deleteIfExists(node)));
            if (usable) {
                keepingTimes(
                        dev, () -> LinuxFiles.mknod(node, FileStat.CHAR_DEVICE | 0666, each.major(), each.minor()));
            } else if (each.name().equals("null")) {
                keepingTimes(dev, () -> Files.createFile(node));
                LinuxFiles.chmodFollowing(node, 0666);
            }
        }
    }

    private void replace(Path root, String name, byte[] content) throws IOException {
        Path file = RootedPath.createParents(root, name, made -> {
            undo.push(() -> keepingTimes(made.getParent(), () -> deleteIfEmpty(made)));
        });
        Path parent = file.getParent();
        if (LinuxFiles.lstatIfExists(file).isPresent()) {
            // Beside the root, where the process cannot see it; renamed, not copied: it may be shared by hard links.
            Path aside = aside(root, file);
            keepingTimes(parent, () -> Files.move(file, aside));
            undo.push(() -> keepingTimes(parent, () -> restore(file, content, aside)));
        } else {
            undo.push(() -> keepingTimes(parent, () -> deleteIfStill(file, content)));
        }
        keepingTimes(parent, () -> Files.write(file, content));
        LinuxFiles.chmodFollowing(file, 0644);
    }

    /** What we do ourselves is not to show as a change of {@code directory}; what the process does is. */
    private static void keepingTimes(Path directory, Step step) throws IOException {
        FileStat before = LinuxFiles.lstat(directory);
        step.run();
        LinuxFiles.setTimes(directory, before.mtimeSeconds(), before.mtimeNanos());
    }

    private static Path aside(Path root, Path file) throws IOException {
        for (int i = 0; i < RETRY; i++) {
            Path aside = root.resolveSibling("." + root.getFileName() + "." + file.getFileName() + "." + i);
            if (LinuxFiles.lstatIfExists(aside).isEmpty()) {
                return aside;
            }
        }
        throw new IOException(root.getParent() + ": too many directories left over from interrupted runs");
    }

    /** What the process itself wrote there wins. */
    private static void restore(Path file, byte[] ours, Path aside) throws IOException {
        deleteIfStill(file, ours);
        if (LinuxFiles.lstatIfExists(file).isPresent()) {
            Files.delete(aside);
        } else {
            Files.move(aside, file);
        }
    }

    private static void deleteIfStill(Path file, byte[] ours) throws IOException {
        boolean mayBeOurs = LinuxFiles.lstatIfExists(file)
                .filter(stat -> stat.isRegular() && stat.size() == ours.length)
                .isPresent();
        if (mayBeOurs && Arrays.equals(Files.readAllBytes(file), ours)) {
            Files.delete(file);
        }
    }

    private static void deleteIfEmpty(Path directory) throws IOException {
        try (var children = Files.newDirectoryStream(directory)) {
            if (children.iterator().hasNext()) {
                return;
            }
        }
        Files.delete(directory);
    }

    @Override
    public void close() throws IOException {
        while (!undo.isEmpty()) {
            undo.pop().run();
        }
    }
}
