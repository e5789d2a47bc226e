package org.layerbook.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class IdentityTest {
    @Test
    void theSameIdsAreTheSameHoweverTheyAreGiven() {
        assertEquals("0 0 4294967295", Identity.map(List.of("         0          0          1", " 1 1 4294967294")));
        assertEquals("0 1000 1\n1 100000 65536", Identity.map(List.of("0 1000 1", "1 100000 65536")));
        assertEquals("0 5 3", Identity.map(List.of("0 5 1", "1 6 1", "2 7 1")));
    }
}
