package org.layerbook.repl;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;

/** A fault of what was asked, told in one sentence; no stack trace helps. */
final class UserErrorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UserErrorException(String sentence) {
        super(sentence);
    }

    UserErrorException(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /** {@code what} could not be done with a file: says why. */
    static UserErrorException of(String what, IOException e) {
        return new UserErrorException(what + ": " + reason(e), e);
    }

    /** Why it failed, in words; Java's own messages often are but a path. */
    static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "no such file or directory";
            case AccessDeniedException denied -> "permission denied";
            case NotDirectoryException file -> "not a directory";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> Optional.ofNullable(e.getMessage()).orElseGet(e::toString);
        };
    }
}
