package org.layerbook.engine.registry.protocol;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** A file on its way to a registry, whole or in pieces, which counts what was sent of it. */
public final class Upload {
    private static final int BUFFER = 1 << 18;

    private final Path file;
    private final long size;
    private final LongConsumer progress;
    private volatile long sent;

    /** @param progress hears bytes sent so far */
    public Upload(Path file, long size, LongConsumer progress) {
        this.file = file;
        this.size = size;
        this.progress = progress;
    }

    long size() {
        return size;
    }

    long sent() {
        return sent;
    }

    BodyPublisher publisher() {
        return piece(0, size);
    }

    /** {@code length} bytes from {@code offset} on. */
    BodyPublisher piece(long offset, long length) {
        return length == 0
                ? BodyPublishers.noBody()
                : BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> open(offset, length)), length);
    }

    private InputStream open(long offset, long length) {
        sent = offset;
        try {
            InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
            in.skipNBytes(offset);
            return new Piece(in, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Read by one thread. */
    private final class Piece extends InputStream {
        private final InputStream in;
        private long left;

        Piece(InputStream in, long left) {
            this.in = in;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int n = in.read(bytes, offset, (int) Math.min(length, left));
            if (n > 0) {
                left -= n;
                sent += n;
                progress.accept(sent);
            }
            return n;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
