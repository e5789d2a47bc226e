package org.layerbook.engine.container;

import java.io.InputStream;

/** Standard input of a script that waits for one line: that comes when it is given, or the input ends without it. */
final class GoAhead extends InputStream {
    private enum Answer {
        NONE,
        GIVEN,
        ENDED
    }

    private Answer answer = Answer.NONE;

    synchronized void give() {
        answer = Answer.GIVEN;
        notifyAll();
    }

    synchronized void end() {
        answer = Answer.ENDED;
        notifyAll();
    }

    @Override
    public synchronized int read() {
        while (answer == Answer.NONE) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return -1;
            }
        }
        if (answer == Answer.ENDED) {
            return -1;
        }
        answer = Answer.ENDED;
        return '\n';
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        int b = read();
        if (b < 0) {
            return -1;
        }
        into[offset] = (byte) b;
        return 1;
    }
}
