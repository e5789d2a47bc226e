package org.layerbook.engine.dockerfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerbook.engine.dockerfile.expand.ExpansionException;
import org.layerbook.engine.dockerfile.expand.WordExpander;
import org.layerbook.engine.golang.GoText;

class WordExpanderTest {
    private static final Map<String, String> VARIABLES = Map.of(
            "NAME", "value",
            "EMPTY", "",
            "PATHS", "/usr/bin:/usr/local/bin:/bin",
            "FILE", "archive.tar.gz",
            "SPACED", " two  words ",
            "STARS", "a*b*c",
            "LINES", "one\ntwo",
            "한글", "글");
    private static final WordExpander EXPANDER = new WordExpander('\\');

    static Stream<List<String>> words() {
        return Tables.rows("words.txt");
    }

    @ParameterizedTest
    @MethodSource("words")
    void expandsEachWordOfTheTable(List<String> row) throws ExpansionException {
        String text = row.get(0);
        String expected = row.get(1);
        if (expected.startsWith("error: ")) {
            var failure = assertThrows(ExpansionException.class, () -> EXPANDER.word(text, VARIABLES));
            assertEquals(
                    "failed to process " + GoText.quote(text) + ": " + expected.substring(7), failure.getMessage());
        } else {
            assertEquals(
                    expected.replace("␠", " ").replace("⏎", "\n").replace("∅", ""), EXPANDER.word(text, VARIABLES));
        }
    }

    static Stream<List<String>> lists() {
        return Tables.rows("word-lists.txt");
    }

    @ParameterizedTest
    @MethodSource("lists")
    void splitsAtSpacesThatNothingProtects(List<String> row) throws ExpansionException {
        List<String> expected = row.subList(1, row.size()).stream()
                .map(word -> word.replace("␠", " "))
                .filter(word -> !word.equals("∅"))
                .toList();
        assertEquals(expected, EXPANDER.words(row.get(0), VARIABLES));
    }

    @Test
    void tellsWhichVariablesWereSetAndWhichNot() throws ExpansionException {
        var found = EXPANDER.expand(
                "$NAME '$QUOTED' \\$ESCAPED ${MISSING:-${OTHER-$EMPTY}} ${NAME:+x} $NAME",
                WordExpander.Variables.of(VARIABLES));
        assertEquals(new LinkedHashSet<>(List.of("NAME", "EMPTY")), found.used());
        assertEquals(List.of("NAME", "EMPTY"), List.copyOf(found.used()));
        assertEquals(Set.of("OTHER", "MISSING"), found.undefined());
    }

    @Test
    void theBacktickEscapesWhereADirectiveSaysSo() throws ExpansionException {
        var expander = new WordExpander('`');
        assertEquals("c:\\dir $NAME", expander.word("c:\\dir `$NAME", VARIABLES));
        assertEquals("a\"b", expander.word("\"a`\"b\"", VARIABLES));
    }

    @Test
    void quotesCanGoWithoutExpansion() throws ExpansionException {
        assertEquals("a $NAME ${X:-y} b c", EXPANDER.unquote("'a' $NAME \"${X:-y}\" b\\ c"));
    }

    @Test
    void aHeredocBodyHasNoQuotes() throws ExpansionException {
        assertEquals("it's \"value\" $NAME", WordExpander.forHeredocBodies().word("it's \"$NAME\" \\$NAME", VARIABLES));
    }

    @Test
    void nestingHasAnEnd() {
        String deep = "${A:-".repeat(20_000) + "}".repeat(20_000);
        assertThrows(ExpansionException.class, () -> EXPANDER.word(deep, VARIABLES));
    }
}
