package org.layerbook.engine.linux;

import static org.layerbook.engine.linux.FileDescriptor.O_CREAT;
import static org.layerbook.engine.linux.FileDescriptor.O_EXCL;
import static org.layerbook.engine.linux.FileDescriptor.O_RDONLY;
import static org.layerbook.engine.linux.FileDescriptor.O_WRONLY;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Copies the content of files inside the kernel, shared (reflink) where the file system can. */
public final class FileCopy {
    private static final int O_NOFOLLOW = 0400000;
    private static final long FICLONE = 0x40049409L;
    private static final long AT_MOST = 1L << 30;

    private FileCopy() {}

    /**
     * Makes the regular file {@code to}, which must not exist, with the content of {@code from}, which must not be a
     * symbolic link. Owner, mode and times of {@code to} are the caller's to set.
     *
     * @return bytes copied
     */
    public static long copyContent(Path from, Path to) throws IOException {
        try (FileDescriptor in = FileDescriptor.open(from, O_RDONLY | O_NOFOLLOW, 0);
                FileDescriptor out = FileDescriptor.open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600)) {
            if (Kernel.call(SystemCall.IOCTL, out.number(), FICLONE, in.number()) == 0) {
                return LinuxFiles.lstat(to).size();
            }
            long total = 0;
            while (true) {
                long n = Kernel.call(SystemCall.COPY_FILE_RANGE, in.number(), 0, out.number(), 0, AT_MOST, 0);
                if (n == 0) {
                    return total;
                }
                if (n < 0) {
                    if (total == 0 && isUnsupported((int) -n)) {
                        return throughMemory(from, to);
                    }
                    LinuxFiles.check(n, SystemCall.COPY_FILE_RANGE, from, to);
                }
                total += n;
            }
        }
    }

    /** Between file systems, on old kernels, and on file systems that make their content up. */
    private static boolean isUnsupported(int number) {
        return number == Errno.EXDEV.number()
                || number == Errno.EINVAL.number()
                || number == Errno.ENOSYS.number()
                || number == Errno.EPERM.number()
                || number == Errno.EOPNOTSUPP.number();
    }

    private static long throughMemory(Path from, Path to) throws IOException {
        try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(to, StandardOpenOption.WRITE)) {
            long at = 0;
            while (true) {
                long n = in.transferTo(at, AT_MOST, out);
                if (n <= 0) {
                    return at;
                }
                at += n;
            }
        }
    }
}
