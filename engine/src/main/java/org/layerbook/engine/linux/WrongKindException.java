package org.layerbook.engine.linux;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Where a file or a folder has to be is something else, or a file that is larger than any of its kind. */
public final class WrongKindException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    WrongKindException(Path file, String reason) {
        super(file.toString(), null, reason);
    }

    static WrongKindException notRegular(Path file, FileStat found) {
        return new WrongKindException(file, "is " + found.kind() + ", not a regular file");
    }

    static WrongKindException notDirectory(Path file, FileStat found) {
        return new WrongKindException(file, "is " + found.kind() + ", not a directory");
    }

    static WrongKindException tooLarge(Path file, long most) {
        return new WrongKindException(file, "is larger than " + most + " bytes");
    }
}
