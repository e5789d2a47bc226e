package org.layerbook.engine.compress;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Copying that an interrupt of its thread ends. */
public final class Streams {
    private static final int BUFFER = 1 << 16;

    private Streams() {}

    public static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            InterruptibleInput.check();
            out.write(buffer, 0, n);
        }
    }
}
