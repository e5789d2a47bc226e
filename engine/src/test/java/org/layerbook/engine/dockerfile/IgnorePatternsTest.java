package org.layerbook.engine.dockerfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IgnorePatternsTest {
    static Stream<List<String>> table() {
        return Tables.rows("ignore.txt");
    }

    @ParameterizedTest
    @MethodSource("table")
    void hidesWhatTheTableSays(List<String> row) {
        IgnorePatterns patterns = IgnorePatterns.parse(row.get(0).replace(" ; ", "\n"));
        String hidden = patterns.hiddenBy(row.get(1))
                .map(rule -> rule.line() + " " + rule.text())
                .orElse("-");
        assertEquals(row.get(2), hidden);
        assertEquals(!hidden.equals("-"), patterns.ignores(row.get(1)));
    }

    @Test
    void readsAFileAsItIsWritten() {
        IgnorePatterns patterns =
                IgnorePatterns.parse("\uFEFF# comment\r\n\r\n  /build/  \r\n!  build/keep \r\n # name\n");
        assertEquals(Optional.of(new IgnorePatterns.Rule(3, "/build/")), patterns.hiddenBy("build/a"));
        assertFalse(patterns.ignores("build/keep"));
        assertTrue(patterns.ignores("# name"), "only a line that begins with # is a comment");
        assertFalse(patterns.ignores("# comment"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\n!", "a\n!  ", "x[", "[]", "[a-]", "a\\", "[\\"})
    void refusesWhatIsNoRule(String file) {
        var failure = assertThrows(IllegalArgumentException.class, () -> IgnorePatterns.parse(file));
        assertTrue(failure.getMessage().contains("(line "), failure.getMessage());
    }

    @Test
    void aWalkGoesIntoAnIgnoredFolderOnlyWhereSomethingMayBeKept() {
        IgnorePatterns patterns = IgnorePatterns.of(List.of("docs", "out", "!docs/api/*.md", "!**/README"));
        IgnorePatterns.Walk docs = patterns.walk().child("docs");
        assertTrue(docs.ignored());
        assertTrue(docs.mayHoldOthers("docs"));
        assertFalse(docs.child("docs/api").child("docs/api/x.md").ignored());

        IgnorePatterns narrow = IgnorePatterns.of(List.of("docs", "out", "!docs/api/*.md"));
        assertTrue(narrow.walk().child("docs").mayHoldOthers("docs"));
        assertFalse(narrow.walk().child("out").mayHoldOthers("out"));
        assertFalse(narrow.walk().child("docs").child("docs/old").mayHoldOthers("docs/old"));
        assertTrue(narrow.walk().child("src").mayHoldOthers("src"));
    }

    @Test
    void aWalkForgetsWhatTookBackAFolderThatNothingHid() {
        IgnorePatterns patterns = IgnorePatterns.of(List.of("**/*.t*", "!x"));
        assertFalse(patterns.ignores("x/a.t"));
        IgnorePatterns.Walk inside = patterns.walk().child("x").child("x/a.t");
        assertEquals(Optional.of(new IgnorePatterns.Rule(1, "**/*.t*")), inside.hiddenBy());
    }

    @Test
    void aWalkNeverPassesBySomethingThatIsKept() {
        var random = new Random(42);
        for (int round = 0; round < 2_000; round++) {
            List<String> rules = new ArrayList<>();
            for (int rule = random.nextInt(4); rule >= 0; rule--) {
                rules.add((random.nextBoolean() ? "!" : "") + randomPattern(random));
            }
            IgnorePatterns patterns = IgnorePatterns.of(rules);
            walk(patterns, patterns.walk(), "", rules);
        }
    }

    /** All paths of three letters deep: where the walk would not enter, everything below has to be ignored. */
    private static boolean walk(IgnorePatterns patterns, IgnorePatterns.Walk state, String folder, List<String> rules) {
        boolean holdsOthers = false;
        for (String name : List.of("a", "b", "ab")) {
            String path = folder + name;
            IgnorePatterns.Walk child = state.child(path);
            boolean below = path.chars().filter(c -> c == '/').count() < 2 && walk(patterns, child, path + "/", rules);
            if (below) {
                assertTrue(child.mayHoldOthers(path), () -> rules + " hide something kept in " + path);
            }
            holdsOthers |= below || !child.ignored();
        }
        return holdsOthers;
    }

    private static String randomPattern(Random random) {
        List<String> elements = List.of("a", "b", "ab", "*", "**", "a*", "?b", "[ab]");
        var pattern = new StringBuilder(elements.get(random.nextInt(elements.size())));
        while (random.nextInt(2) == 0) {
            pattern.append('/').append(elements.get(random.nextInt(elements.size())));
        }
        return pattern.toString();
    }
}
