package org.layerbook.interpreter.command.container.attach;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

/** Lines that a user is asked for when they are needed, as a stream. */
final class AskedLines extends InputStream {
    private final Supplier<Optional<String>> lines;
    private byte[] line = {};
    private int at;
    private boolean ended;

    /** @param lines the next one, without its end; empty at the end of them */
    AskedLines(Supplier<Optional<String>> lines) {
        this.lines = lines;
    }

    @Override
    public int read() {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        if (at == line.length && !next()) {
            return -1;
        }
        int n = Math.min(length, line.length - at);
        System.arraycopy(line, at, into, offset, n);
        at += n;
        return n;
    }

    private boolean next() {
        Optional<String> next = ended ? Optional.empty() : lines.get();
        ended = next.isEmpty();
        line = next.map(text -> (text + "\n").getBytes(StandardCharsets.UTF_8)).orElse(new byte[0]);
        at = 0;
        return !ended;
    }
}
