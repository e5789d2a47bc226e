package org.layerbook.interpreter.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputLinesTest {
    @Test
    void charactersCutApartBetweenTwoWritesAreWhole() {
        var output = new OutputLines(10);
        var all = new ArrayList<String>();
        for (byte b : "größe\n".getBytes(StandardCharsets.UTF_8)) {
            all.addAll(output.add(new byte[] {b}));
        }
        assertEquals(List.of("größe"), all);
        assertEquals(List.of("a"), output.add("a\nb"));
        assertEquals(List.of("größe", "a", "b"), output.last(5));
        assertEquals(List.of("b"), output.end());
        assertEquals(3, output.count());
    }

    @ParameterizedTest
    @CsvSource({"10%←50%↵, 50%", "50%←↵, 50%", "50%←←↵, 50%", "a↵↵ ↵, a", "a↵b, a|b", "←a↵, a"})
    void showsWhatStandsOnAScreen(String text, String lines) {
        var output = new OutputLines(10);
        output.add(text.replace('←', '\r').replace('↵', '\n'));
        assertEquals(lines, String.join("|", output.last(10)));
    }

    @Test
    void aLineIsWhatWasWrittenOverItLast() {
        var output = new OutputLines(2);
        output.add("one\ntwo\nper");
        output.add("cent 1\rpercent 2\r");
        assertEquals(List.of("two", "percent 2"), output.last(2));
        output.add("\n\n");
        assertEquals(List.of("percent 2"), output.last(2));
    }

    @Test
    void keepsTheLastLinesAndTheBeginningOfALongOne() {
        var output = new OutputLines(2);
        output.add("1\n2\n3\n" + "x".repeat(10_000));
        assertEquals(List.of("2", "3"), output.kept());
        assertEquals(List.of("3", "x".repeat(4_000)), output.last(2));
        assertEquals(3, output.count());
    }
}
