package org.layerbook.engine.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A file or directory of a tree in which other processes work, held open: what they put in its place or make of the directories above
 * it changes nothing. Every path is looked up by the kernel inside the tree ({@code openat2(2)}), so no link leads out of it, whenever
 * it was made.
 */
public final class HeldPath implements AutoCloseable {
    private static final int RESOLVE_NO_MAGICLINKS = 0x02;
    private static final int RESOLVE_NO_SYMLINKS = 0x04;
    private static final int RESOLVE_IN_ROOT = 0x10;
    private static final int HOW_SIZE = 24;
    /** The kernel asks for another try when something was renamed meanwhile. */
    private static final int ATTEMPTS = 1000;

    private final FileDescriptor fd;

    private HeldPath(FileDescriptor fd) {
        this.fd = fd;
    }

    /** A directory that the caller trusts to be where it says; links in {@code path} are followed. */
    public static HeldPath root(Path path) throws IOException {
        return new HeldPath(FileDescriptor.open(path, Syscalls.O_PATH, 0));
    }

    /**
     * The directory that a process would find whose root this one is.
     *
     * @throws LinuxException {@link Errno#ENOENT} or {@link Errno#ENOTDIR} where there is none
     */
    public HeldPath directory(Path inside) throws IOException {
        return open(inside.resolve("."), RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
    }

    /** What has this name in this directory. @throws LinuxException {@link Errno#ELOOP} where it is a symbolic link */
    public HeldPath child(Path name) throws IOException {
        return open(name, RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS);
    }

    private HeldPath open(Path inside, int resolve) throws IOException {
        for (int attempt = 0; ; attempt++) {
            Syscalls.Scratch scratch = Syscalls.scratch();
            MemorySegment name = scratch.path(inside);
            MemorySegment how = scratch.bytes(HOW_SIZE);
            how.set(JAVA_LONG, 0, Syscalls.O_PATH | Syscalls.O_CLOEXEC);
            how.set(JAVA_LONG, 8, 0);
            how.set(JAVA_LONG, 16, resolve);
            long result = Syscalls.call(SystemCall.OPENAT2, fd.number(), name.address(), how.address(), HOW_SIZE);
            if (result != -Errno.EAGAIN.number() || attempt == ATTEMPTS) {
                return new HeldPath(FileDescriptor.adopt(LinuxFiles.check(result, SystemCall.OPENAT2, inside)));
            }
        }
    }

    /**
     * A path that leads to it, whatever has become of its name. Only for a directory: a single name may be resolved against it, which
     * must then not be followed where it is a link.
     */
    public Path path() {
        return Path.of(fd.procPath()).resolve(".");
    }

    /** A path that leads to it where it is no directory. It is a link: what does not follow those sees only the link. */
    public Path file() {
        return Path.of(fd.procPath());
    }

    public FileStat stat() throws IOException {
        return LinuxFiles.statFollowing(file());
    }

    @Override
    public void close() {
        fd.close();
    }
}
