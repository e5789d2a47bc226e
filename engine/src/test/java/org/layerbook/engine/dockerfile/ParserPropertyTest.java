package org.layerbook.engine.dockerfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerbook.engine.dockerfile.check.DockerfileChecker;
import org.layerbook.engine.dockerfile.parse.DockerfileParser;
import org.layerbook.engine.dockerfile.parse.SourceLines;
import org.layerbook.engine.golang.GoText;

/** What holds for any text at all: golden Dockerfiles and faulty ones, with characters changed, added and taken away. */
class ParserPropertyTest {
    private static final String CHARACTERS =
            "FROMRUNCPYENVlabel \\\n\n\"'${}:-<>#=[],.`\t\r/@\u0085\u00a0\uFEFF\u0000é한\ud83d";
    private static final List<String> SEEDS = Stream.of(
                    Tables.goldenFolders().stream().map(folder -> Tables.readFile(folder.resolve("Dockerfile"))),
                    Tables.cases("errors.txt"),
                    Tables.cases("verdicts.txt"))
            .flatMap(texts -> texts)
            .toList();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void anyTextIsReadOrRefusedAtAPlaceInIt(int seed) {
        var random = new Random(seed);
        for (int round = 0; round < 3_000; round++) {
            String text = changed(SEEDS.get(random.nextInt(SEEDS.size())), random);
            try {
                for (Instruction instruction :
                        DockerfileParser.parseInstructions(text).instructions()) {
                    assertInside(text, instruction.origin().range());
                    assertReadsAlone(instruction);
                }
            } catch (DockerfileException e) {
                assertInside(text, e.diagnostic().range());
            }
            DockerfileChecker.check(text)
                    .problem()
                    .ifPresent(
                            problem -> assertInside(text, problem.diagnostic().range()));
            assertTrue(DockerfileParser.firstInstruction(text, '\\').lines() >= 1);
        }
    }

    private static String changed(String text, Random random) {
        var changed = new StringBuilder(text);
        for (int changes = 1 + random.nextInt(6); changes > 0; changes--) {
            int at = random.nextInt(changed.length() + 1);
            char character = CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
            switch (random.nextInt(4)) {
                case 0 -> changed.insert(at, character);
                case 1 -> changed.delete(at, Math.min(changed.length(), at + 1));
                case 2 -> changed.setLength(at);
                default -> changed.replace(at, Math.min(changed.length(), at + 1), String.valueOf(character));
            }
        }
        return changed.toString();
    }

    private static void assertInside(String text, SourceRange range) {
        var lines = new SourceLines(text);
        assertTrue(range.endLine() <= Math.max(1, lines.count()), () -> range + " in " + GoText.quote(text));
        if (lines.count() > 0) {
            int first = lines.raw(range.startLine()).length() + 1;
            int last = lines.raw(range.endLine()).length() + 2; // a caret may stand behind the end
            assertTrue(
                    range.startColumn() <= first && range.endColumn() <= last,
                    () -> range + " in " + GoText.quote(text));
        }
    }

    /** An instruction's source text, by itself, is that instruction. */
    private static void assertReadsAlone(Instruction instruction) throws DockerfileException {
        var options = DockerfileParser.Options.INSTRUCTIONS.withEscape(
                instruction.origin().escape());
        var alone =
                DockerfileParser.parse(instruction.origin().original(), options).instructions();
        assertEquals(1, alone.size(), instruction.origin().original());
        assertTrue(
                alone.getFirst().saysTheSameAs(instruction),
                instruction.origin().original());
    }
}
