package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.layerbook.engine.concurrent.Uninterruptibly;

/**
 * Copies one stream of a process to its end, on a thread of its own. Where the reader of it fails, the rest is read and
 * dropped, so that the process does not block.
 */
final class Pump {
    private static final int BUFFER = 16 * 1024;

    private final Thread thread;
    private Optional<IOException> failure = Optional.empty();

    private Pump(InputStream from, OutputStream to, String name) {
        thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> copy(from, to));
    }

    static Pump start(InputStream from, OutputStream to, String name) {
        Pump pump = new Pump(from, to, name);
        pump.thread.start();
        return pump;
    }

    /** Feeds a process. Nobody waits for it: the source may never end, and who no longer reads is no failure. */
    static void feed(InputStream from, OutputStream to, String name) {
        Thread.ofPlatform().daemon().name(name).start(() -> {
            try (to) {
                byte[] buffer = new byte[BUFFER];
                for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                    to.write(buffer, 0, n);
                    to.flush();
                }
            } catch (IOException processHasGone) {
                return;
            }
        });
    }

    private void copy(InputStream from, OutputStream to) {
        byte[] buffer = new byte[BUFFER];
        try {
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                if (failure.isEmpty()) {
                    deliver(to, buffer, n);
                }
            }
        } catch (IOException e) {
            failure = failure.or(() -> Optional.of(e));
        }
    }

    private void deliver(OutputStream to, byte[] buffer, int n) {
        try {
            to.write(buffer, 0, n);
            to.flush();
        } catch (IOException e) {
            failure = Optional.of(e);
        }
    }

    /** Waits for the end of the stream; throws what the receiving side threw. */
    void join() throws IOException {
        Uninterruptibly.join(thread);
        if (failure.isPresent()) {
            throw failure.get();
        }
    }
}
