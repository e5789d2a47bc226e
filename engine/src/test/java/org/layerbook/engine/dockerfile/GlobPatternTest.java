package org.layerbook.engine.dockerfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerbook.engine.golang.GlobPattern;

class GlobPatternTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "abc | abc | true",
                "abc | abcd | false",
                "* | '' | true",
                "* | a/b | false",
                "*.txt | a.txt | true",
                "*.txt | .txt | true",
                "*.txt | a.txt.gz | false",
                "a*b*c | aXbYbZc | true",
                "a*b*c | aXbYbZ | false",
                "a*/b | axx/b | true",
                "a*/b | a/x/b | false",
                "*/* | a/b | true",
                "?x | ax | true",
                "? | / | false",
                "? | '' | false",
                "[a-c]1 | b1 | true",
                "[a-c]1 | d1 | false",
                "[^a-c]1 | d1 | true",
                "[^a-c]1 | a1 | false",
                "[\\]]x | ]x | true",
                "[a\\-c]x | -x | true",
                "[a\\-c]x | bx | false",
                "\\*a | *a | true",
                "\\*a | ba | false",
                "[é-ü] | ö | true",
                "? | 😀 | true",
                "**/b | a/b | true",
                "**/b | a/a/b | false"
            })
    void matches(String pattern, String name, boolean expected) {
        assertEquals(expected, GlobPattern.compile(pattern).matches(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "[]", "[]a]", "[a", "[a-", "[a-]", "[-]", "[^", "[^]", "a\\", "[\\", "x[a-b-c]"})
    void refusesWhatIsNoPattern(String pattern) {
        assertThrows(IllegalArgumentException.class, () -> GlobPattern.compile(pattern));
    }

    @Test
    void manyStarsTakeNoTime() {
        assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertEquals(
                        false, GlobPattern.compile("*a".repeat(40) + "b").matches("a".repeat(4_000))));
    }
}
