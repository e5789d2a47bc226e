package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.builder.plan.StageNames;

class StageNamesTest {
    private static final StageNames<Integer> NAMES = StageNames.of(
            List.of(0, 1, 2),
            index -> index,
            index -> List.of(Optional.of("Base"), Optional.<String>empty(), Optional.of("base"))
                    .get(index));

    @Test
    void theLastOfANameCountsInAnyCase() {
        assertEquals(Optional.of(2), NAMES.named("BASE"));
        assertEquals(Optional.empty(), NAMES.named("1"));
    }

    @Test
    void fromTakesANameAsItIsWritten() {
        assertEquals(Optional.of(2), NAMES.base("base"));
        assertEquals(Optional.empty(), NAMES.base("Base"));
    }

    @Test
    void aNumberIsAnIndexAsGoReadsIt() {
        for (String one : List.of("1", "+1", "01")) {
            assertEquals(Optional.of(1), NAMES.namedOrNumbered(one));
        }
        for (String none : List.of("3", "-1", "99999999999")) {
            assertEquals(Optional.empty(), NAMES.namedOrNumbered(none));
        }
    }

    /** A later stage of the name may be built already when the earlier one's child begins. */
    @Test
    void aFromSeesOnlyTheStagesAboveIt(@TempDir Path folder) throws Exception {
        try (var build = new TestBuild(folder)) {
            var state = build.cells("FROM scratch AS a", "FROM a AS b", "FROM scratch AS a");
            assertEquals(0, state.baseOf(state.stages().get(1)).orElseThrow().index());
            assertEquals(2, state.base("a", 3).orElseThrow().index());
        }
    }
}
