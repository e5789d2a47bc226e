package org.layerbook.interpreter.command.spec;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** Faults of the machine in docker's words, which are Go's. */
public final class DockerErrors {
    private DockerErrors() {}

    public static String sentence(IOException fault) {
        return switch (fault) {
            case NoSuchFileException missing
            when missing.getReason() == null -> "open " + missing.getFile() + ": no such file or directory";
            case AccessDeniedException denied -> "open " + denied.getFile() + ": permission denied";
            case FileSystemException other
            when other.getReason() != null && other.getFile() != null ->
                other.getFile() + ": " + other.getReason().toLowerCase(Locale.ROOT);
            default -> fault.getMessage() == null ? fault.toString() : fault.getMessage();
        };
    }
}
