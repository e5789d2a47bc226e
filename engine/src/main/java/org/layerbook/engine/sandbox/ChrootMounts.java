package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Mounts;
import org.layerbook.engine.linux.RootedPath;
import org.layerbook.engine.linux.Trees;

/**
 * What a root file system needs before a process can live in it, mounted in this process's own namespace and unmounted
 * afterwards: /proc, /sys, the common devices, the files of /etc, and what the spec mounts.
 */
final class ChrootMounts implements AutoCloseable {
    private static final List<String> DEVICES = List.of("null", "zero", "full", "random", "urandom", "tty");

    private final Path root;
    private final Path files;
    private final MountStubs stubs;
    private final Deque<Path> mounted = new ArrayDeque<>();

    private ChrootMounts(Path root, Path files, MountStubs stubs) {
        this.root = root;
        this.files = files;
        this.stubs = stubs;
    }

    static ChrootMounts prepare(ProcessSpec spec, Path scratch) throws IOException {
        for (String each : List.of("proc", "sys", "dev")) {
            RootedPath.createDirectories(spec.rootfs(), each, _ -> {});
        }
        Path files = Files.createTempDirectory(scratch, "chroot");
        ChrootMounts mounts = new ChrootMounts(spec.rootfs(), files, MountStubs.make(spec, true));
        try {
            mounts.kernelFiles();
            mounts.devices(spec.limits().shmBytes());
            String hostname = spec.hostname().orElse(ProcessSpec.DEFAULT_HOSTNAME);
            mounts.file(MountStubs.RESOLV_CONF, EtcFiles.resolvConf());
            mounts.file(MountStubs.HOSTS, EtcFiles.hosts(hostname, spec.extraHosts()));
            for (ProcessSpec.Mount each : spec.mounts()) {
                mounts.own(each);
            }
            return mounts;
        } catch (IOException e) {
            mounts.close();
            throw e;
        }
    }

    private void kernelFiles() throws IOException {
        bind(Path.of("/proc"), at("/proc"), false);
        for (String each : RuntimeBundle.READ_ONLY) {
            if (Files.exists(Path.of(each))) {
                bind(Path.of(each), at("/proc").resolve(Path.of("/proc").relativize(Path.of(each))), true);
            }
        }
        bind(Path.of("/sys"), at("/sys"), true);
    }

    private void devices(long shmBytes) throws IOException {
        Path dev = at("/dev");
        Mounts.mount("tmpfs", dev, "tmpfs", Mounts.MS_NOSUID, "mode=755,size=65536k");
        mounted.push(dev);
        for (String each : DEVICES) {
            bind(Path.of("/dev", each), Files.createFile(dev.resolve(each)), false);
        }
        LinuxFiles.symlink("/proc/self/fd", dev.resolve("fd"));
        LinuxFiles.symlink("/proc/self/fd/0", dev.resolve("stdin"));
        LinuxFiles.symlink("/proc/self/fd/1", dev.resolve("stdout"));
        LinuxFiles.symlink("/proc/self/fd/2", dev.resolve("stderr"));
        LinuxFiles.symlink("pts/ptmx", dev.resolve("ptmx"));
        Path shm = Files.createDirectory(dev.resolve("shm"));
        Mounts.tmpfs(shm, "mode=1777,size=" + (shmBytes > 0 ? String.valueOf(shmBytes) : "65536k"));
        mounted.push(shm);
        Path pts = Files.createDirectory(dev.resolve("pts"));
        Mounts.mount(
                "devpts", pts, "devpts", Mounts.MS_NOSUID | Mounts.MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620");
        mounted.push(pts);
    }

    private void file(String target, byte[] content) throws IOException {
        Path file = Files.write(files.resolve(Path.of(target).getFileName()), content);
        bind(file, at(target), true);
    }

    private void own(ProcessSpec.Mount mount) throws IOException {
        switch (mount) {
            case ProcessSpec.Mount.Bind(Path source, String target, boolean readOnly) ->
                bind(source, at(target), readOnly);
            case ProcessSpec.Mount.Tmpfs(String target, long sizeBytes, int mode, List<String> _) -> {
                Path at = at(target);
                Mounts.mount(
                        "tmpfs",
                        at,
                        "tmpfs",
                        Mounts.MS_NOSUID,
                        "mode=" + Integer.toOctalString(mode) + (sizeBytes > 0 ? ",size=" + sizeBytes : ""));
                mounted.push(at);
            }
        }
    }

    /** Where a path of the root is really, whatever links the image has. */
    private Path at(String target) throws IOException {
        return RootedPath.resolve(root, target);
    }

    private void bind(Path source, Path target, boolean readOnly) throws IOException {
        Mounts.bind(source, target, false);
        mounted.push(target);
        if (readOnly) {
            Mounts.makeReadOnly(target);
        }
    }

    @Override
    public void close() throws IOException {
        while (!mounted.isEmpty()) {
            // Lazily: a file still open somewhere must not keep it in place.
            Mounts.unmountLazily(mounted.pop());
        }
        stubs.takeAway();
        Trees.delete(files);
    }
}
