package org.layerbook.engine.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ReferenceTest {
    static List<String[]> dockersVerdicts() throws IOException {
        try (var in = ReferenceTest.class.getResourceAsStream("/oci/references.tsv")) {
            return Arrays.stream(new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n"))
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", 2))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("dockersVerdicts")
    void saysWhatDockerSays(String reference, String verdict) {
        if (verdict.equals("ok")) {
            Reference parsed = Reference.parse(reference);
            assertEquals(parsed, Reference.parse(parsed.toString()));
            assertEquals(parsed, Reference.parse(parsed.familiar()));
        } else {
            var e = assertThrows(IllegalArgumentException.class, () -> Reference.parse(reference));
            assertEquals(verdict, e.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "busybox, docker.io/library/busybox, busybox",
        "busybox:1, docker.io/library/busybox:1, busybox:1",
        "me/app, docker.io/me/app, me/app",
        "docker.io/busybox, docker.io/library/busybox, busybox",
        "index.docker.io/busybox:x, docker.io/library/busybox:x, busybox:x",
        "docker.io/library/a/b, docker.io/library/a/b, library/a/b",
        "localhost/x, localhost/x, localhost/x",
        "localhost:5000/x:1, localhost:5000/x:1, localhost:5000/x:1",
        "UPPER/x, UPPER/x, UPPER/x",
        "a.b:1, docker.io/library/a.b:1, a.b:1",
        "foo_bar.com/x, foo_bar.com/x, foo_bar.com/x",
        "[::1]:5000/x, [::1]:5000/x, [::1]:5000/x",
    })
    void spellsOutAndAbbreviates(String typed, String whole, String familiar) {
        Reference reference = Reference.parse(typed);
        assertEquals(whole, reference.toString());
        assertEquals(familiar, reference.familiar());
    }

    @Test
    void defaultsToLatest() {
        String digest = "@sha256:" + "a".repeat(64);
        assertEquals("busybox:latest", Reference.parse("busybox").tagged().familiar());
        assertEquals("busybox:1", Reference.parse("busybox:1").tagged().familiar());
        assertEquals(
                "busybox" + digest, Reference.parse("busybox" + digest).tagged().familiar());
        assertEquals("a:1" + digest, Reference.parse("a:1" + digest).familiar());
    }

    @Test
    void anyTextIsTakenOrRefusedInDockersWords() {
        var random = new Random(42);
        String alphabet = "aB0._-/:@[]é \n%";
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                Reference parsed = Reference.parse(text.toString());
                assertEquals(parsed, Reference.parse(parsed.familiar()), text::toString);
            } catch (IllegalArgumentException e) {
                assertEquals(true, e.getMessage().startsWith("invalid reference format"), text + ": " + e.getMessage());
            }
        }
    }

    @Test
    void aHugeTextIsRefusedQuickly() {
        assertThrows(IllegalArgumentException.class, () -> Reference.parse("a/".repeat(1_000_000)));
        assertThrows(IllegalArgumentException.class, () -> Reference.parse("a-".repeat(500)));
    }
}
