package org.layerbook.interpreter.command.container.attach;

import java.io.IOException;
import java.io.InputStream;

/**
 * Input of a process on a terminal. A terminal cannot be closed for input: at the end comes Ctrl-D instead, which ends a shell at its
 * prompt and a program that reads lines. It is repeated while the process goes on without a word, for a shell in a shell has a prompt of its
 * own, and a program that was still starting has not seen the first.
 */
final class TerminalInput extends InputStream {
    private static final int END_OF_TRANSMISSION = 4;
    private static final long FIRST_MS = 250;
    private static final long LONGEST_MS = 4_000;

    private final InputStream in;
    private final Quiet quiet;
    private final Runnable atEnd;
    private boolean ended;
    private long patience = FIRST_MS;

    /** @param atEnd is done once, when the process turns out to wait for input at its end */
    TerminalInput(InputStream in, Quiet quiet, Runnable atEnd) {
        this.in = in;
        this.quiet = quiet;
        this.atEnd = atEnd;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (!ended) {
            int n = in.read(into, offset, length);
            if (n >= 0) {
                return n;
            }
            ended = true;
        }
        if (!quiet.await(patience)) {
            return -1;
        }
        if (patience == FIRST_MS) {
            atEnd.run();
        }
        quiet.broken();
        patience = Math.min(LONGEST_MS, patience * 2);
        into[offset] = END_OF_TRANSMISSION;
        return 1;
    }
}
