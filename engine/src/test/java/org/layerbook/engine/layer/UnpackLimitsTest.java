package org.layerbook.engine.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnpackLimitsTest {
    @ParameterizedTest
    @CsvSource({"200,200", "200g,214748364800", "1K,1024", "3MiB,3145728", "2t,2199023255552"})
    void theUserSetsThem(String text, long bytes) {
        var limits = UnpackLimits.of(Map.of("LAYERBOOK_MAX_UNPACKED", text, "LAYERBOOK_MAX_UNPACK_RATIO", "7"));
        assertEquals(bytes, limits.maxBytes());
        assertEquals(7, limits.maxRatio());
        assertEquals(UnpackLimits.DEFAULT.maxEntries(), limits.maxEntries());
    }

    @Test
    void nothingSaidIsTheDefault() {
        assertEquals(UnpackLimits.DEFAULT, UnpackLimits.of(Map.of("LAYERBOOK_MAX_UNPACKED", "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lots", "-1", "0", "1x"})
    void whatIsNoSizeIsSaid(String text) {
        var e = assertThrows(
                IllegalArgumentException.class, () -> UnpackLimits.of(Map.of("LAYERBOOK_MAX_UNPACKED", text)));
        assertEquals("invalid LAYERBOOK_MAX_UNPACKED: " + text + " (expected a size such as 200g)", e.getMessage());
    }
}
