package org.layerbook.engine.dockerfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerbook.engine.dockerfile.Instruction.CommandLine;
import org.layerbook.engine.dockerfile.parse.DockerfileParser;
import org.layerbook.engine.dockerfile.parse.DockerfileWriter;

class DockerfileWriterTest {
    /** A place that says nothing, so that an instruction has to be written from its components. */
    private static final Instruction.Origin NOWHERE = new Instruction.Origin(new SourceRange(1, 1, 1, 2), "", '\\');

    static List<Path> goldenFolders() {
        return Tables.goldenFolders();
    }

    @ParameterizedTest
    @MethodSource("goldenFolders")
    void whatIsWrittenReadsTheSame(Path folder) throws DockerfileException {
        var instructions = DockerfileParser.parse(Tables.readFile(folder.resolve("Dockerfile")))
                .instructions();
        assertSame(instructions, DockerfileWriter.write(instructions));
    }

    @ParameterizedTest
    @MethodSource("goldenFolders")
    void soItDoesWithoutTheSource(Path folder) throws DockerfileException {
        var read = DockerfileParser.parse(Tables.readFile(folder.resolve("Dockerfile")))
                .instructions();
        List<Instruction> instructions = read.stream()
                .map(one -> one.at(new Instruction.Origin(
                        one.origin().range(), "", one.origin().escape())))
                .toList();
        assertSame(instructions, DockerfileWriter.write(instructions));
    }

    private static void assertSame(List<Instruction> expected, String text) throws DockerfileException {
        var again = DockerfileParser.parseInstructions(text).instructions();
        assertEquals(expected.size(), again.size(), text);
        for (int at = 0; at < expected.size(); at++) {
            assertEquals(
                    InstructionDump.of(expected.get(at).at(NOWHERE)),
                    InstructionDump.of(again.get(at).at(NOWHERE)),
                    text);
        }
    }

    @Test
    void theSourceTextIsKeptWhileItStillSaysTheSame() throws DockerfileException {
        String text = "FROM a\nRUN one \\\n    # why\n    two\n";
        var read = DockerfileParser.parse(text).instructions();
        assertEquals(text, DockerfileWriter.write(read));
        var arg = new Instruction.From(read.getFirst().origin(), Optional.empty(), "b", Optional.of("x"));
        assertEquals(
                "FROM b AS x\nRUN one \\\n    # why\n    two\n", DockerfileWriter.write(List.of(arg, read.get(1))));
    }

    @Test
    void stagesStandApart() throws DockerfileException {
        var read = DockerfileParser.parse("ARG A\nFROM a\nRUN b\nFROM c").instructions();
        assertEquals("ARG A\n\nFROM a\nRUN b\n\nFROM c\n", DockerfileWriter.write(read));
    }

    @Test
    void oneFileHasOneEscapeCharacter() throws DockerfileException {
        var options = DockerfileParser.Options.INSTRUCTIONS;
        var backtick =
                DockerfileParser.parse("RUN a `\n b", options.withEscape('`')).instructions();
        var plain = DockerfileParser.parse("RUN c", options).instructions();
        var backslash = DockerfileParser.parse("ENV A=b\\ c", options).instructions();
        assertEquals(
                "# escape=`\nRUN a `\n b\nRUN c\n",
                DockerfileWriter.write(List.of(backtick.getFirst(), plain.getFirst())));
        var both = List.of(backtick.getFirst(), backslash.getFirst());
        var failure = assertThrows(IllegalArgumentException.class, () -> DockerfileWriter.write(both));
        assertTrue(failure.getMessage().contains("ENV A=b\\ c"), failure.getMessage());
    }

    @Test
    void whatNoTextSaysIsRefused() {
        List<Instruction> lines = List.of(new Instruction.User(NOWHERE, "two\nlines"));
        assertThrows(IllegalArgumentException.class, () -> DockerfileWriter.write(lines));
    }

    @Test
    void whereAnInstructionStandsIsNoPartOfWhatItSays() {
        var user = new Instruction.User(NOWHERE, "a");
        assertTrue(user.saysTheSameAs(user.at(new Instruction.Origin(new SourceRange(5, 1, 5, 9), "USER   a", '`'))));
        assertFalse(user.saysTheSameAs(new Instruction.User(NOWHERE, "b")));
        assertFalse(user.saysTheSameAs(new Instruction.Workdir(NOWHERE, "a")));
    }

    @Test
    void randomInstructionsReadTheSame() throws DockerfileException {
        var make = new Maker(new Random(2026));
        for (int round = 0; round < 400; round++) {
            List<Instruction> instructions = new ArrayList<>();
            for (int count = 0; count < 6; count++) {
                instructions.add(make.instruction());
            }
            assertSame(instructions, DockerfileWriter.write(instructions));
        }
    }

    /** Makes instructions that a Dockerfile can say, with awkward characters where they are allowed. */
    private record Maker(Random random) {
        private static final List<String> PIECES =
                List.of("a", "B7", "-", "--x", "$V", "${V:-w}", "[", "]", "#", "<", "=", ",", "é", "/", ".", "*", ":");

        Instruction instruction() {
            List<Supplier<Instruction>> makers = List.of(
                    () -> new Instruction.From(
                            NOWHERE, some(this::word), word(), Optional.of("stage" + random.nextInt(9))),
                    () -> new Instruction.Arg(
                            NOWHERE, list(() -> new Instruction.ArgDeclaration(name(), some(this::quoted)))),
                    () -> new Instruction.Env(NOWHERE, list(() -> new Instruction.KeyValue(name(), quoted()))),
                    () -> new Instruction.Label(NOWHERE, list(() -> new Instruction.KeyValue(name(), quoted()))),
                    () -> new Instruction.Run(
                            NOWHERE,
                            random.nextBoolean() ? heredoc() : command(),
                            random.nextBoolean() ? List.of() : list(() -> "type=cache,target=/" + name()),
                            some(() -> "none"),
                            some(() -> "insecure"),
                            random.nextBoolean() ? List.of() : list(() -> name() + ",required")),
                    () -> new Instruction.Copy(
                            NOWHERE,
                            sources(),
                            anything(),
                            some(this::anything),
                            some(this::anything),
                            some(this::anything),
                            random.nextBoolean(),
                            random.nextBoolean(),
                            random.nextBoolean() ? List.of() : list(this::anything)),
                    () -> new Instruction.Add(
                            NOWHERE,
                            sources(),
                            anything(),
                            some(this::anything),
                            some(this::anything),
                            random.nextBoolean(),
                            false,
                            some(random::nextBoolean),
                            some(this::anything),
                            some(random::nextBoolean),
                            List.of()),
                    () -> new Instruction.Workdir(NOWHERE, line()),
                    () -> new Instruction.User(NOWHERE, line()),
                    () -> new Instruction.Expose(
                            NOWHERE, list(this::word).stream().sorted().toList()),
                    () -> new Instruction.Volume(NOWHERE, list(() -> "/" + word())),
                    () -> new Instruction.Cmd(NOWHERE, command()),
                    () -> new Instruction.Entrypoint(NOWHERE, command()),
                    () -> new Instruction.Shell(NOWHERE, list(this::anything)),
                    () -> new Instruction.StopSignal(NOWHERE, line()),
                    () -> new Instruction.Healthcheck(
                            NOWHERE,
                            Optional.of(command()),
                            some(() -> Duration.ofMillis(1 + random.nextInt(100_000))),
                            some(() -> Duration.ofNanos(1_000_000 + random.nextInt(100_000))),
                            some(() -> Duration.ofHours(3)),
                            Optional.empty(),
                            some(() -> random.nextInt(9))),
                    () -> new Instruction.OnBuild(NOWHERE, "RUN " + line()),
                    () -> new Instruction.Maintainer(NOWHERE, line()));
            return makers.get(random.nextInt(makers.size())).get();
        }

        private <T> Optional<T> some(Supplier<T> maker) {
            return random.nextBoolean() ? Optional.of(maker.get()) : Optional.empty();
        }

        private <T> List<T> list(Supplier<T> maker) {
            List<T> list = new ArrayList<>(List.of(maker.get()));
            while (random.nextInt(3) > 0) {
                list.add(maker.get());
            }
            return List.copyOf(list);
        }

        private String name() {
            return "N" + random.nextInt(99);
        }

        private String word() {
            var word = new StringBuilder("w");
            for (int pieces = random.nextInt(4); pieces > 0; pieces--) {
                word.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            return word.toString();
        }

        private String quoted() {
            return switch (random.nextInt(4)) {
                case 0 -> "\"" + word() + " \\\" \\\\ " + word() + "\"";
                case 1 -> "'" + word() + " \" " + word() + "'";
                case 2 -> word() + "\\ " + word();
                default -> word();
            };
        }

        /** Blanks, quotes and backslashes within. */
        private String anything() {
            return switch (random.nextInt(3)) {
                case 0 -> word() + " \"'" + word();
                case 1 -> "\\" + word() + "\\";
                default -> word();
            };
        }

        private String line() {
            return random.nextInt(4) == 0 ? "--" + word() + " " + word() : word() + "  " + quoted();
        }

        private CommandLine command() {
            return random.nextBoolean()
                    ? new CommandLine.Exec(list(this::anything))
                    : new CommandLine.Shell(line(), List.of());
        }

        private CommandLine heredoc() {
            var body = new Instruction.Heredoc(name(), random.nextBoolean(), random.nextBoolean(), "\tone \\\n\ntwo\n");
            String quote = body.expand() ? "" : "'";
            String marker = (body.stripTabs() ? "<<-" : "<<") + quote + body.delimiter() + quote;
            return new CommandLine.Shell("cat " + marker + " | sort", List.of(body));
        }

        private Instruction.Sources sources() {
            return new Instruction.Sources(list(this::anything), List.of());
        }
    }
}
