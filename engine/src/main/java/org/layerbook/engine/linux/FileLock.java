package org.layerbook.engine.linux;

import static org.layerbook.engine.linux.FileDescriptor.O_CREAT;
import static org.layerbook.engine.linux.FileDescriptor.O_RDWR;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A lock on a file by {@code flock(2)}: it belongs to this opening of the file, so it holds between threads as between
 * processes, and is gone with the process, however that dies. (Java's own locks belong to the whole process, throw
 * between its threads, and are lost when anyone in the process closes the file.) The file is made where it is missing and
 * stays.
 */
public final class FileLock implements AutoCloseable {
    private static final int LOCK_SH = 1;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;

    private final FileDescriptor file;

    private FileLock(FileDescriptor file) {
        this.file = file;
    }

    /** Waits until nobody holds a lock on {@code path}. */
    public static FileLock exclusive(Path path) throws IOException {
        return lock(path, LOCK_EX).orElseThrow();
    }

    /** Waits until nobody holds an exclusive lock on {@code path}. */
    public static FileLock shared(Path path) throws IOException {
        return lock(path, LOCK_SH).orElseThrow();
    }

    /** Empty where it would have to wait. */
    public static Optional<FileLock> tryExclusive(Path path) throws IOException {
        return lock(path, LOCK_EX | LOCK_NB);
    }

    /** Empty where it would have to wait. */
    public static Optional<FileLock> tryShared(Path path) throws IOException {
        return lock(path, LOCK_SH | LOCK_NB);
    }

    private static Optional<FileLock> lock(Path path, int operation) throws IOException {
        FileDescriptor file = FileDescriptor.open(path, O_RDWR | O_CREAT, 0600);
        while (true) {
            long result = Syscalls.call(SystemCall.FLOCK, file.number(), operation);
            if (result == 0) {
                return Optional.of(new FileLock(file));
            }
            if (-result == Errno.EINTR.number()) {
                continue;
            }
            file.close();
            if (-result == Errno.EAGAIN.number()) {
                return Optional.empty();
            }
            LinuxFiles.check(result, SystemCall.FLOCK, path);
        }
    }

    /** Gives the lock back. */
    @Override
    public void close() {
        file.close();
    }
}
