package org.layerbook.engine.golang;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Go's texts, as Go's own strconv, fmt and units packages give them. */
class GoTextTest {
    @Test
    void quotes() {
        assertEquals("\"a\\u00a0b\\u200bc\"", GoText.quote("a\u00a0b\u200bc"));
        assertEquals("\"'\\\"\\\\\\x01\\t\\ufeff\"", GoText.quote("'\"\\\u0001\t\ufeff"));
        assertEquals("'\\''", GoText.quoteRune('\''));
        assertEquals("'\"'", GoText.quoteRune('"'));
        assertEquals("U+0040 '@'", GoText.unicode('@'));
        assertEquals("U+200B", GoText.unicode(0x200b));
    }

    @Test
    void quotesJson() {
        var out = new StringBuilder();
        GoJson.quote(out, "<\ud800\u2028\"", false);
        GoJson.quote(out, "<&", true);
        assertEquals("\"<\\ufffd\\u2028\\\"\"\"\\u003c\\u0026\"", out.toString());
    }

    @ParameterizedTest
    @CsvSource({
        ".5g, 536870912",
        "1.5 GiB, 1610612736",
        "64m, 67108864",
        "+1k, 1024",
        "1., 1",
        "b, -1",
        "1e3, -1",
        "-1, -1"
    })
    void sizes(String text, long bytes) {
        assertEquals(bytes < 0 ? Optional.empty() : Optional.of(bytes), ByteSize.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"build, bulid, 2, 1", "run, run, 0, 0", "'', abc, 3, 3", "label, table, 3, 2"})
    void editDistances(String one, String other, int plain, int withSwaps) {
        assertEquals(plain, EditDistance.between(one, other));
        assertEquals(withSwaps, EditDistance.withSwaps(one, other));
    }
}
