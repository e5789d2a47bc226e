package org.layerbook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodePointsTest {
    @ParameterizedTest
    @CsvSource({
        "RUN, 0, 0",
        "RUN, 2, 2",
        "RUN, 3, 3",
        "RUN, 9, 3",
        "RUN, -1, 0",
        "é a, 1, 1",
        "a😀b, 1, 1",
        "a😀b, 2, 3",
        "a😀b, 3, 4",
        "😀😀, 1, 2"
    })
    void positionsBecomeUnits(String text, int codePoints, int units) {
        assertEquals(units, CodePoints.toUtf16(text, codePoints));
    }

    @ParameterizedTest
    @CsvSource({"RUN, 2, 2", "a😀b, 3, 2", "a😀b, 4, 3", "a😀b, 99, 3", "😀😀, 4, 2"})
    void unitsBecomePositions(String text, int units, int codePoints) {
        assertEquals(codePoints, CodePoints.fromUtf16(text, units));
    }
}
