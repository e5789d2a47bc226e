package org.layerbook.engine.linux;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Opens and reads what has to be a regular file, wherever somebody else may have put another thing in its place: nothing
 * hangs on a FIFO, a device is not opened, a link is followed only where links are meant, and what is read into memory has a
 * bound. By Java's own files, since the first system call of ours costs a process 20 ms: so only who can write to the folder
 * at that very moment could still put a FIFO between the check and the opening.
 *
 * <p>Failures: {@link NoSuchFileException}, {@link NotDirectoryException}, {@link WrongKindException}, else another
 * {@link FileSystemException}.
 */
public final class RegularFile {
    private static final LinkOption[] FOLLOW = {};
    private static final LinkOption[] NO_FOLLOW = {LinkOption.NOFOLLOW_LINKS};

    private RegularFile() {}

    /** An interrupted thread reads no further, since large files are read for long. The caller closes it. */
    public static InputStream open(Path file) throws IOException {
        return open(file, NO_FOLLOW);
    }

    /**
     * The whole of a small file; empty where there is nothing of that name.
     *
     * @param most bytes; {@link WrongKindException} when there are more
     */
    public static Optional<byte[]> read(Path file, int most) throws IOException {
        return read(file, most, NO_FOLLOW);
    }

    /** As {@link #read}; a symbolic link that leads nowhere is as good as no file. */
    public static Optional<byte[]> readFollowing(Path file, int most) throws IOException {
        return read(file, most, FOLLOW);
    }

    /** Whether there is a regular file, which a link to one is not. */
    public static boolean exists(Path file) {
        return size(file).isPresent();
    }

    /** Bytes of a regular file; empty where there is none. */
    public static Optional<Long> size(Path file) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class, NO_FOLLOW);
            return found.isRegularFile() ? Optional.of(found.size()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // in a folder that may not be searched: for the caller it is not there
        }
    }

    /** @throws WrongKindException when something else than a regular file is there; fine where nothing is */
    public static void check(Path file) throws IOException {
        try {
            check(file, NO_FOLLOW);
        } catch (NoSuchFileException e) {
            return;
        }
    }

    private static Optional<byte[]> read(Path file, int most, LinkOption[] links) throws IOException {
        try {
            check(file, links);
            // Not interrupted by a cancellation: a half-read record would look damaged.
            try (InputStream in = Files.newInputStream(file, options(links).toArray(OpenOption[]::new))) {
                byte[] bytes = in.readNBytes(most + 1);
                if (bytes.length > most) {
                    throw WrongKindException.tooLarge(file, most);
                }
                return Optional.of(bytes);
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static InputStream open(Path file, LinkOption[] links) throws IOException {
        check(file, links);
        return Channels.newInputStream(FileChannel.open(file, options(links)));
    }

    private static Set<OpenOption> options(LinkOption[] links) {
        Set<OpenOption> options = new HashSet<>(Set.of(links));
        options.add(StandardOpenOption.READ);
        return options;
    }

    private static void check(Path file, LinkOption[] links) throws IOException {
        boolean regular;
        try {
            regular =
                    Files.readAttributes(file, BasicFileAttributes.class, links).isRegularFile();
        } catch (NoSuchFileException e) {
            throw isBelowAFile(file) ? new NotDirectoryException(file.toString()) : e;
        } catch (FileSystemException e) {
            String reason = e.getReason() == null ? "" : e.getReason();
            throw reason.startsWith("Too many levels of symbolic links")
                    ? new WrongKindException(file, "is a circular symbolic link")
                    : e;
        }
        if (!regular) {
            throw WrongKindException.notRegular(
                    file, links == FOLLOW ? LinuxFiles.statFollowing(file) : LinuxFiles.lstat(file));
        }
    }

    /** For Java that is a missing file like any other. */
    private static boolean isBelowAFile(Path file) {
        Path folder = file.getParent();
        while (folder != null && !Files.exists(folder)) {
            folder = folder.getParent();
        }
        return folder != null && !Files.isDirectory(folder);
    }
}
