package org.layerbook.engine.store.file;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.image.StoreLocks;
import org.layerbook.engine.linux.RegularFile;

/**
 * Locks on files, between threads and processes; the kernel drops those of a process that dies.
 *
 * <p>The kernel's record locks belong to the process: it loses them when it closes <em>any</em> descriptor of the file,
 * and two threads do not exclude each other. So this class alone opens lock files, each at most once at a time, and keeps
 * the threads apart itself; the table of what is held has to be one a process, whatever number of stores it has open.
 * For the same reason lock files hold no data that someone would want to read. On a read-only file system, where no process
 * changes anything, only the threads are kept apart.
 */
final class FileLocks {
    private static final int ALL = Integer.MAX_VALUE;
    private static final ConcurrentHashMap<Path, Entry> ENTRIES = new ConcurrentHashMap<>();

    private FileLocks() {}

    /** Released by closing, once; by any thread. */
    static final class Held implements StoreLocks.Held {
        private final Path file;
        private final Entry entry;
        private final int permits;
        private final AtomicBoolean open = new AtomicBoolean(true);

        private Held(Path file, Entry entry, int permits) {
            this.file = file;
            this.entry = entry;
            this.permits = permits;
        }

        @Override
        public void close() throws IOException {
            if (open.compareAndSet(true, false)) {
                try {
                    entry.leave();
                } finally {
                    entry.permits.release(permits);
                    forget(file);
                }
            }
        }
    }

    /**
     * Waits for the lock. A holder of a shared lock may take it shared once more; all else that a thread takes twice
     * waits for ever.
     *
     * @param file absolute, in a folder that is there
     * @throws InterruptedIOException when the thread was interrupted while waiting; its flag is then set again
     */
    static Held acquire(Path file, boolean shared) throws IOException {
        int permits = shared ? 1 : ALL;
        Entry entry = remember(file);
        boolean entered = false;
        try {
            if (!entry.permits.tryAcquire(permits)) { // first without looking at the interrupt flag
                entry.permits.acquire(permits);
            }
            try {
                entered = entry.enter(file, shared, true);
            } finally {
                if (!entered) {
                    entry.permits.release(permits);
                }
            }
            return new Held(file, entry, permits);
        } catch (InterruptedException | FileLockInterruptionException e) {
            Thread.currentThread().interrupt();
            var interrupted = new InterruptedIOException("interrupted while waiting for another process");
            interrupted.initCause(e);
            throw interrupted;
        } finally {
            if (!entered) {
                forget(file);
            }
        }
    }

    /** The lock, exclusive, when nobody holds it now. */
    static Optional<Held> tryAcquire(Path file) throws IOException {
        Entry entry = remember(file);
        boolean entered = false;
        try {
            if (!entry.permits.tryAcquire(ALL)) {
                return Optional.empty();
            }
            try {
                entered = entry.enter(file, false, false);
            } finally {
                if (!entered) {
                    entry.permits.release(ALL);
                }
            }
            return entered ? Optional.of(new Held(file, entry, ALL)) : Optional.empty();
        } finally {
            if (!entered) {
                forget(file);
            }
        }
    }

    private static Entry remember(Path file) {
        return ENTRIES.compute(file, (path, entry) -> {
            Entry used = entry == null ? new Entry() : entry;
            used.users++;
            return used;
        });
    }

    private static void forget(Path file) {
        ENTRIES.computeIfPresent(file, (path, entry) -> --entry.users == 0 ? null : entry);
    }

    private static final class Entry {
        /** Not fair, so that who holds it shared can take it again past a waiting writer. */
        private final Semaphore permits = new Semaphore(ALL);
        /** Changed only inside the table's {@code compute}. */
        private int users;

        private FileChannel channel;
        private int inside;

        private synchronized boolean enter(Path file, boolean shared, boolean wait) throws IOException {
            if (inside == 0) {
                RegularFile.check(file);
                Optional<FileChannel> writable = open(file);
                if (writable.isEmpty()) {
                    inside++;
                    return true;
                }
                FileChannel opened = writable.get();
                boolean locked = false;
                try {
                    locked = (wait ? lock(opened, shared) : opened.tryLock(0, Long.MAX_VALUE, shared)) != null;
                } finally {
                    if (!locked) {
                        opened.close();
                    }
                }
                if (!locked) {
                    return false;
                }
                channel = opened;
            }
            inside++;
            return true;
        }

        private synchronized void leave() throws IOException {
            if (--inside == 0) {
                FileChannel held = channel;
                channel = null;
                if (held != null) {
                    held.close(); // closing is what unlocks
                }
            }
        }

        /** Empty on a read-only file system. */
        private static Optional<FileChannel> open(Path file) throws IOException {
            try {
                return Optional.of(FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS));
            } catch (IOException e) {
                if (StoreException.isReadOnly(e)) {
                    return Optional.empty();
                }
                throw e;
            }
        }

        private static FileLock lock(FileChannel channel, boolean shared) throws IOException {
            FileLock free = channel.tryLock(0, Long.MAX_VALUE, shared);
            if (free != null) {
                return free;
            }
            try {
                return channel.lock(0, Long.MAX_VALUE, shared);
            } catch (IOException e) {
                if (e.getMessage() == null || !e.getMessage().contains("deadlock")) {
                    throw e;
                }
                return poll(channel, shared);
            }
        }

        /**
         * The kernel sees waiting processes, not threads: what it refuses as a deadlock (EDEADLK) is none when the other
         * process waits for another thread of this one. Asking without waiting is never refused so.
         */
        private static FileLock poll(FileChannel channel, boolean shared) throws IOException {
            try {
                while (true) {
                    FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
                    if (lock != null) {
                        return lock;
                    }
                    Thread.sleep(5);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new FileLockInterruptionException();
            }
        }
    }
}
