package org.layerbook.engine.linux;

import java.util.Optional;

/** The error numbers of Linux that need telling apart, with a sentence for a user; the same on amd64 and arm64. */
public enum Errno {
    EPERM(1, "the operation is not permitted"),
    ENOENT(2, "no such file or directory"),
    ESRCH(3, "no such process"),
    EINTR(4, "interrupted"),
    EIO(5, "an input/output error of the disk"),
    ENXIO(6, "no such device or address"),
    E2BIG(7, "the argument list is too long"),
    ENOEXEC(8, "not a program of a known format"),
    EBADF(9, "a bad file descriptor"),
    ECHILD(10, "no child process"),
    EAGAIN(11, "not available just now"),
    ENOMEM(12, "not enough memory"),
    EACCES(13, "permission denied"),
    EBUSY(16, "in use"),
    EEXIST(17, "exists already"),
    EXDEV(18, "on another file system"),
    ENODEV(19, "the kernel does not have this kind of file system or device"),
    ENOTDIR(20, "not a directory"),
    EISDIR(21, "a directory"),
    EINVAL(22, "the kernel does not accept the arguments"),
    ENFILE(23, "too many files are open on this machine"),
    EMFILE(24, "too many files are open in this process"),
    ETXTBSY(26, "the program is being written or run"),
    EFBIG(27, "the file is too large"),
    ENOSPC(28, "no space is left on the disk"),
    EROFS(30, "the file system is read-only"),
    EMLINK(31, "too many links to the file"),
    EPIPE(32, "nobody reads this pipe any more"),
    ERANGE(34, "the result is too large"),
    ENAMETOOLONG(36, "the name is too long"),
    ENOSYS(38, "the kernel does not have this system call"),
    ENOTEMPTY(39, "the directory is not empty"),
    ELOOP(40, "too many symbolic links, one leading to another"),
    ENODATA(61, "no such attribute"),
    EOVERFLOW(75, "a value, often an owner outside the user namespace, does not fit"),
    EOPNOTSUPP(95, "not supported by this file system"),
    ECONNRESET(104, "the other side has closed the connection"),
    EDQUOT(122, "the disk quota is used up"),
    ESTALE(116, "the file is gone from its server");

    private final int number;
    private final String sentence;

    Errno(int number, String sentence) {
        this.number = number;
        this.sentence = sentence;
    }

    public int number() {
        return number;
    }

    /** The meaning in words, without a full stop. */
    public String sentence() {
        return sentence;
    }

    static Optional<Errno> of(int number) {
        for (Errno e : values()) {
            if (e.number == number) {
                return Optional.of(e);
            }
        }
        return Optional.empty();
    }
}
