package org.layerbook.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ScreenTextTest {
    private static final Map<String, Integer> WIDTHS = Map.of(
            "", 0,
            "abc", 3,
            "日本", 4,
            "e\u0301", 1,
            "\u001b[1;31mred\u001b[0m", 3,
            "\u001b]0;title\u0007x", 1,
            "a\tb", 9,
            "12345678\tb", 17,
            "long text\rab", 9,
            "ab\bc", 2);

    @Test
    void widthIsWhatTheScreenShows() {
        WIDTHS.forEach((text, width) -> assertEquals(width, ScreenText.width(text), text));
    }

    @Test
    void rowsAreWhatALineWrapsTo() {
        assertEquals(1, ScreenText.rows("", 10));
        assertEquals(1, ScreenText.rows("x".repeat(10), 10));
        assertEquals(2, ScreenText.rows("x".repeat(11), 10));
        assertEquals(3, ScreenText.rows("日".repeat(11), 10));
    }
}
