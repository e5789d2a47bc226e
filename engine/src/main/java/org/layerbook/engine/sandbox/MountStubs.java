package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.linux.Errno;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxException;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.RootedPath;

/**
 * A mount needs a file or directory to sit on; where it is missing one is made, which is no part of the layer and is taken
 * away after the run unless the process put something in it. As BuildKit does for {@code /etc/resolv.conf},
 * {@code /etc/hosts} and a spec's own mounts, with the parents that had to be made; what a runtime makes for
 * {@code /proc}, {@code /sys} and {@code /dev} stays, there as here.
 *
 * <p>The modification times of the directories around stay as they are: set back at once after making, so that what the
 * process itself does still shows.
 */
final class MountStubs {
    static final String RESOLV_CONF = "/etc/resolv.conf";
    static final String HOSTS = "/etc/hosts";

    private static final List<String> MADE_BY_THE_RUNTIME = List.of("proc", "sys", "dev");

    private static final int DIRECTORY = FileStat.DIRECTORY | 0755;
    private static final int FILE = FileStat.REGULAR | 0644;

    /** As a stack: the deepest on top. */
    private final Deque<Path> made = new ArrayDeque<>();

    private MountStubs() {}

    /** @param etcFiles whether resolv.conf and hosts will be mounted too */
    static MountStubs make(ProcessSpec spec, boolean etcFiles) throws IOException {
        MountStubs stubs = new MountStubs();
        List<Path> covered = new ArrayList<>();
        MADE_BY_THE_RUNTIME.forEach(d -> covered.add(spec.rootfs().resolve(d)));
        if (etcFiles) {
            stubs.make(spec.rootfs(), RESOLV_CONF, FILE, covered);
            stubs.make(spec.rootfs(), HOSTS, FILE, covered);
        }
        for (ProcessSpec.Mount mount : spec.mounts()) {
            int mode = switch (mount) {
                case ProcessSpec.Mount.Bind bind -> Files.isDirectory(bind.source()) ? DIRECTORY : FILE;
                // A runtime gives the tmpfs the mode of what it covers.
                case ProcessSpec.Mount.Tmpfs tmpfs -> FileStat.DIRECTORY | tmpfs.mode();
            };
            covered.add(stubs.make(spec.rootfs(), mount.target(), mode, covered));
        }
        return stubs;
    }

    private Path make(Path root, String target, int mode, List<Path> covered) throws IOException {
        Path at = RootedPath.resolve(root, target);
        if (covered.stream().anyMatch(at::startsWith)) {
            return at;
        }
        Deque<Path> missing = new ArrayDeque<>();
        for (Path p = at; !p.equals(root) && LinuxFiles.lstatIfExists(p).isEmpty(); p = p.getParent()) {
            missing.push(p);
        }
        for (Path each : missing) {
            FileStat parent = LinuxFiles.lstat(each.getParent());
            try {
                makeOne(each, each.equals(at) ? mode : DIRECTORY);
            } catch (LinuxException e) {
                if (e.is(Errno.EROFS)) {
                    // A read-only view: the runtime says what it could not mount.
                    return at;
                }
                throw e;
            }
            made.push(each);
            LinuxFiles.setTimes(each.getParent(), parent.mtimeSeconds(), parent.mtimeNanos());
        }
        return at;
    }

    private static void makeOne(Path path, int mode) throws IOException {
        if ((mode & FileStat.TYPE_MASK) == FileStat.DIRECTORY) {
            LinuxFiles.mkdir(path, mode & 07777);
        } else {
            LinuxFiles.mknod(path, mode, 0, 0);
        }
    }

    /** Takes away what is still there and empty. */
    void takeAway() throws IOException {
        for (Path each : made) {
            Optional<FileStat> now = LinuxFiles.lstatIfExists(each);
            if (now.isPresent() && isEmpty(each, now.get())) {
                FileStat parent = LinuxFiles.lstat(each.getParent());
                Files.delete(each);
                LinuxFiles.setTimes(each.getParent(), parent.mtimeSeconds(), parent.mtimeNanos());
            }
        }
    }

    private static boolean isEmpty(Path path, FileStat stat) throws IOException {
        if (!stat.isDirectory()) {
            return stat.isRegular() && stat.size() == 0;
        }
        try (var children = Files.newDirectoryStream(path)) {
            return !children.iterator().hasNext();
        }
    }
}
