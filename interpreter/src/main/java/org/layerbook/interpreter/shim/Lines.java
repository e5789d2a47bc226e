package org.layerbook.interpreter.shim;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Says lines to the other side, each in one write. Thread-safe. */
final class Lines implements AutoCloseable {
    private final FileOutputStream out;

    Lines(Path pipe) throws IOException {
        out = Pipes.writing(pipe);
    }

    synchronized void say(String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }
}
