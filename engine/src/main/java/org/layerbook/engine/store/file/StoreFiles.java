package org.layerbook.engine.store.file;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.linux.Errno;
import org.layerbook.engine.linux.LinuxException;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.RegularFile;
import org.layerbook.engine.linux.Trees;

/**
 * The few file operations that the store is made of, and the process's temporary folder. Every write is to a new file
 * that is then renamed into place; no fsync, as it is the death of a process that nothing may be lost by, not of the
 * machine. Failures to write come out as {@link StoreException}.
 */
public final class StoreFiles implements TempFiles, AutoCloseable {
    /** More than any record has: a cache record holds the text of an instruction. */
    static final int MAX_RECORD = 32 << 20;

    /** Room for what removing makes: folders, lock files, their places in lists. */
    private static final int RESERVE_FILES = 16;

    private static final int RESERVE_BYTES = 16 << 10;

    private static final long ENOUGH_BYTES = 16L << 20;

    private static final String LOCK = ".lock";

    private final Path home;
    private final GcBarrier barrier;
    /** {@code tmp/ID} and the lock that says its process lives; made when first needed. */
    private Path folder;

    private FileLocks.Held alive;

    private final boolean readOnly;

    public StoreFiles(Path home, GcBarrier barrier) {
        this(home, barrier, false);
    }

    /** @param readOnly of a store that is another's: nothing is put in it that is not asked for */
    public StoreFiles(Path home, GcBarrier barrier, boolean readOnly) {
        this.home = home;
        this.barrier = barrier;
        this.readOnly = readOnly;
    }

    boolean isReadOnly() {
        return readOnly;
    }

    public Path home() {
        return home;
    }

    static Path temp(Path home) {
        return home.resolve("tmp");
    }

    /** Something that writes to the store. */
    @FunctionalInterface
    public interface Write<T> {
        T run() throws IOException;
    }

    /** Runs {@code write}; what fails is told as a sentence about the store. */
    public <T> T writing(Write<T> write) throws IOException {
        return writing(home, write);
    }

    public static <T> T writing(Path home, Write<T> write) throws IOException {
        try {
            return write.run();
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw StoreException.ofWrite(home, e);
        }
    }

    @Override
    public Path path() throws IOException {
        return writing(() -> own().resolve(UUID.randomUUID().toString()));
    }

    @Override
    public Path directory() throws IOException {
        return writing(() -> Files.createDirectory(
                own().resolve(UUID.randomUUID().toString()),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
    }

    /**
     * Before something is removed: where the disk is so full that not even a folder can be made, the reserve is given up for
     * it, since removing takes a little room too.
     */
    public void makeRoomToRemove() throws IOException {
        writing(() -> {
            try {
                return own();
            } catch (IOException e) {
                if (StoreException.ofFullDisk(home, e).isEmpty() || Trees.deleteMeasured(reserve()) == 0) {
                    throw e;
                }
                return own();
            }
        });
    }

    /** Makes the reserve where there is none and the disk has room. */
    public void keepReserve() throws IOException {
        if (Files.exists(reserve(), LinkOption.NOFOLLOW_LINKS) || LinuxFiles.freeBytes(home) < ENOUGH_BYTES) {
            return;
        }
        Path made = directory();
        byte[] content = new byte[RESERVE_BYTES];
        for (int i = 0; i < RESERVE_FILES; i++) {
            new SplittableRandom().nextBytes(content); // zeros would take no room on a disk that compresses
            Files.write(made.resolve(Integer.toString(i)), content);
        }
        if (!publish(made, reserve())) {
            Trees.delete(made);
        }
    }

    private Path reserve() {
        return home.resolve("reserve");
    }

    private synchronized Path own() throws IOException {
        if (folder == null) {
            String id = UUID.randomUUID().toString();
            Path temp = temp(home);
            // Shared with the collector, which would take the folder for a dead process's before its lock is held.
            try (var _ = barrier.enter()) {
                Files.createDirectories(temp);
                FileLocks.Held held = FileLocks.acquire(temp.resolve(id + LOCK), false);
                try {
                    folder = Files.createDirectory(temp.resolve(id));
                    alive = held;
                } catch (IOException e) {
                    Files.deleteIfExists(temp.resolve(id + LOCK));
                    held.close();
                    throw e;
                }
            }
        }
        return folder;
    }

    @Override
    public boolean publish(Path made, Path target) throws IOException {
        // Inside the gate: what is found there could else be collected between the two steps.
        try (var _ = barrier.enter()) {
            if (touch(target)) {
                return false;
            }
            return writing(() -> {
                try {
                    move(made, target);
                    return true;
                } catch (FileSystemException e) {
                    if (Files.exists(target)) { // another was faster
                        return false;
                    }
                    throw e;
                }
            });
        }
    }

    /** A file of the store, which is never a link; empty when it is not there. */
    public static Optional<byte[]> read(Path file) throws IOException {
        return RegularFile.read(file, MAX_RECORD);
    }

    @Override
    public void replace(Path file, byte[] content) throws IOException {
        writing(() -> {
            Path made = own().resolve(UUID.randomUUID().toString());
            try {
                Files.write(made, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                move(made, file);
            } catch (IOException e) {
                Files.deleteIfExists(made);
                throw e;
            }
            return file;
        });
    }

    /** Renames within the store, over what is there; makes the folder of {@code to}. */
    static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            Files.createDirectories(to.getParent());
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Makes an empty file and its folder; fine if it is there. */
    public void create(Path file) throws IOException {
        writing(() -> {
            try {
                return Files.createFile(file);
            } catch (NoSuchFileException e) {
                Files.createDirectories(file.getParent());
            } catch (FileAlreadyExistsException e) {
                return file;
            }
            try {
                return Files.createFile(file);
            } catch (FileAlreadyExistsException e) {
                return file;
            }
        });
    }

    boolean delete(Path file) throws IOException {
        return writing(() -> Files.deleteIfExists(file));
    }

    /** Sets the modification time to now, without opening what is there; false when nothing is. */
    boolean touch(Path file) throws IOException {
        return writing(() -> {
            Instant now = Instant.now();
            try {
                LinuxFiles.setTimes(file, now.getEpochSecond(), now.getNano());
                return true;
            } catch (LinuxException e) {
                if (e.is(Errno.ENOENT)) {
                    return false;
                }
                if (e.is(Errno.EROFS)) {
                    return true; // nobody removes anything there, however old it is
                }
                throw e;
            }
        });
    }

    /** What lies in a folder of the store, which need not be there. Links are not followed: what is listed may be removed. */
    public static List<Path> list(Path folder) throws IOException {
        if (!LinuxFiles.checkDirectory(folder)) {
            return List.of();
        }
        var entries = new ArrayList<Path>();
        try (var stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return entries;
    }

    /**
     * Moves what dead processes left into {@code trash}. The gate has to be shut, and this process's own folder to be made
     * already.
     */
    public void sweep(Path trash) throws IOException {
        List<Path> entries = list(temp(home));
        for (Path lock : entries) {
            String name = lock.getFileName().toString();
            if (name.endsWith(LOCK)) {
                Optional<FileLocks.Held> dead = FileLocks.tryAcquire(lock);
                if (dead.isPresent()) {
                    try (var _ = dead.get()) {
                        String id = name.substring(0, name.length() - LOCK.length());
                        discard(lock.resolveSibling(id), trash);
                        Files.deleteIfExists(lock);
                    }
                }
            } else if (!Files.exists(lock.resolveSibling(name + LOCK))) {
                discard(lock, trash);
            }
        }
    }

    /** Whether there is anything that {@link #sweep} would take. */
    public boolean hasOrphans() throws IOException {
        return !orphans(home).isEmpty();
    }

    /** What dead processes left in the temporary folder: seen from outside the gate, so it may be gone the next moment. */
    public static List<Path> orphans(Path home) throws IOException {
        var found = new ArrayList<Path>();
        for (Path entry : list(temp(home))) {
            Path lock = entry.resolveSibling(entry.getFileName() + LOCK);
            if (!entry.getFileName().toString().endsWith(LOCK) && isFree(lock)) {
                found.add(entry);
            }
        }
        return found;
    }

    /** Does not make the file where it is not there. */
    private static boolean isFree(Path lock) throws IOException {
        if (!Files.exists(lock)) {
            return true;
        }
        Optional<FileLocks.Held> held = FileLocks.tryAcquire(lock);
        if (held.isPresent()) {
            held.get().close();
        }
        return held.isPresent();
    }

    /** Moves a file or folder out of the way, into {@code trash}; fine if it is gone. */
    public static void discard(Path what, Path trash) throws IOException {
        try {
            Files.move(what, trash.resolve(UUID.randomUUID().toString()), StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            // gone already, which is what was wanted
        }
    }

    /** Removes the temporary folder. */
    @Override
    public synchronized void close() throws IOException {
        if (folder != null) {
            Path mine = folder;
            folder = null;
            Trees.delete(mine);
            // Unlinked while it is held: nobody else ever asks for this name but the collector, which finds it gone.
            Files.deleteIfExists(mine.resolveSibling(mine.getFileName() + LOCK));
            alive.close();
        }
    }
}
