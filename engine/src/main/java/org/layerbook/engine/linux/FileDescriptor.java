package org.layerbook.engine.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** An open file of this process that Java does not know; closed on exec. */
final class FileDescriptor implements AutoCloseable {
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0100;
    static final int O_EXCL = 0200;

    private int fd;

    private FileDescriptor(int fd) {
        this.fd = fd;
    }

    static FileDescriptor open(Path path, int flags, int permissions) throws IOException {
        MemorySegment name = Syscalls.scratch().path(path);
        long fd = LinuxFiles.check(
                Syscalls.call(
                        SystemCall.OPENAT, Syscalls.AT_FDCWD, name.address(), flags | Syscalls.O_CLOEXEC, permissions),
                SystemCall.OPENAT,
                path);
        return new FileDescriptor((int) fd);
    }

    static FileDescriptor adopt(long fd) {
        return new FileDescriptor((int) fd);
    }

    int number() {
        return fd;
    }

    /** A name for the open file that holds no character overlayfs would read as a separator. */
    String procPath() {
        return "/proc/self/fd/" + fd;
    }

    @Override
    public void close() {
        if (fd >= 0) {
            Syscalls.call(SystemCall.CLOSE, fd);
            fd = -1;
        }
    }
}
