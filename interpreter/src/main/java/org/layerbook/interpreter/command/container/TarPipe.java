package org.layerbook.interpreter.command.container;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A tar on its way from who writes it to who reads it. */
final class TarPipe {
    private static final int BUFFER = 1 << 20;

    private TarPipe() {}

    @FunctionalInterface
    interface Source {
        void write(OutputStream out) throws IOException;
    }

    @FunctionalInterface
    interface Target {
        void read(InputStream in) throws IOException;
    }

    /** @return the bytes of the tar */
    static long copy(Source source, Target target) throws IOException {
        var counted = new long[1];
        var written = new CompletableFuture<Void>();
        try (var in = new PipedInputStream(BUFFER)) {
            var pipe = new PipedOutputStream(in);
            Thread.ofPlatform().daemon().name("tar of docker cp").start(() -> {
                try (pipe) {
                    source.write(new Counting(pipe, counted));
                    written.complete(null);
                } catch (IOException | RuntimeException e) {
                    written.completeExceptionally(e);
                }
            });
            try {
                target.read(in);
                in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                if (written.isCompletedExceptionally()) {
                    join(written); // its reader has only seen an early end
                }
                throw e;
            }
            join(written);
            return counted[0];
        }
    }

    private static void join(CompletableFuture<Void> written) throws IOException {
        try {
            written.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        }
    }

    private static final class Counting extends OutputStream {
        private final OutputStream out;
        private final long[] count;

        Counting(OutputStream out, long[] count) {
            this.out = out;
            this.count = count;
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            count[0]++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            count[0] += length;
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }
}
