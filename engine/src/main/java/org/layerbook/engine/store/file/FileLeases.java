package org.layerbook.engine.store.file;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.image.Lease;
import org.layerbook.engine.image.Leases;
import org.layerbook.engine.image.StoreException;

/**
 * {@code leases/ID.lock} is locked as long as the lease's holder lives, and {@code leases/ID} says in lines what it keeps:
 * first {@code since MILLIS} or {@code session}, the purpose after a blank; then resources. The collector reads them while
 * the gate is shut; lines are added at any time, by one who then waits for it.
 */
public final class FileLeases implements Leases {
    private static final String LOCK = ".lock";
    /** File times and clocks of several machines differ by so much. */
    private static final long CLOCK_SLACK_MILLIS = 2_000;

    private static final String SINCE = "since ";

    private final StoreFiles files;
    private final Path folder;
    private final GcBarrier barrier;
    /** Of this store's user in this process, the oldest first. */
    private final List<FileLease> open = new ArrayList<>();

    public FileLeases(StoreFiles files, GcBarrier barrier) {
        this.files = files;
        this.folder = files.home().resolve("leases");
        this.barrier = barrier;
    }

    @Override
    public Lease operation(String purpose) throws IOException {
        return open(SINCE + System.currentTimeMillis() + " " + purpose.replace('\n', ' '));
    }

    /** Is on the disk from when it keeps something: who only looks at a store writes nothing, so also where it is full. */
    @Override
    public Lease session(String purpose) {
        return enter(new FileLease("session " + purpose.replace('\n', ' ')));
    }

    private Lease open(String head) throws IOException {
        var lease = new FileLease(head);
        try {
            lease.begin();
        } catch (StoreException e) {
            if (StoreException.isReadOnly(e)) {
                return Lease.NONE; // nothing can be collected there
            }
            throw e;
        }
        return enter(lease);
    }

    private FileLease enter(FileLease lease) {
        synchronized (open) {
            open.add(lease);
        }
        return lease;
    }

    /**
     * Forgets a lease that ends. What an operation kept is kept from now on by an operation around it, else by the session,
     * until that says what it stands on.
     */
    private void leave(FileLease lease) throws IOException {
        synchronized (open) { // so that the heir does not end meanwhile
            int position = open.indexOf(lease);
            if (position < 0) {
                return;
            }
            List<FileLease> older = List.copyOf(open.subList(0, position));
            open.remove(position);
            Optional<FileLease> heir = older.stream()
                    .filter(FileLease::isOperation)
                    .findFirst()
                    .or(() -> older.stream().findFirst());
            if (lease.isOperation() && heir.isPresent()) {
                heir.get().write(lease.kept());
            }
        }
    }

    /**
     * What live leases keep; those of dead holders are removed.
     *
     * @param since the milliseconds at which the oldest open operation began
     */
    public record Kept(Set<GcRoot> resources, OptionalLong since) {}

    /** The gate has to be shut. */
    public Kept kept() throws IOException {
        var resources = new HashSet<GcRoot>();
        OptionalLong oldest = OptionalLong.empty();
        for (Path lock : locks()) {
            Path list = lock.resolveSibling(lock.getFileName().toString().replace(LOCK, ""));
            Optional<FileLocks.Held> dead = FileLocks.tryAcquire(lock);
            if (dead.isPresent()) {
                try (var _ = dead.get()) {
                    Files.deleteIfExists(list);
                    Files.deleteIfExists(lock);
                }
                continue;
            }
            Optional<byte[]> text = StoreFiles.read(list);
            if (text.isPresent()) {
                OptionalLong since = read(list, new String(text.get(), StandardCharsets.UTF_8), resources);
                if (since.isPresent()) {
                    oldest = OptionalLong.of(Math.min(before(since.getAsLong()), oldest.orElse(Long.MAX_VALUE)));
                }
            }
        }
        return new Kept(resources, oldest);
    }

    /** Where the clock has been set back since, file times tell nothing: all counts as made since then. */
    private static long before(long since) {
        return since > System.currentTimeMillis() + CLOCK_SLACK_MILLIS ? 0 : since;
    }

    private List<Path> locks() throws IOException {
        return StoreFiles.list(folder).stream()
                .filter(file -> file.getFileName().toString().endsWith(LOCK))
                .toList();
    }

    private static OptionalLong read(Path file, String text, Set<GcRoot> resources) throws StoreException {
        // What has no end yet is being written, by one who will wait for us.
        List<String> lines =
                text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        try {
            lines.stream().skip(1).map(GcRoot::parse).forEach(resources::add);
            return !lines.isEmpty() && lines.getFirst().startsWith(SINCE)
                    ? OptionalLong.of(Long.parseLong(lines.getFirst().split(" ")[1]))
                    : OptionalLong.empty();
        } catch (RuntimeException e) {
            // What its holder needs is not known, so nothing may be removed while it lives.
            throw new StoreException(
                    file + " is damaged: " + e.getMessage() + "; garbage collection cannot run until the session"
                            + " that it belongs to has ended",
                    e);
        }
    }

    private final class FileLease implements Lease {
        private final Path list = folder.resolve(UUID.randomUUID().toString());
        private final String head;
        private final Set<GcRoot> kept = new LinkedHashSet<>();
        private Optional<FileLocks.Held> alive = Optional.empty();
        /** Absent before there is a file, and when writing it has failed: then it is written anew. */
        private Optional<Writer> writer = Optional.empty();

        private FileLease(String head) {
            this.head = head;
        }

        private boolean isOperation() {
            return head.startsWith(SINCE);
        }

        /** Makes the file, with all that is kept. */
        private synchronized void begin() throws IOException {
            files.writing(() -> {
                Files.createDirectories(folder);
                try (var _ = barrier.enter()) {
                    if (alive.isEmpty()) {
                        alive = Optional.of(FileLocks.acquire(lock(), false));
                    }
                    closeWriter();
                    var opened = Files.newBufferedWriter(list);
                    writer = Optional.of(opened);
                    opened.write(head + "\n");
                    for (GcRoot resource : kept) {
                        opened.write(resource + "\n");
                    }
                    opened.flush();
                } catch (IOException e) {
                    abandon();
                    throw e;
                }
                return list;
            });
        }

        private Path lock() {
            return list.resolveSibling(list.getFileName() + LOCK);
        }

        private void closeWriter() throws IOException {
            Optional<Writer> old = writer;
            writer = Optional.empty();
            if (old.isPresent()) {
                old.get().close();
            }
        }

        /** What could not be written to the end is written anew the next time. */
        private void abandon() {
            try {
                closeWriter();
            } catch (IOException e) {
                // it fails for the same reason
            }
        }

        @Override
        public void keep(Collection<GcRoot> resources) throws IOException {
            files.writing(() -> {
                if (write(resources)) {
                    barrier.await();
                }
                return resources;
            });
        }

        /** Whether there was anything that was not kept already. */
        private synchronized boolean write(Collection<GcRoot> resources) throws IOException {
            var added = new ArrayList<GcRoot>();
            for (GcRoot resource : resources) {
                if (kept.add(resource)) {
                    added.add(resource);
                }
            }
            if (added.isEmpty()) {
                return false;
            }
            try {
                append(added);
                return true;
            } catch (IOException e) {
                abandon();
                kept.removeAll(added);
                if (StoreException.isReadOnly(e)) {
                    return false; // nothing can be collected there
                }
                throw e;
            }
        }

        private void append(List<GcRoot> added) throws IOException {
            if (writer.isEmpty()) {
                begin();
                return;
            }
            for (GcRoot resource : added) {
                writer.get().write(resource + "\n");
            }
            writer.get().flush();
        }

        @Override
        public synchronized boolean replace(Collection<GcRoot> resources) throws IOException {
            Set<GcRoot> wanted = Set.copyOf(resources);
            if (kept.equals(wanted)) {
                return false;
            }
            List<GcRoot> before = List.copyOf(kept);
            kept.clear();
            kept.addAll(wanted);
            try {
                begin();
                return true;
            } catch (StoreException e) {
                if (StoreException.isReadOnly(e)) {
                    return false;
                }
                kept.clear();
                kept.addAll(before);
                throw e;
            }
        }

        private synchronized List<GcRoot> kept() {
            return List.copyOf(kept);
        }

        @Override
        public void close() throws IOException {
            leave(this);
            barrier.await(); // who decides just now may have read the heir's list before
            synchronized (this) {
                abandon();
                if (alive.isPresent()) {
                    Files.deleteIfExists(list);
                    Files.deleteIfExists(lock());
                    alive.get().close();
                }
            }
        }
    }
}
