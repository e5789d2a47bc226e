package org.layerbook.engine.linux;

import static org.layerbook.engine.linux.FileDescriptor.O_CREAT;
import static org.layerbook.engine.linux.FileDescriptor.O_EXCL;
import static org.layerbook.engine.linux.FileDescriptor.O_RDONLY;
import static org.layerbook.engine.linux.FileDescriptor.O_WRONLY;

import java.io.IOException;
import java.nio.file.Path;

/** Copies the content of files inside the kernel, shared (reflink) where the file system can. */
public final class FileCopy {
    private static final int O_NOFOLLOW = 0400000;
    private static final long FICLONE = 0x40049409L;
    /** Bytes at once: so few that whoever waits can be told, and stop. */
    private static final long AT_MOST = 16L << 20;

    /** What this pair of places has refused once is not tried again for every file. */
    private boolean clones = true;

    private boolean ranges = true;

    private final Copied copied;

    /** For many files from one file system to another; not for several threads. */
    public FileCopy() {
        this(n -> {});
    }

    /** @param copied hears of every piece; what it throws ends the copying */
    public FileCopy(Copied copied) {
        this.copied = copied;
    }

    /** {@code n} more bytes are copied. */
    @FunctionalInterface
    public interface Copied {
        void more(long n) throws IOException;
    }

    /** As {@link #copy}, for a single file. */
    public static long copyContent(Path from, Path to) throws IOException {
        return new FileCopy().copy(from, to, LinuxFiles.lstat(from).size());
    }

    /**
     * Makes the regular file {@code to}, which must not exist, with the content of {@code from}, which must not be a
     * symbolic link. Owner, mode and times of {@code to} are the caller's to set.
     *
     * @param size of {@code from}, as it is known; what it has grown by since may be left out
     * @return bytes copied
     */
    public long copy(Path from, Path to, long size) throws IOException {
        try (FileDescriptor in = FileDescriptor.open(from, O_RDONLY | O_NOFOLLOW, 0);
                FileDescriptor out = FileDescriptor.open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600)) {
            if (size == 0) {
                copied.more(0);
                return 0;
            }
            if (clones) {
                if (Syscalls.call(SystemCall.IOCTL, out.number(), FICLONE, in.number()) == 0) {
                    copied.more(size);
                    return size;
                }
                clones = false;
            }
            long total = 0;
            while (total < size) {
                long n = some(in, out);
                if (n < 0 && ranges && total == 0 && isUnsupported((int) -n)) {
                    ranges = false;
                    continue;
                }
                LinuxFiles.check(n, ranges ? SystemCall.COPY_FILE_RANGE : SystemCall.SENDFILE, from, to);
                if (n == 0) {
                    break;
                }
                total += n;
                copied.more(n);
            }
            return total;
        }
    }

    private long some(FileDescriptor in, FileDescriptor out) {
        return ranges
                ? Syscalls.call(SystemCall.COPY_FILE_RANGE, in.number(), 0, out.number(), 0, AT_MOST, 0)
                : Syscalls.call(SystemCall.SENDFILE, out.number(), in.number(), 0, AT_MOST);
    }

    /** Between file systems, on old kernels, and on file systems that make their content up. */
    private static boolean isUnsupported(int number) {
        return number == Errno.EXDEV.number()
                || number == Errno.EINVAL.number()
                || number == Errno.ENOSYS.number()
                || number == Errno.EPERM.number()
                || number == Errno.EOPNOTSUPP.number();
    }
}
