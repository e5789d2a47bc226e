package org.layerbook.engine.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** A file on its way to a registry, which counts what was sent of it. */
final class Upload {
    private static final int BUFFER = 1 << 18;

    private final Path file;
    private final long size;
    private final LongConsumer progress;
    private volatile long sent;

    /** @param progress hears bytes sent so far */
    Upload(Path file, long size, LongConsumer progress) {
        this.file = file;
        this.size = size;
        this.progress = progress;
    }

    long sent() {
        return sent;
    }

    BodyPublisher publisher() {
        return size == 0
                ? BodyPublishers.noBody()
                : BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(this::open), size);
    }

    private InputStream open() {
        sent = 0;
        try {
            return new Counting(Files.newInputStream(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Counting extends java.io.BufferedInputStream {
        Counting(InputStream in) {
            super(in, BUFFER);
        }

        @Override
        public synchronized int read(byte[] bytes, int offset, int length) throws IOException {
            int n = super.read(bytes, offset, length);
            if (n > 0) {
                sent += n;
                progress.accept(sent);
            }
            return n;
        }
    }
}
