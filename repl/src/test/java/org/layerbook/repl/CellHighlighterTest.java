package org.layerbook.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerbook.interpreter.session.Sessions;

class CellHighlighterTest {
    private static final Map<AttributedStyle, String> NAMES = Map.of(
            AttributedStyle.BOLD.foreground(208),
            "run",
            AttributedStyle.BOLD.foreground(AttributedStyle.BLUE),
            "copy",
            AttributedStyle.BOLD,
            "bold",
            AttributedStyle.BOLD.foreground(AttributedStyle.CYAN),
            "command",
            AttributedStyle.BOLD.foreground(AttributedStyle.MAGENTA),
            "magic",
            AttributedStyle.DEFAULT.faint(),
            "faint",
            AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN),
            "variable",
            AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN),
            "flag",
            AttributedStyle.DEFAULT.foreground(AttributedStyle.MAGENTA),
            "reference");

    private final CellHighlighter highlighter = new CellHighlighter(Sessions.parser());

    /** The text with the name of the style before what has one: {@code run(RUN) x}. */
    private String marked(String cell) {
        AttributedString styled = highlighter.highlight(null, cell);
        assertEquals(cell, styled.toString());
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < styled.length(); ) {
            int end = styled.runLimit(i);
            String text = cell.substring(i, end);
            String name = NAMES.get(styled.styleAt(i));
            parts.add(name == null ? text : name + "(" + text + ")");
            i = end;
        }
        return String.join("", parts);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            FROM busybox AS b           | bold(FROM) busybox AS b
            run echo $HOME              | run(run) echo variable($HOME)
            RUN                         | run(RUN)
            COPY --from=@base a ${B:-c} | copy(COPY) flag(--from)=@base a variable(${B:-c})
            add x y                     | copy(add) x y
            docker history @            | command(docker) history reference(@)
            docker run --rm @[3] sh     | command(docker) run flag(--rm) reference(@[3]) sh
            %undo 2                     | magic(%undo) 2
            !ls -l                      | magic(!)ls flag(-l)
            # a comment                 | faint(# a comment)
            COPY?                       | command(COPY?)
            curl x                      | curl x
            """)
    void eachKindOfEntryHasItsColours(String cell, String marked) {
        assertEquals(marked, marked(cell));
    }

    @Test
    void continuedLinesBeginNothing() {
        assertEquals(
                "run(RUN) a && \\\n  copy && \\\n  faint(# why)\n  FROM\nbold(ENV) A=variable($B)",
                marked("RUN a && \\\n  copy && \\\n  # why\n  FROM\nENV A=$B"));
    }

    @Test
    void theBodyOfAFileIsNotADockerfile() {
        assertEquals("magic(%%file) x.py\nRUN = 1\n# x", marked("%%file x.py\nRUN = 1\n# x"));
    }

    @Test
    void theBodyOfAnExpectedFailureIsACell() {
        assertEquals("magic(%%fails)\nrun(RUN) variable($X)\n", marked("%%fails\nRUN $X\n"));
    }

    @Test
    void anUnfinishedCellHasItsColoursToo() {
        assertEquals("run(RUN) <<EOF\necho variable($X)", marked("RUN <<EOF\necho $X"));
        assertEquals("run(RUN) flag(--mount)=", marked("RUN --mount="));
    }
}
