package org.layerbook.interpreter.practice;

import java.io.OutputStream;

/** Where output goes that nobody reads. */
final class OutputSink {
    static final OutputStream NONE = OutputStream.nullOutputStream();

    private OutputSink() {}
}
