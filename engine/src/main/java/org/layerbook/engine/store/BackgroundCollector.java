package org.layerbook.engine.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.layerbook.engine.image.StoreLocks;
import org.layerbook.engine.store.file.StoreFiles;

/**
 * Collects while the session goes on. What asks for it is written down in {@code garbage/}, an empty file a request, which
 * goes when a collection that began after it has ended: killed in between, the next session does it. One process collects
 * at a time. Where something is kept by a lease alone, a request stays, for the time after the lease.
 *
 * <p>Failing to collect is no failure of anybody's command: the next collection tries again.
 */
final class BackgroundCollector {
    /** How long a session has lived before it looks for what others left. */
    private static final Duration IDLE = Duration.ofSeconds(2);
    /** So that the command that asked has ended, and those after it are done with it. */
    private static final Duration GATHER = Duration.ofMillis(500);

    private final StoreFiles files;
    private final StoreLocks locks;
    private final Path requests;
    private final Collector collector;
    private Thread worker;
    private boolean asked;
    private boolean closing;

    BackgroundCollector(StoreFiles files, StoreLocks locks, Collector collector) {
        this.files = files;
        this.locks = locks;
        this.requests = files.home().resolve("garbage");
        this.collector = collector;
    }

    /** Something was removed whose content may be garbage now. Returns at once. */
    void request() throws IOException {
        files.create(requests.resolve(UUID.randomUUID().toString()));
        resume();
    }

    /** Does what was asked for, by whomever, and not done. Returns at once. */
    synchronized void resume() {
        asked = true;
        start();
        notifyAll();
    }

    /** Looks, when the session has been there for a while, for what dead processes left. */
    synchronized void watch() {
        start();
    }

    private void start() {
        if (worker == null && !closing) {
            worker = Thread.ofPlatform().daemon().name("collector").start(this::run);
        }
    }

    private void run() {
        try {
            boolean mine = awaitRequest();
            do {
                if (mine || !isClosing() && (isPending() || files.hasOrphans())) {
                    collectAll();
                }
                mine = true;
            } while (isAskedAgain());
        } catch (InterruptedException | IOException e) {
            synchronized (this) {
                worker = null;
            }
        }
    }

    /** Whether there was one, before this had waited in vain or the session ended. */
    private synchronized boolean awaitRequest() throws InterruptedException {
        await(IDLE, () -> asked);
        boolean was = asked;
        if (was) {
            await(GATHER, () -> false);
        }
        asked = false;
        return was;
    }

    private void await(Duration atMost, BooleanSupplier done) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        for (long left = atMost.toNanos();
                left > 0 && !closing && !done.getAsBoolean();
                left = end - System.nanoTime()) {
            wait(left / 1_000_000 + 1);
        }
    }

    /** If not, the next request begins a thread of its own. */
    private synchronized boolean isAskedAgain() {
        boolean again = asked;
        asked = false;
        if (!again) {
            worker = null;
        }
        return again;
    }

    private synchronized boolean isClosing() {
        return closing;
    }

    /** Unless another process does: that goes on until there is no request left. */
    private void collectAll() throws IOException, InterruptedException {
        while (true) {
            Optional<StoreLocks.Held> mine = locks.tryLock("collection");
            if (mine.isPresent()) {
                try (var _ = mine.get()) {
                    collectRequested();
                    return;
                }
            }
            synchronized (this) {
                await(GATHER, () -> false);
                if (closing || !isPending()) {
                    return;
                }
            }
        }
    }

    private void collectRequested() throws IOException {
        List<Path> pending = StoreFiles.list(requests);
        do {
            boolean spared = collector.collect().spared() > 0;
            for (Path request : spared && !pending.isEmpty() ? pending.subList(1, pending.size()) : pending) {
                Files.deleteIfExists(request);
            }
            if (spared) {
                return;
            }
            pending = StoreFiles.list(requests);
        } while (!pending.isEmpty());
    }

    /** Whether something is still to be collected, now or when a lease ends. */
    boolean isPending() throws IOException {
        return !StoreFiles.list(requests).isEmpty();
    }

    /** Ends when what this session asked for is done. */
    void close() {
        Thread running;
        synchronized (this) {
            closing = true;
            running = worker;
            notifyAll();
        }
        if (running != null) {
            try {
                running.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // who closes in a hurry leaves the rest to the next session
            }
        }
    }
}
