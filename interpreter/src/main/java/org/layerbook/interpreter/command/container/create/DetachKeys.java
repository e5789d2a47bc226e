package org.layerbook.interpreter.command.container.create;

import java.io.IOException;
import java.io.InputStream;

/** Keys on their way to a container, which the user leaves with Ctrl-P Ctrl-Q. */
final class DetachKeys extends InputStream {
    private static final int FIRST = 'P' - '@';
    private static final int SECOND = 'Q' - '@';

    private final InputStream keys;
    private final Runnable detach;
    private int held = -1;

    /** @param detach is done when both were pressed; no more keys come then */
    DetachKeys(InputStream keys, Runnable detach) {
        this.keys = keys;
        this.detach = detach;
    }

    @Override
    public int read() throws IOException {
        if (held >= 0) {
            int key = held;
            held = -1;
            return key;
        }
        int key = keys.read();
        if (key != FIRST) {
            return key;
        }
        int next = keys.read();
        if (next == SECOND) {
            detach.run();
            return -1;
        }
        held = next;
        return FIRST;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int key = read();
        if (key < 0) {
            return -1;
        }
        into[offset] = (byte) key;
        return 1;
    }
}
