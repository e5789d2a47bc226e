package org.layerbook.interpreter;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The user's terminal as a program has it: keys come as they are pressed, and what is written goes to the screen as it is. */
public interface RawTerminal {
    /** Work that has the terminal. */
    @FunctionalInterface
    interface Work {
        void with(RawTerminal terminal) throws IOException;
    }

    /** Comes to its end when the work is done. */
    InputStream keys();

    OutputStream screen();

    int rows();

    int columns();

    /** @param changed is called whenever rows or columns are others; from any thread */
    void onResize(Runnable changed);
}
