package org.layerbook.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.jline.utils.ScreenTerminal;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.Rendered;

class TerminalOutputTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private TerminalOutput on(Screen screen) {
        var stream = new PrintStream(out, false, StandardCharsets.UTF_8);
        var errors = screen.showsErrors() ? stream : new PrintStream(err, false, StandardCharsets.UTF_8);
        return new TerminalOutput(stream, errors, screen);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /** What a user sees, without the empty rest. */
    private String seen(int columns, int rows) {
        var terminal = new ScreenTerminal(columns, rows);
        // The line discipline of a real terminal turns newlines into both.
        terminal.write(printed().replace("\n", "\r\n"));
        return terminal.toString().stripTrailing().lines().map(String::stripTrailing).toList().stream()
                .reduce((a, b) -> a + "\n" + b)
                .orElse("");
    }

    @Nested
    class InAPipe {
        private final TerminalOutput output = on(FakeScreen.PIPE);

        @Test
        void textGoesThroughAsItIs() {
            output.stdout("no newline");
            output.settle();
            assertEquals("no newline", printed());
        }

        @Test
        void onlyTheLastFormOfWhatChangesIsPrintedBehindTheText() {
            CellOutput.Display display = output.live(Rendered.text("10 %"));
            output.stdout("text\n");
            display.update(Rendered.text("50 %"));
            display.update(Rendered.text("done"));
            output.settle();
            assertEquals("text\ndone\n", printed());
        }

        @Test
        void whatChangesLateIsPrintedAgain() {
            CellOutput.Display display = output.live(Rendered.text("half"));
            output.display(Rendered.text("result"));
            display.update(Rendered.text("whole"));
            output.settle();
            assertEquals("half\nresult\nwhole\n", printed());
        }

        @Test
        void aResultBeginsALineOfItsOwnAndHasNoColour() {
            output.stdout("text");
            output.display(ScriptedInterpreter.rich("result"));
            assertEquals("text\nresult\n", printed());
        }

        @Test
        void failuresGoToStandardError() {
            output.stdout("text\n");
            output.failure(new CellResult.Failed("X", "sentence", List.of("one", "two"), 1));
            assertEquals("text\n", printed());
            assertEquals("one\ntwo\n", err.toString(StandardCharsets.UTF_8));
        }

        @Test
        void nobodyLendsAPipe() {
            assertFalse(output.lendTerminal());
        }
    }

    @Nested
    class OnATerminal {
        private final TerminalOutput output = on(FakeScreen.TERMINAL);

        @Test
        void noHtmlIsPainted() {
            Rendered rendered = Rendered.text("table").with(Rendered.HTML, () -> fail("a terminal shows no HTML"));
            output.live(rendered).update(rendered);
            output.display(rendered);
            output.settle();
            assertEquals("table\ntable", seen(40, 10));
        }

        @Test
        void whatChangesStaysBelowTheText() {
            CellOutput.Display display = output.live(Rendered.text("table\n50 %"));
            output.stdout("one\ntw");
            output.stdout("o\nthree\n");
            assertEquals("one\ntwo\nthree\ntable\n50 %", seen(40, 10));
            display.update(Rendered.text("table\n100 %\nall"));
            output.settle();
            output.stdout("next\n");
            assertEquals("one\ntwo\nthree\ntable\n100 %\nall\nnext", seen(40, 10));
        }

        @Test
        void anUnfinishedLineGoesOnWhereItStood() {
            output.stdout("load");
            CellOutput.Display display = output.live(Rendered.text("table"));
            assertEquals("load\ntable", seen(40, 10));
            output.stdout("ing");
            display.update(Rendered.text("other"));
            output.stdout(" done\n");
            assertEquals("loading done\nother", seen(40, 10));
        }

        @Test
        void progressBarsWriteOverTheirLine() {
            output.live(Rendered.text("table"));
            output.stdout("10 %\r");
            output.stdout("20 %\r");
            output.stdout("30 %\n");
            output.settle();
            assertEquals("30 %\ntable", seen(40, 10));
        }

        @Test
        void errorsAndTextShareTheScreen() {
            output.live(Rendered.text("table"));
            output.stderr("warning\n");
            output.stdout("text\n");
            assertEquals("warning\ntext\ntable", seen(40, 10));
        }

        @Test
        void linesWiderThanTheScreenAreTakenAwayWhole() {
            CellOutput.Display display = output.live(Rendered.text("x".repeat(100)));
            display.update(Rendered.text("short"));
            assertEquals("short", seen(40, 10));
            output.stdout("日本語".repeat(10));
            output.stdout("日本語".repeat(10) + "\n");
            output.settle();
            assertEquals(
                    "日本語".repeat(20) + "\nshort",
                    seen(40, 10).replace("\n日", "日").replace("\n本", "本").replace("\n語", "語"));
        }

        @Test
        void moreThanAScreenShowsItsEndAndIsWholeInTheEnd() {
            String tall = String.join(
                    "\n",
                    IntStream.rangeClosed(1, 20).mapToObj(i -> "line " + i).toList());
            CellOutput.Display display = output.live(Rendered.text(tall));
            output.stdout("text\n");
            display.update(Rendered.text(tall));
            assertEquals(
                    String.join("\n", tall.lines().skip(11).toList()),
                    seen(40, 10),
                    "as much of the end as fits above the cursor");
            output.settle();
            String all = printed();
            assertTrue(all.contains("line 1\nline 2\nline 3\n"), "the whole table is in the scrollback in the end");
        }

        @Test
        void theNextThingBeginsALine() {
            output.stdout("no newline");
            output.settle();
            output.stdout("In [2]: ");
            assertEquals("no newline\nIn [2]:", seen(40, 10));
        }

        @Test
        void theKeyThatTheTerminalShowsDoesNotSpoilTheMessage() {
            output.stdout("working\n");
            output.keyShown("^C");
            output.failure(new CellResult.Failed("Interrupted", "interrupted", List.of(), 130));
            assertTrue(printed().endsWith("working\n\ninterrupted\n"), printed());
        }

        @Test
        void aLentTerminalIsLeftAloneUntilItIsBack() {
            output.live(Rendered.text("table"));
            assertTrue(output.lendTerminal());
            assertTrue(output.isLent());
            assertEquals("table", seen(40, 10));
            output.takeTerminalBack();
            assertFalse(output.isLent());
        }

        /** What is seen when a program has written to the terminal itself. */
        private String afterProgram(String text) {
            output.stdout("In [1]: !x\n");
            assertTrue(output.lendTerminal());
            out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            output.takeTerminalBack();
            output.settle();
            output.stdout("In [2]: ");
            return seen(40, 10);
        }

        @Test
        void whatAProgramHasWrittenStays() {
            assertEquals("In [1]: !x\nabc\nIn [2]:", afterProgram("abc"));
        }

        @Test
        void aProgramThatEndedItsLineLeavesNoEmptyOne() {
            assertEquals("In [1]: !x\nabc\nIn [2]:", afterProgram("abc\n"));
        }

        @Test
        void aProgramThatWroteNothingLeavesNothing() {
            assertEquals("In [1]: !x\nIn [2]:", afterProgram(""));
        }

        @Test
        void theLastLineOfTheScreenScrollsOnlyWhenItHasTo() {
            String lines = "line\n".repeat(12);
            assertEquals("line\n".repeat(8) + "end\nIn [2]:", afterProgram(lines + "end"));
            assertTrue(afterProgram(lines).endsWith("line\nline\nIn [2]:"), seen(40, 10));
        }
    }

    @Test
    void coloursAreForScreensThatHaveThem() {
        var output = on(new FakeScreen(true, true, 40, 10, InputStream.nullInputStream()));
        output.display(ScriptedInterpreter.rich("result"));
        output.failure(new CellResult.Failed("X", "sentence", List.of("one", "two"), 1));
        assertEquals("\u001b[1mresult\u001b[0m\n\u001b[31mone\u001b[0m\ntwo\n", printed());
    }
}
