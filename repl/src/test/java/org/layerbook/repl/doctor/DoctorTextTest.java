package org.layerbook.repl.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class DoctorTextTest {
    @Test
    void findingsAreAlignedAndWrapped() {
        String text = new DoctorText(44, false)
                .of(List.of(
                        Finding.good("runtime", "runc 1.1.5"),
                        Finding.weak(
                                "AOT cache",
                                "not in use: every start takes longer than it should",
                                "Make it with ./install and be quick again."),
                        Finding.absent("VS Code", "not found")));
        assertEquals("""
                ✓ runtime    runc 1.1.5
                ! AOT cache  not in use: every start takes
                             longer than it should
                             · Make it with ./install and be
                               quick again.
                – VS Code    not found

                Layerbook works, with limitations: see !.
                """, text);
    }

    @Test
    void theLastLineSaysHowItStands() {
        var painter = new DoctorText(80, false);
        assertTrue(painter.of(List.of(Finding.good("a", "b"))).endsWith("\n\nLayerbook works.\n"));
        assertTrue(painter.of(List.of(Finding.weak("a", "b"), Finding.broken("c", "d")))
                .endsWith("\n\nSomething is broken: see ✗.\n"));
    }

    @Test
    void coloursNeverStandAlone() {
        assertEquals(
                "\u001b[31m✗\u001b[0m store  gone\n\nSomething is broken: see ✗.\n",
                new DoctorText(80, true).of(List.of(Finding.broken("store", "gone"))));
    }
}
