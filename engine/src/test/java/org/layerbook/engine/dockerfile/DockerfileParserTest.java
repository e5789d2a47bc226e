package org.layerbook.engine.dockerfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerbook.engine.dockerfile.Instruction.CommandLine;
import org.layerbook.engine.dockerfile.parse.Completeness;
import org.layerbook.engine.dockerfile.parse.DockerfileParser;

class DockerfileParserTest {
    static List<Path> goldenFolders() {
        return Tables.goldenFolders();
    }

    /** Run with {@code -Dgolden.update=true} to write what is read now; then look at the difference. */
    @ParameterizedTest
    @MethodSource("goldenFolders")
    void readsEachGoldenDockerfile(Path folder) throws DockerfileException, IOException {
        Dockerfile dockerfile = DockerfileParser.parse(Tables.readFile(folder.resolve("Dockerfile")));
        String read = "escape " + dockerfile.escape()
                + dockerfile.syntax().map(syntax -> ", syntax " + syntax).orElse("")
                + dockerfile.check().map(check -> ", check " + check).orElse("")
                + "\n"
                + InstructionDump.of(dockerfile.instructions());
        Path expected = folder.resolve("instructions.txt");
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(expected, read);
        }
        assertEquals(Tables.readFile(expected), read);
    }

    static Stream<String> faults() {
        return Tables.cases("errors.txt");
    }

    @ParameterizedTest
    @MethodSource("faults")
    void saysWhatIsWrongAndWhere(String fault) {
        int arrow = fault.lastIndexOf("\n=> ");
        String text = fault.substring(0, arrow + 1);
        var failure = assertThrows(DockerfileException.class, () -> DockerfileParser.parse(text));
        Diagnostic found = failure.diagnostic();
        assertEquals(fault.substring(arrow + 4).strip(), InstructionDump.of(found.range()) + " " + found.message());
        assertTrue(found.hint().isPresent() || found.message().contains("did you mean"), "no hint");
    }

    @Test
    void carriageReturnsAndAByteOrderMarkAreNoPartOfTheText() throws DockerfileException {
        Dockerfile dockerfile =
                DockerfileParser.parse("\uFEFF#escape=`\r\nFROM a\r\nRUN b `\r\n  c\r\nCOPY <<E /\r\nx\r\nE\r\n");
        assertEquals("""
                2:1-2:7 FROM image="a"
                3:1-4:4 RUN command=(Shell line="b   c")
                5:1-7:2 COPY sources=(Sources heredocs=[(Heredoc delimiter="E" expand=true content="x\\r\\n")])\
                 destination="/"
                """, InstructionDump.of(dockerfile.instructions()));
        assertEquals("RUN b `\r\n  c", dockerfile.instructions().get(1).origin().original());
    }

    @Test
    void theFirstColumnStandsBehindAByteOrderMark() throws DockerfileException {
        var from = DockerfileParser.parse("\uFEFFFROM a").instructions().getFirst();
        assertEquals(new SourceRange(1, 2, 1, 8), from.origin().range());
        assertEquals("FROM a", from.origin().original());
    }

    @Test
    void instructionsWithoutAFromAreReadWhenTheyAreNoFile() throws DockerfileException {
        assertEquals(
                "1:1-1:6 RUN command=(Shell line=\"a\")\n2:1-2:7 USER user=\"b\"\n",
                InstructionDump.of(
                        DockerfileParser.parseInstructions("RUN a\nUSER b").instructions()));
        assertEquals(
                List.of(), DockerfileParser.parseInstructions("# nothing\n").instructions());
    }

    @Test
    void rangesCountFromWhereTheTextStands() throws DockerfileException {
        var options = DockerfileParser.Options.INSTRUCTIONS.startingAt(10).withEscape('`');
        var run = DockerfileParser.parse("RUN a `\nb", options).instructions().getFirst();
        assertEquals(new SourceRange(10, 1, 11, 2), run.origin().range());
        assertEquals('`', run.origin().escape());
        var failure = assertThrows(DockerfileException.class, () -> DockerfileParser.parse("\nRUNN a", options));
        assertEquals(new SourceRange(11, 1, 11, 5), failure.diagnostic().range());
    }

    @Test
    void aTriggerIsOneInstruction() throws DockerfileException {
        assertEquals(
                "1:1-1:9 COPY sources=(Sources paths=[\".\"]) destination=\"/\"",
                InstructionDump.of(DockerfileParser.parseTrigger("COPY . /")));
        assertThrows(DockerfileException.class, () -> DockerfileParser.parseTrigger("RUN a\nRUN b"));
        assertThrows(DockerfileException.class, () -> DockerfileParser.parseTrigger(""));
    }

    @Test
    void tabsStripOnlyWhereTheMarkerSaysSo() throws DockerfileException {
        var run = (Instruction.Run) DockerfileParser.parseInstructions("RUN <<-A cat <<B\n\t\ta\n\tA\n\tb\nB")
                .instructions()
                .getFirst();
        var heredocs = ((CommandLine.Shell) run.command()).heredocs();
        assertEquals(
                List.of("a\n", "\tb\n"),
                heredocs.stream().map(Instruction.Heredoc::text).toList());
        assertEquals("\t\ta\n", heredocs.getFirst().content());
    }

    @Test
    void linesLongerThanBuildKitReadsAreRefused() throws DockerfileException {
        String longest = "RUN " + "a".repeat(65_535 - 4);
        DockerfileParser.parseInstructions(longest);
        var failure =
                assertThrows(DockerfileException.class, () -> DockerfileParser.parseInstructions(longest + "a\nRUN b"));
        assertEquals("dockerfile line greater than max allowed size of 65535", failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RUN a | COMPLETE",
                "'' | COMPLETE",
                "# comment | COMPLETE",
                "RUN a \\ | INCOMPLETE",
                "RUN a \\⏎ | INCOMPLETE",
                "RUN a \\⏎# comment⏎ | INCOMPLETE",
                "RUN a \\⏎  b | COMPLETE",
                "RUN a \\\\ | COMPLETE",
                "RUN <<EOF⏎a | INCOMPLETE",
                "RUN <<EOF⏎a⏎EOF | COMPLETE",
                "COPY <<A <<B /⏎A⏎ | INCOMPLETE",
                "RUN [\"a\", \"<<B\"] | COMPLETE",
                "RUNN a | INVALID",
                "ENV a | INVALID",
                "ENV a \\ | INCOMPLETE",
                "RUNN a \\ | INCOMPLETE",
                "# escape=`⏎RUN a ` | INCOMPLETE",
                "# escape=`⏎RUN a \\ | COMPLETE",
                "# escape=x⏎RUN a | INVALID"
            })
    void completeness(String text, Completeness expected) {
        assertEquals(expected, DockerfileParser.completeness(text.replace('⏎', '\n')));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RUN a⏎RUN b | 1",
                "# c⏎⏎RUN a⏎RUN b | 3",
                "RUN a \\⏎⏎b⏎RUN c | 3",
                "COPY <<E /⏎x⏎E⏎RUN b | 3",
                "ENV broken⏎RUN b | 1",
                "docker ps \\⏎-a⏎RUN b | 2"
            })
    void anInstructionReachesOverItsContinuations(String text, int lines) {
        assertEquals(
                lines,
                DockerfileParser.firstInstruction(text.replace('⏎', '\n'), '\\').lines());
    }

    @Test
    void flagsAndDirectivesAreKept() throws DockerfileException {
        Dockerfile dockerfile = DockerfileParser.parse("# syntax=docker/dockerfile:1\n# check=skip=all\nFROM a");
        assertEquals(Optional.of("docker/dockerfile:1"), dockerfile.syntax());
        assertEquals(Optional.of("skip=all"), dockerfile.check());
        assertEquals('\\', dockerfile.escape());
    }
}
