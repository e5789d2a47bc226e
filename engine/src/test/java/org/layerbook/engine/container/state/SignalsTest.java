package org.layerbook.engine.container.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalsTest {
    @ParameterizedTest
    @CsvSource({
        "SIGTERM,15",
        "term,15",
        "HUP,1",
        "9,9",
        "SIGSYS,31",
        "IOT,6",
        "POLL,29",
        "RTMIN,34",
        "SIGRTMIN+3,37",
        "RTMAX-1,63",
        "99,99"
    })
    void isFoundByNameAndNumber(String text, int number) {
        assertEquals(OptionalInt.of(number), Signals.number(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "NOSUCH", "SIG", "-9", "RTMIN+40", "RTMAX-40", "SIGSIGTERM"})
    void isNone(String text) {
        assertEquals(OptionalInt.empty(), Signals.number(text));
    }

    @Test
    void linuxHasNotEveryNumber() {
        assertTrue(Signals.exists(31));
        assertFalse(Signals.exists(32));
        assertTrue(Signals.exists(64));
        assertFalse(Signals.exists(99));
    }
}
