package org.layerbook.interpreter.shim;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/** A stream of the asking process to write to. Written by one thread; {@link #abandon} may be called by any. */
final class OutputPipe extends OutputStream {
    private final Path pipe;
    private final FileOutputStream out;
    private boolean closed;
    private volatile boolean broken;

    OutputPipe(Path pipe) throws IOException {
        this.pipe = pipe;
        this.out = Pipes.writing(pipe);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            broken = true;
            throw e;
        }
    }

    /** Whether nobody was left to read what was written. */
    boolean isBroken() {
        return broken;
    }

    /** What is written from now on goes nowhere, so that no write waits. */
    synchronized void abandon() throws IOException {
        if (closed) {
            return;
        }
        FileInputStream in = Pipes.reading(pipe);
        Thread.ofPlatform().daemon().name("drain of " + pipe).start(() -> drain(in));
    }

    private static void drain(InputStream in) {
        try (in) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // Then the writer sees it too.
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        out.close();
    }
}
