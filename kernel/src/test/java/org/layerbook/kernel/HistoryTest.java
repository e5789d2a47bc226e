package org.layerbook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.dflib.jjava.jupyter.kernel.history.HistoryEntry;
import org.dflib.jjava.jupyter.kernel.history.HistoryManager.ResultFlag;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryTest {
    private final History history = new History();

    @BeforeEach
    void fill() {
        history.add(1, "FROM busybox", "");
        history.add(2, "RUN a", "a's result");
        history.add(3, "RUN b\nRUN c", "");
        history.add(4, "RUN a", "");
    }

    private static List<Integer> numbers(List<HistoryEntry> entries) {
        return entries.stream().map(HistoryEntry::getCellNumber).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "*, 1 2 3 4",
        "RUN*, 2 3 4",
        "RUN ?, 2 4",
        "*[bB]*, 1 3",
        "[^R]*, 1",
        "RUN, ''",
        "*RUN c, 3",
        "'RUN [a-b]', 2 4",
        "[, ''",
        "a.*, ''"
    })
    void aPatternIsSqlitesGlob(String pattern, String found) {
        assertEquals(
                found,
                String.join(
                        " ",
                        numbers(history.search(pattern, 9)).stream()
                                .map(String::valueOf)
                                .toList()));
    }

    @Test
    void theNewestOfEqualCellsIsKept() {
        assertEquals(List.of(3, 4), numbers(history.search("RUN*", 9, ResultFlag.UNIQUE)));
    }

    @Test
    void theTailIsInOrder() {
        assertEquals(List.of(3, 4), numbers(history.lookupTail(2)));
        assertEquals(List.of(1, 2, 3, 4), numbers(history.lookupTail(99)));
    }

    @Test
    void aRangeEndsBeforeItsStop() {
        assertEquals(List.of(2, 3), numbers(history.lookupRange(0, 2, 4)));
        assertEquals(List.of(2, 3), numbers(history.lookupRange(History.SESSION, 2, 4)));
        assertEquals(List.of(), numbers(history.lookupRange(-1, 2, 4)));
    }

    @Test
    void outputComesWhenAskedFor() {
        assertEquals(
                "a's result",
                history.lookupRange(0, 2, 3, ResultFlag.INCLUDE_OUTPUT)
                        .getFirst()
                        .getOutput());
        assertEquals(false, history.lookupRange(0, 2, 3).getFirst().hasOutput());
    }
}
