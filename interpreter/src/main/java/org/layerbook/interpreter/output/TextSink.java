package org.layerbook.interpreter.output;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Bytes in, text out at once. A character whose bytes come in two writes is put together; what is no UTF-8 becomes U+FFFD.
 * Thread-safe.
 */
public final class TextSink extends OutputStream {
    private final Consumer<String> text;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    /** Bytes of a character that is not whole yet: at most three. */
    private byte[] pending = {};

    public TextSink(Consumer<String> text) {
        this.text = text;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        ByteBuffer in = ByteBuffer.allocate(pending.length + length);
        in.put(pending).put(bytes, offset, length).flip();
        decode(in, false);
        pending = new byte[in.remaining()];
        in.get(pending);
    }

    /** The end of the stream: a character that was never finished is shown as unknown. */
    @Override
    public synchronized void close() {
        decode(ByteBuffer.wrap(pending), true);
        pending = new byte[0];
        decoder.reset();
    }

    private void decode(ByteBuffer in, boolean end) {
        CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
        decoder.decode(in, out, end);
        if (end) {
            decoder.flush(out);
        }
        if (out.flip().hasRemaining()) {
            text.accept(out.toString());
        }
    }
}
