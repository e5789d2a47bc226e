package org.layerbook.engine.dockerfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.layerbook.engine.dockerfile.parse.DockerfileParser;
import org.layerbook.engine.dockerfile.parse.Snippet;

class SnippetTest {
    private static final String TEXT = "FROM alpine\nCOPY requirement.txt .\nRUN make \\\n    install\nCMD run\n";

    private static String render(String text, SourceRange range, String note, int around) {
        return Snippet.of(text, range, Optional.ofNullable(note), around).render();
    }

    @Test
    void aPlaceInALine() {
        assertEquals("""
                  2 │ COPY requirement.txt .
                    │      ^^^^^^^^^^^^^^^ did you mean requirements.txt?
                """, render(TEXT, new SourceRange(2, 6, 2, 21), "did you mean requirements.txt?", 0));
    }

    @Test
    void withTheLinesAroundIt() {
        assertEquals("""
                  1 │ FROM alpine
                > 2 │ COPY requirement.txt .
                    │ ^^^^
                  3 │ RUN make \\
                """, render(TEXT, new SourceRange(2, 1, 2, 5), null, 1));
    }

    @Test
    void severalLines() {
        assertEquals("""
                  2 │ COPY requirement.txt .
                > 3 │ RUN make \\
                    │ ^^^^^^^^^^ exit code 2
                > 4 │     install
                  5 │ CMD run
                """, render(TEXT, new SourceRange(3, 1, 4, 12), "exit code 2", 1));
    }

    @Test
    void numbersAreAligned() {
        String text = "RUN a\n".repeat(10);
        assertEquals("""
                   9 │ RUN a
                > 10 │ RUN a
                     │     ^
                """, render(text, new SourceRange(10, 5, 10, 6), null, 1));
    }

    @Test
    void tabsAndWideCharactersDoNotShiftTheCarets() {
        assertEquals("""
                  1 │ RUN    한글 x
                    │             ^ here
                """, render("RUN\t한글 x", new SourceRange(1, 8, 1, 9), "here", 0));
    }

    @Test
    void controlCharactersDoNotReachTheTerminal() {
        String shown = render("RUN \u001b[31mred\u0007\r\n", new SourceRange(1, 1, 1, 4), null, 0);
        assertEquals("  1 │ RUN \uFFFD[31mred\uFFFD\n    │ ^^^\n", shown);
    }

    @Test
    void aLongLineIsCutAroundThePlace() {
        String text = "RUN " + "x".repeat(500) + " HERE " + "y".repeat(500);
        String shown = render(text, new SourceRange(1, 506, 1, 510), "look", 0);
        String[] lines = shown.split("\n");
        assertTrue(lines[0].length() < 130, shown);
        int caret = lines[1].indexOf('^');
        assertEquals("HERE", lines[0].substring(caret, caret + 4));
        assertEquals("^^^^ look", lines[1].substring(caret));
    }

    @Test
    void aPlaceBehindTheEndHasACaretToo() {
        assertEquals("  1 │ RUN\n    │    ^\n", render("RUN", new SourceRange(1, 4, 1, 5), null, 0));
        assertEquals("", render("", new SourceRange(1, 1, 1, 2), null, 0));
    }

    @Test
    void aDiagnosticBringsItsHint() throws DockerfileException {
        try {
            DockerfileParser.parse("FROM a\nEXPOSE\n");
        } catch (DockerfileException e) {
            assertEquals("""
                      2 │ EXPOSE
                        │ ^^^^^^ EXPOSE 8080 or EXPOSE 53/udp
                    """, Snippet.of("FROM a\nEXPOSE\n", e.diagnostic(), 0).render());
        }
    }
}
