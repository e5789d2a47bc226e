package org.layerbook.engine.sandbox;

import java.io.InputStream;
import java.io.OutputStream;

/** The streams of a process. The sandbox reads and writes them from its own threads, and closes none of them. */
public record ProcessIo(InputStream stdin, OutputStream stdout, OutputStream stderr) {
    /** No input. */
    public static ProcessIo outputOnly(OutputStream stdout, OutputStream stderr) {
        return new ProcessIo(InputStream.nullInputStream(), stdout, stderr);
    }
}
