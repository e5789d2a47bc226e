package org.layerbook.engine.dockerfile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextEncodingTest {
    @ParameterizedTest
    @CsvSource({
        "UTF-16LE,true,UTF-16,UTF-16",
        "UTF-16BE,true,UTF-16,UTF-16",
        "UTF-16LE,false,UTF-16,UTF-16LE",
        "UTF-16BE,false,UTF-16,UTF-16BE",
        "UTF-32LE,true,UTF-32,UTF-32",
        "UTF-32BE,true,UTF-32,UTF-32"
    })
    void wideEncodings(String charset, boolean mark, String named, String iconv) {
        byte[] text = ((mark ? "\uFEFF" : "") + "FROM busybox\n").getBytes(Charset.forName(charset));
        assertEquals(
                Optional.of("it is " + named + " text, but must be UTF-8; convert it with: iconv -f " + iconv
                        + " -t UTF-8 d > d.utf8"),
                TextEncoding.problem(text, "d"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "F", "FROM a\n", "\uFEFFFROM a\n", "# ééé 図\nFROM a\n", "a\0b\0"})
    void textInUtf8(String text) {
        assertEquals(Optional.empty(), TextEncoding.problem(text.getBytes(StandardCharsets.UTF_8), "d"));
    }

    @Test
    void zerosAloneAreNoText() {
        assertEquals(Optional.empty(), TextEncoding.problem(new byte[100], "d"));
    }
}
