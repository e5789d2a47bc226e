package org.layerbook.repl;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.utils.NonBlockingInputStream;
import org.jline.utils.NonBlockingReader;
import org.layerbook.interpreter.RawTerminal;

/** JLine's terminal in raw mode, until it is closed. */
final class JlineRawTerminal implements RawTerminal, AutoCloseable {
    private static final int PATIENCE_MS = 50;

    private final Terminal terminal;
    private final Attributes before;
    private final Terminal.SignalHandler resized;
    private volatile Runnable onResize = () -> {};
    private volatile boolean closed;

    JlineRawTerminal(Terminal terminal) {
        this.terminal = terminal;
        this.before = terminal.enterRawMode();
        this.resized = terminal.handle(Terminal.Signal.WINCH, _ -> onResize.run());
    }

    @Override
    public InputStream keys() {
        return new Keys();
    }

    /** Waits no longer for a key than until the terminal is closed: the next one is the prompt's. */
    private final class Keys extends InputStream {
        @Override
        public int read() throws IOException {
            while (!closed) {
                int key = ((NonBlockingInputStream) terminal.input()).read(PATIENCE_MS);
                if (key != NonBlockingReader.READ_EXPIRED) {
                    return key;
                }
            }
            return -1;
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

    @Override
    public OutputStream screen() {
        return terminal.output();
    }

    @Override
    public int rows() {
        return terminal.getSize().getRows();
    }

    @Override
    public int columns() {
        return terminal.getSize().getColumns();
    }

    @Override
    public void onResize(Runnable changed) {
        onResize = changed;
    }

    @Override
    public void close() {
        closed = true;
        terminal.handle(Terminal.Signal.WINCH, resized);
        terminal.setAttributes(before);
    }
}
