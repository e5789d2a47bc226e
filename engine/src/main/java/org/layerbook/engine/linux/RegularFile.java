package org.layerbook.engine.linux;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Opens and reads what has to be a regular file, wherever somebody else may have put another thing in its place: nothing
 * here waits for the other end of a FIFO, touches a device, or reads without a bound. A symbolic link is refused too, except
 * where the method's name says that it is followed.
 *
 * <p>Failures: {@link NoSuchFileException}, {@link AccessDeniedException}, {@link WrongKindException}, else another
 * {@link java.nio.file.FileSystemException}.
 */
public final class RegularFile {
    private static final int O_NONBLOCK = 04000;
    private static final int O_NOCTTY = 0400;
    private static final int O_NOFOLLOW = 0400000;

    private RegularFile() {}

    /** The caller closes it. */
    public static InputStream open(Path file) throws IOException {
        return open(file, O_NOFOLLOW);
    }

    /** The caller closes it. */
    public static InputStream openFollowing(Path file) throws IOException {
        return open(file, 0);
    }

    /**
     * The whole of a small file; empty where there is nothing of that name.
     *
     * @param most bytes; {@link WrongKindException} when there are more
     */
    public static Optional<byte[]> read(Path file, int most) throws IOException {
        return read(file, most, O_NOFOLLOW);
    }

    /** As {@link #read}; a symbolic link that leads nowhere is as good as no file. */
    public static Optional<byte[]> readFollowing(Path file, int most) throws IOException {
        return read(file, most, 0);
    }

    /** Whether there is a regular file, which a link to one is not. */
    public static boolean exists(Path file) {
        return size(file).isPresent();
    }

    /** Bytes of a regular file; empty where there is none. */
    public static Optional<Long> size(Path file) {
        try {
            return LinuxFiles.lstatIfExists(file).filter(FileStat::isRegular).map(FileStat::size);
        } catch (IOException e) {
            return Optional.empty(); // in a folder that may not be searched: for the caller it is not there
        }
    }

    /** @throws WrongKindException when something else than a regular file is there; fine where nothing is */
    public static void check(Path file) throws IOException {
        Optional<FileStat> found = LinuxFiles.lstatIfExists(file);
        if (found.isPresent() && !found.get().isRegular()) {
            throw WrongKindException.notRegular(file, found.get());
        }
    }

    private static Optional<byte[]> read(Path file, int most, int follow) throws IOException {
        try (FileDescriptor opened = descriptor(file, follow)) {
            var in = new DescriptorInput(opened, file);
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw WrongKindException.tooLarge(file, most);
            }
            return Optional.of(bytes);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static InputStream open(Path file, int follow) throws IOException {
        return new DescriptorInput(descriptor(file, follow), file).interruptible();
    }

    /** Looks before it opens, since opening some devices does something, and after, since it may have changed in between. */
    private static FileDescriptor descriptor(Path file, int follow) throws IOException {
        try {
            check(file, follow == 0 ? LinuxFiles.statFollowing(file) : LinuxFiles.lstat(file));
            FileDescriptor opened =
                    FileDescriptor.open(file, FileDescriptor.O_RDONLY | O_NONBLOCK | O_NOCTTY | follow, 0);
            try {
                check(file, LinuxFiles.fstat(opened, file));
                return opened;
            } catch (IOException e) {
                opened.close();
                throw e;
            }
        } catch (LinuxException e) {
            throw inWordsOfJava(e, file);
        }
    }

    private static void check(Path file, FileStat found) throws WrongKindException {
        if (!found.isRegular()) {
            throw WrongKindException.notRegular(file, found);
        }
    }

    /** What callers tell apart, as {@link java.nio.file.Files} has it. */
    private static IOException inWordsOfJava(LinuxException e, Path file) {
        if (e.is(Errno.ENOENT)) {
            return new NoSuchFileException(file.toString());
        }
        if (e.is(Errno.ENOTDIR)) {
            return new NotDirectoryException(file.toString());
        }
        if (e.is(Errno.EACCES)) {
            return new AccessDeniedException(file.toString());
        }
        return e.is(Errno.ELOOP) ? new WrongKindException(file, "is a symbolic link that leads to itself") : e;
    }
}
