package org.layerbook.interpreter.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.dockerfile.parse.Completeness;

class CellParserTest {
    private static final Vocabulary VOCABULARY = new Vocabulary(
            Set.of("new", "undo", "stages", "cd", "pwd", "ls", "env", "time", "lsmagic", "context"),
            Map.of(
                    "bash", Vocabulary.Body.SHELL,
                    "!", Vocabulary.Body.SHELL,
                    "file", Vocabulary.Body.TEXT,
                    "writefile", Vocabulary.Body.TEXT,
                    "dockerfile", Vocabulary.Body.DOCKERFILE,
                    "fails", Vocabulary.Body.CELL,
                    "time", Vocabulary.Body.CELL),
            Set.of("build", "images", "run", "ps", "history", "image"));
    private static final CellParser PARSER = new CellParser(VOCABULARY);

    private static final Path TABLE = Path.of("src/test/resources/cells/cells.txt");

    private record Case(String title, String cell, String expected) {
        static List<Case> read() throws IOException {
            return Stream.of(Files.readString(TABLE).split("(?m)^=== "))
                    .filter(s -> !s.isBlank())
                    .map(section -> {
                        String[] titled = section.split("\n", 2);
                        String[] parts = titled[1].split("(?m)^---\n", 2);
                        return new Case(titled[0], parts[0].stripTrailing(), parts[1].strip());
                    })
                    .toList();
        }
    }

    /**
     * {@code cells.txt}: a title, a cell, its entries with their places. With {@code -Dgolden.update=true} the entries are
     * written anew.
     */
    @TestFactory
    Stream<DynamicTest> table() throws IOException {
        List<Case> cases = Case.read();
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(
                    TABLE,
                    cases.stream()
                            .map(c -> "=== " + c.title() + "\n" + c.cell() + "\n---\n"
                                    + describe(PARSER.parse(c.cell())) + "\n")
                            .collect(Collectors.joining("\n")));
        }
        return cases.stream()
                .map(c -> DynamicTest.dynamicTest(
                        c.title(), () -> assertEquals(c.expected(), describe(PARSER.parse(c.cell())))));
    }

    private static String describe(Cell cell) {
        String entries = cell.entries().stream().map(CellParserTest::describe).collect(Collectors.joining("\n"));
        return cell.completeness() == Completeness.COMPLETE ? entries : entries + "\n" + cell.completeness();
    }

    private static String describe(Entry entry) {
        String place = place(entry.range()) + " ";
        return place
                + switch (entry) {
                    case Entry.Instruction i ->
                        i.instruction().keyword() + (i.beforeFrom() ? " before FROM" : "") + " at "
                                + place(i.instruction().origin().range());
                    case Entry.DockerCommand d ->
                        "docker " + ShellWord.expand(d.words(), Map.of("V", "a b", "HOME", "/home/me"))
                                + (d.goesOn() ? " and goes on" : "");
                    case Entry.ShellForm s -> "shell " + oneLine(s.text()) + (s.goesOn() ? " and goes on" : "");
                    case Entry.LineMagic m -> "magic " + m.name() + " [" + m.rest() + "]";
                    case Entry.CellMagic m ->
                        "cell magic " + m.name() + " [" + m.rest() + "] line " + m.bodyLine() + " [" + oneLine(m.body())
                                + "]";
                    case Entry.HostCommand h ->
                        "host [" + oneLine(h.command()) + "]" + (h.usesDocker() ? " with docker" : "");
                    case Entry.Help h -> "help [" + h.topic() + "]" + (h.detailed() ? " detailed" : "");
                    case Entry.Comment c -> "comment";
                    case Entry.TutorialOutput o -> "output";
                    case Entry.Mistake m ->
                        "mistake at " + place(m.diagnostic().range()) + ": "
                                + m.diagnostic().message()
                                + m.hint().map(h -> " (" + h + ")").orElse("");
                };
    }

    private static String oneLine(String text) {
        return text.replace("\n", "⏎");
    }

    private static String place(SourceRange r) {
        return r.startLine() + ":" + r.startColumn() + "-" + (r.endLine() == r.startLine() ? "" : r.endLine() + ":")
                + r.endColumn();
    }

    private static final List<String> PIECES = List.of(
            "FROM a",
            "RUN x \\",
            "RUN <<EOF",
            "EOF",
            "docker ps",
            "docker 'x",
            "docker ps |",
            "$ docker ps",
            "# docker ps",
            "> b",
            "u@h:~$ ls",
            "%new",
            "%%bash",
            "%%fails",
            "!ls",
            "!docker ps",
            "?",
            "RUN?",
            "",
            "  ",
            "\t",
            "\r",
            "for i in a; do",
            "docker rm $i",
            "done",
            "$(",
            "`",
            "\"",
            "ARG X",
            "import os",
            "@",
            "# escape=`",
            "<<",
            "&&",
            "docker build - <<E",
            "E",
            "%",
            "%%",
            "!",
            "é\uD83D\uDE00",
            "root@0123456789ab:/# ls",
            "docker <x>",
            "\\");

    /** Whatever the text: no exception, entries in order, and every line that is not blank in one of them. */
    @Test
    void isTotal() {
        var random = new Random(20);
        for (int run = 0; run < 20_000; run++) {
            var lines = new ArrayList<String>();
            for (int i = random.nextInt(6); i >= 0; i--) {
                var line = new StringBuilder();
                for (int j = random.nextInt(8) == 0 ? 2 : 1; j > 0; j--) {
                    line.append(PIECES.get(random.nextInt(PIECES.size())));
                }
                lines.add(line.toString());
            }
            String text = String.join("\n", lines);
            Cell cell = PARSER.parse(text);
            int next = 1;
            for (Entry entry : cell.entries()) {
                assertTrue(entry.range().startLine() >= next, () -> "order in " + text + "\n" + describe(cell));
                for (int line = next; line < entry.range().startLine(); line++) {
                    assertTrue(lines.get(line - 1).isBlank(), () -> "a gap in " + text + "\n" + describe(cell));
                }
                next = entry.range().endLine() + 1;
            }
            assertTrue(
                    lines.subList(next - 1, lines.size()).stream().allMatch(String::isBlank),
                    () -> "lines left over in " + text + "\n" + describe(cell));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "FROM alpine ~ COMPLETE",
                "RUN a \\ ~ INCOMPLETE",
                "RUN <<EOF ~ INCOMPLETE",
                "RUN <<EOF⏎ls⏎EOF ~ COMPLETE",
                "docker run 'a ~ INCOMPLETE",
                "docker run a \\ ~ INCOMPLETE",
                "docker ps && ~ INCOMPLETE",
                "for i in a; do⏎docker rm $i ~ INCOMPLETE",
                "for i in a; do⏎docker rm $i⏎done ~ COMPLETE",
                "%%bash ~ INCOMPLETE",
                "%%bash⏎ls ~ INCOMPLETE",
                "%%bash⏎ls⏎ ~ COMPLETE",
                "!ls \\ ~ INCOMPLETE",
                "%nix ~ INVALID",
                "curl x ~ INVALID",
                "docker build - <<EOF ~ INCOMPLETE",
                "docker build - <<EOF⏎FROM x ~ INCOMPLETE",
                "docker build - <<EOF⏎FROM x⏎ ~ INCOMPLETE",
                "docker build - <<EOF⏎FROM x⏎⏎ ~ INCOMPLETE",
                "docker build - <<EOF⏎FROM x⏎⏎EOF ~ COMPLETE",
                "docker build - <<EOF⏎⏎EOF⏎ ~ COMPLETE",
                "docker build -t <x> - <<EOF⏎FROM x ~ INCOMPLETE",
                "docker build -t <x> - <<EOF⏎FROM x⏎EOF ~ INVALID",
                "docker build -t <x> . ~ INVALID",
                "cat > x <<-EOF⏎FROM x⏎⏎ ~ INCOMPLETE",
                "!cat <<EOF⏎FROM x⏎⏎ ~ INCOMPLETE",
                "!cat <<EOF⏎FROM x⏎⏎EOF ~ COMPLETE",
                "! docker build - <<'E F'⏎⏎ ~ INCOMPLETE",
                "FROM x⏎docker build - <<A⏎⏎ ~ INCOMPLETE",
                "for i in a; do⏎docker rm $i⏎⏎ ~ INCOMPLETE",
                "docker run 'a⏎⏎ ~ INCOMPLETE",
                "docker ps &&⏎⏎ ~ INCOMPLETE",
                "%%bash⏎cat <<EOF⏎a⏎⏎ ~ INCOMPLETE",
                "%%bash⏎cat <<EOF⏎a⏎⏎EOF⏎ ~ COMPLETE",
                "%%!⏎echo 'a⏎ ~ INCOMPLETE",
                "%%fails⏎docker build - <<EOF⏎⏎ ~ INCOMPLETE",
                "%%dockerfile⏎FROM a⏎RUN <<E⏎⏎ ~ INCOMPLETE",
                "%%dockerfile⏎FROM a⏎RUN a⏎ ~ COMPLETE",
                "%%file x⏎it's⏎ ~ COMPLETE",
                "'' ~ COMPLETE",
            })
    void completeness(String text, Completeness expected) {
        assertEquals(expected, PARSER.completeness(text.replace("⏎", "\n")));
    }

    /** What is being typed at the end, with what stands before it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "'' ~ ENTRY",
                "FR ~ ENTRY",
                "RUN a ~ ENTRY",
                "RUN a \\⏎ b ~ ENTRY",
                "RUN a \\⏎# comment⏎ b ~ ENTRY",
                "RUN a⏎CO ~ ENTRY",
                "RUN a⏎ ~ ENTRY",
                "RUN cat <<E ~ ENTRY",
                "RUN cat <<E⏎ ~ TEXT",
                "RUN cat <<E⏎CO ~ TEXT",
                "RUN cat <<E⏎a \\⏎CO ~ TEXT",
                "RUN cat <<E⏎E ~ TEXT",
                "RUN cat <<E⏎E⏎CO ~ ENTRY",
                "run --mount=type=cache,target=/x \\⏎ cat <<E⏎⏎CO ~ TEXT",
                "COPY <<EOF /x⏎docker im ~ TEXT",
                "FROM a⏎COPY <<EOF /x⏎docker im ~ TEXT",
                "%%file x ~ ENTRY",
                "%%file x⏎ ~ TEXT",
                "%%writefile x⏎a⏎⏎RU ~ TEXT",
                "%%bash⏎docker im ~ TEXT",
                "%%fails⏎RU ~ ENTRY",
                "%%fails⏎RUN <<E⏎RU ~ TEXT",
                "%%dockerfile⏎RU ~ DOCKERFILE",
                "%%dockerfile⏎RUN <<E⏎RU ~ TEXT",
                "docker build - <<E⏎RU ~ DOCKERFILE",
                "docker build -t x -f - . <<E⏎FROM a⏎RU ~ DOCKERFILE",
                "docker load <<E⏎RU ~ TEXT",
                "!cat <<E⏎RU ~ TEXT",
                "cat > x <<E⏎⏎RU ~ TEXT",
                "for i in a; do⏎docker im ~ ENTRY",
                "docker run \\⏎ im ~ ENTRY",
            })
    void placeOfTheCursor(String text, CursorPlace expected) {
        assertEquals(expected, PARSER.cursor(text.replace("⏎", "\n")).place());
    }

    /** What is typed at the end: the words before it, and the word itself. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "docker his ~ docker ~ his",
                "'!docker tag a ' ~ docker tag a ~ ''",
                "$ sudo docker tag a ~ docker tag ~ a",
                "docker run \\⏎ im ~ docker run ~ im",
                "docker images && docker ta ~ docker ~ ta",
                "RUN echo `date`⏎COPY --fr ~ COPY ~ --fr",
                "# escape=`⏎RUN a `⏎ --b ~ RUN a ~ --b",
                "RUN a \\⏎# not this⏎ b c ~ RUN a b ~ c",
                "FROM a AS x⏎COPY --from= ~ COPY ~ --from=",
                "%files @ ~ %files ~ @",
                "%%fails⏎FROM a⏎RUN b ~ RUN ~ b",
                "docker build - <<E⏎FROM a⏎RUN b ~ RUN ~ b",
                "RUN <<E⏎COPY --fr ~ '' ~ ''",
            })
    void wordsAtTheCursor(String text, String words, String word) {
        Cursor cursor = PARSER.cursor(text.replace("⏎", "\n"));
        assertEquals(words, String.join(" ", cursor.words()));
        assertEquals(word, cursor.word());
        assertEquals(text.replace("⏎", "\n").length() - word.length(), cursor.wordStart());
    }
}
