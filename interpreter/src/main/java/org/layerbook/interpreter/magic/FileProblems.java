package org.layerbook.interpreter.magic;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Faults of files as sentences. */
public final class FileProblems {
    private FileProblems() {}

    public static String sentence(IOException fault) {
        return switch (fault) {
            case NoSuchFileException missing -> missing.getFile() + ": no such file or directory";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case NotDirectoryException other -> other.getFile() + ": not a directory";
            case FileAlreadyExistsException there -> there.getFile() + ": already exists";
            case FileSystemException other when other.getReason() != null -> other.getFile() + ": " + other.getReason();
            default -> fault.getMessage() == null ? fault.toString() : fault.getMessage();
        };
    }
}
