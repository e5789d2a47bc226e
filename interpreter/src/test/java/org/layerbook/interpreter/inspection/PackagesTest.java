package org.layerbook.interpreter.inspection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PackagesTest {
    @Test
    void debiansListHasWhatIsInstalled() throws IOException {
        assertEquals(Map.of("curl", "7.88", "libc6", "2.36-9"), parse("""
                Package: curl
                Status: install ok installed
                Version: 7.88

                Package: gone
                Status: deinstall ok config-files
                Version: 1.0

                Package: libc6
                Status: install ok installed
                Conffiles:
                 /etc/ld.so.conf.d/x 1234
                Version: 2.36-9
                """));
    }

    @Test
    void alpinesListHasLettersForNames() throws IOException {
        assertEquals(
                Map.of("musl", "1.2.5-r0", "busybox", "1.36.1-r29"),
                parse("C:Q1abc\nP:musl\nV:1.2.5-r0\n\nP:busybox\nV:1.36.1-r29\nF:bin\n"));
    }

    @Test
    void anEmptyListHasNone() throws IOException {
        assertEquals(Map.of(), parse(""));
    }

    private static Map<String, String> parse(String list) throws IOException {
        return Packages.parse(new BufferedReader(new StringReader(list)));
    }
}
