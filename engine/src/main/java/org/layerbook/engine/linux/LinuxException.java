package org.layerbook.engine.linux;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A system call that failed: which, on what path, and why in words. */
public final class LinuxException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    private final int number;

    LinuxException(int number, String call, Path path) {
        super(path.toString(), null, reason(number, call));
        this.number = number;
    }

    LinuxException(int number, String call, Path path, Path other) {
        super(path.toString(), other.toString(), reason(number, call));
        this.number = number;
    }

    LinuxException(int number, String call, String subject) {
        super(subject, null, reason(number, call));
        this.number = number;
    }

    /** Whether the kernel answered with {@code errno}. */
    public boolean is(Errno errno) {
        return number == errno.number();
    }

    /** The kernel's error number. */
    public int number() {
        return number;
    }

    private static String reason(int number, String call) {
        return Errno.of(number)
                .map(e -> e.sentence() + " (" + call + ", " + e + ")")
                .orElse("error " + number + " (" + call + ")");
    }
}
