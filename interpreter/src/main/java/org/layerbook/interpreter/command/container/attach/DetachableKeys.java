package org.layerbook.interpreter.command.container.attach;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;

/** Keys on their way to a container, until the ones that detach are pressed. */
final class DetachableKeys extends InputStream {
    private final InputStream keys;
    private final DetachKeys detachKeys;
    private final Runnable detach;
    /** Pressed, and no part of the keys that detach after all. */
    private final ArrayDeque<Byte> ready = new ArrayDeque<>();
    /** How many of those that detach were pressed last. */
    private int matched;

    /** @param detach is done when they were pressed; no more keys come then */
    DetachableKeys(InputStream keys, DetachKeys detachKeys, Runnable detach) {
        this.keys = keys;
        this.detachKeys = detachKeys;
        this.detach = detach;
    }

    @Override
    public int read() throws IOException {
        while (ready.isEmpty()) {
            int key = keys.read();
            if (key < 0) {
                return -1;
            }
            if ((byte) key == detachKeys.codes().get(matched)) {
                matched++;
                if (matched == detachKeys.codes().size()) {
                    detach.run();
                    return -1;
                }
            } else {
                ready.addAll(detachKeys.codes().subList(0, matched));
                boolean begins = (byte) key == detachKeys.codes().getFirst();
                matched = begins ? 1 : 0;
                if (!begins) {
                    ready.add((byte) key);
                }
            }
        }
        return ready.removeFirst() & 0xff;
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
