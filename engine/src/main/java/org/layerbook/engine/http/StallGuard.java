package org.layerbook.engine.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Gives up a body that comes too slowly to be meant seriously: a hanging reader is woken, and gets an exception. */
final class StallGuard extends FilterInputStream {
    private final Duration period;
    private final ScheduledFuture<?> watch;
    /** Written by the reading thread alone. */
    private volatile long bytes;

    private volatile boolean stalled;
    private long before;

    StallGuard(InputStream in, Duration period, ScheduledExecutorService clock) {
        super(in);
        this.period = period;
        long nanos = period.toNanos();
        this.watch = clock.scheduleAtFixedRate(this::check, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    private void check() {
        if (bytes - before >= RetryPolicy.LEAST_BYTES) {
            before = bytes;
            return;
        }
        stalled = true;
        watch.cancel(false);
        try {
            in.close();
        } catch (IOException e) {
            // It is given up in any case.
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted");
        }
        int n;
        try {
            n = in.read(target, offset, length);
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted");
            }
            throw stalled ? timeout() : e;
        }
        if (n < 0) {
            watch.cancel(false);
            if (stalled) {
                throw timeout();
            }
        } else {
            bytes += n;
        }
        return n;
    }

    private HttpTimeoutException timeout() {
        return new HttpTimeoutException("received less than " + RetryPolicy.LEAST_BYTES / 1024 + " KiB in "
                + period.toMillis() / 1000.0 + " s");
    }

    @Override
    public void close() throws IOException {
        watch.cancel(false);
        in.close();
    }
}
