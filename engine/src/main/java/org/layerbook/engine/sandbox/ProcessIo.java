package org.layerbook.engine.sandbox;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * The streams of a process. The sandbox reads and writes them from its own threads, and closes none of them. A write
 * that fails does not stop the process; {@code run} throws the failure once it has ended.
 */
public record ProcessIo(InputStream stdin, OutputStream stdout, OutputStream stderr) {
    /** At its end at once; costs no thread. */
    public static final InputStream NO_INPUT = InputStream.nullInputStream();

    /** No input. */
    public static ProcessIo outputOnly(OutputStream stdout, OutputStream stderr) {
        return new ProcessIo(NO_INPUT, stdout, stderr);
    }

    boolean hasInput() {
        return stdin != NO_INPUT;
    }
}
