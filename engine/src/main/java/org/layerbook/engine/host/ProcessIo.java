package org.layerbook.engine.host;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The streams of a process. The sandbox reads and writes them from its own threads, and closes none of them. A write
 * that fails does not stop the process; {@code run} throws the failure once it has ended.
 */
public record ProcessIo(InputStream stdin, OutputStream stdout, OutputStream stderr) {
    /** At its end at once; costs no thread. */
    public static final InputStream NO_INPUT = InputStream.nullInputStream();

    /**
     * What this process itself was given. A command of the host gets it as it is, so that what it does not read is there
     * for the next one; unbuffered, for the same reason.
     */
    public static final InputStream OWN_INPUT = new OwnInput();

    private static final class OwnInput extends FilterInputStream {
        OwnInput() {
            super(new FileInputStream(FileDescriptor.in));
        }

        @Override
        public void close() {
            // It is this process's for as long as it lives.
        }
    }

    /** No input. */
    public static ProcessIo outputOnly(OutputStream stdout, OutputStream stderr) {
        return new ProcessIo(NO_INPUT, stdout, stderr);
    }

    boolean isOwnInput() {
        return stdin == OWN_INPUT;
    }

    public boolean hasInput() {
        return stdin != NO_INPUT;
    }
}
