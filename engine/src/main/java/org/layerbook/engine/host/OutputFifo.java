package org.layerbook.engine.host;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import org.layerbook.engine.concurrent.Uninterruptibly;
import org.layerbook.engine.linux.Fifo;

/**
 * A named pipe that a command writes to, read on a thread of its own. It is complete when the command has ended, not when
 * nobody has it open any more: what the command left in the background may hold it for ever. So {@link #finish} writes a
 * mark behind all that the command wrote; whatever comes after it is read and dropped, so that nothing in the background
 * blocks.
 */
final class OutputFifo {
    private static final int BUFFER = 32 * 1024;
    private static final int MARK_LENGTH = 24;

    private final Path path;
    private final OutputStream to;
    /** Open from both ends: opening it so never waits. */
    private final RandomAccessFile pipe;

    private final byte[] mark = new byte[MARK_LENGTH];
    private final CountDownLatch delivered = new CountDownLatch(1);
    private volatile Optional<IOException> failure = Optional.empty();

    private OutputFifo(Path path, OutputStream to) throws IOException {
        this.path = path;
        this.to = to;
        ThreadLocalRandom.current().nextBytes(mark);
        // Rare as the last byte of output, which would be kept back until more comes.
        mark[0] = 0;
        Fifo.create(path);
        pipe = new RandomAccessFile(path.toFile(), "rw");
    }

    static OutputFifo create(Path path, OutputStream to) throws IOException {
        OutputFifo fifo = new OutputFifo(path, to);
        Thread.ofPlatform().daemon().name("reader of " + path).start(fifo::read);
        return fifo;
    }

    /** Returns when all that was written up to now has been handed over; throws what the receiver threw. */
    void finish() throws IOException {
        pipe.write(mark);
        Uninterruptibly.await(delivered::await);
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private void read() {
        try {
            copyToMark();
            dropTheRest();
        } catch (IOException e) {
            failure = failure.or(() -> Optional.of(e));
        } finally {
            delivered.countDown();
        }
    }

    private void copyToMark() throws IOException {
        byte[] buffer = new byte[BUFFER];
        int length = 0;
        while (true) {
            int n = pipe.read(buffer, length, buffer.length - length);
            length += n;
            int at = possibleMark(buffer, length);
            deliver(buffer, at);
            if (at + MARK_LENGTH <= length) {
                return;
            }
            System.arraycopy(buffer, at, buffer, 0, length - at);
            length -= at;
        }
    }

    /** Where the mark begins, or what may become it when more is read; {@code length} when neither. */
    private int possibleMark(byte[] buffer, int length) {
        for (int at = 0; at < length; at++) {
            int compare = Math.min(MARK_LENGTH, length - at);
            if (buffer[at] == mark[0] && Arrays.equals(buffer, at, at + compare, mark, 0, compare)) {
                return at;
            }
        }
        return length;
    }

    private void deliver(byte[] buffer, int length) {
        if (length == 0 || failure.isPresent()) {
            return;
        }
        try {
            to.write(buffer, 0, length);
            to.flush();
        } catch (IOException e) {
            failure = Optional.of(e);
        }
    }

    private void dropTheRest() throws IOException {
        try (InputStream rest = new FileInputStream(path.toFile())) {
            delivered.countDown();
            pipe.close();
            byte[] buffer = new byte[BUFFER];
            while (rest.read(buffer) >= 0) {
                continue;
            }
        }
    }
}
