package org.layerbook.interpreter.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextSinkTest {
    private final List<String> written = new ArrayList<>();
    private final TextSink sink = new TextSink(written::add);

    @Test
    void putsCharactersTogetherThatComeInPieces() {
        byte[] bytes = "aé€\uD83D\uDE00z".getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
            sink.write(b);
        }
        sink.close();
        assertEquals(List.of("a", "é", "€", "\uD83D\uDE00", "z"), written);
    }

    @Test
    void handsWholeTextOnAtOnce() {
        byte[] bytes = "one\rtwo é".getBytes(StandardCharsets.UTF_8);
        sink.write(bytes, 0, bytes.length);
        assertEquals(List.of("one\rtwo é"), written);
    }

    @Test
    void showsWhatIsNoUtf8() {
        sink.write(new byte[] {'a', (byte) 0xff, 'b', (byte) 0xe2, (byte) 0x82}, 0, 5);
        sink.close();
        assertEquals("a\uFFFDb\uFFFD", String.join("", written));
    }
}
