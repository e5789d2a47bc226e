package org.layerbook.engine.image;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;
import org.layerbook.engine.linux.Errno;
import org.layerbook.engine.linux.WrongKindException;

/** The store cannot be used, or not for this. The message is one sentence for the user. */
public class StoreException extends IOException {
    private static final long serialVersionUID = 1L;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Says what a failed write to the store at {@code home} means for the user; one that says it already stays. */
    public static StoreException ofWrite(Path home, IOException e) {
        if (e instanceof StoreException already) {
            return already;
        }
        if (e instanceof WrongKindException wrong) {
            return damaged(home, wrong);
        }
        return ofFullDisk(home, e)
                .orElseGet(() -> new StoreException(
                        "cannot write to the store " + home + ": " + reason(e)
                                + "; set LAYERBOOK_HOME to another directory",
                        e));
    }

    /** That something else is in the place of a file or folder of the store at {@code home}. */
    public static StoreException damaged(Path home, WrongKindException e) {
        Path file = Path.of(e.getFile());
        String name = file.startsWith(home) ? home.relativize(file).toString() : file.toString();
        return new StoreException(
                "the store " + home + " is damaged: " + name + " " + e.getReason() + "; move it out of the store", e);
    }

    /** The sentence for {@code e} if it, or what caused it, is that the store's disk or the user's part of it is full. */
    public static Optional<StoreException> ofFullDisk(Path home, IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String text = String.valueOf(cause.getMessage());
            if (text.contains("No space left on device") || text.contains(Errno.ENOSPC.sentence())) {
                return Optional.of(new StoreException(
                        "no space left on the disk of the store " + home + "; free space with docker system prune, or "
                                + "set LAYERBOOK_HOME to a directory on another disk",
                        e));
            }
            if (text.contains("quota exceeded")) {
                return Optional.of(new StoreException("disk quota exceeded: cannot write to the store " + home, e));
            }
        }
        return Optional.empty();
    }

    /** Whether nothing can be made in the store at {@code home} now: who only reads or removes can go on all the same. */
    public static boolean takesNothing(Path home, IOException e) {
        return isReadOnly(e) || ofFullDisk(home, e).isPresent();
    }

    /** Whether {@code e}, or what caused it, is that the file system takes no changes from anybody. */
    public static boolean isReadOnly(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String text = String.valueOf(cause.getMessage());
            if (text.contains("Read-only file system") || text.contains(Errno.EROFS.sentence())) {
                return true;
            }
        }
        return false;
    }

    public static String reason(IOException e) {
        if (e instanceof WrongKindException) {
            return e.getMessage(); // with the file, which says what to move away
        }
        if (e instanceof AccessDeniedException) { // which has no reason
            return "permission denied";
        }
        if (e instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
