package org.layerbook.interpreter.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.step.BuildListener;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.parse.DockerfileParser;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.Interpreter.CellRequest;
import org.layerbook.interpreter.session.history.DockerfileExportTest;
import org.layerbook.interpreter.testing.RandomInstructions;
import org.layerbook.interpreter.testing.SessionScript.Transcript;

/**
 * Sessions made up at random, with mistakes and second thoughts: what {@code %dockerfile} writes of one gives its image. A
 * failure names the seed and the file. {@code -Dsessions.count=1000} takes more of them.
 */
class GeneratedSessionsTest {
    @TempDir
    Path folder;

    @TempDir
    Path store;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Integer.getInteger("sessions.count", 40));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatDockerfileWritesIsTheSameImage(long seed) throws Exception {
        Files.writeString(folder.resolve("a"), "one");
        Files.writeString(folder.resolve("b"), "two");
        Files.createDirectories(folder.resolve("d/e"));
        Files.writeString(folder.resolve("d/x"), "x");
        Files.writeString(folder.resolve("d/e/y"), "y");
        var engine = new TestEngine(store, new ScriptedSandbox());
        try (var session = SessionInterpreter.open(new SessionInterpreter.Options(folder, Optional.empty()), engine)) {
            var cells = new Cells(new Random(seed));
            for (Cell cell : cells.made()) {
                CellResult result =
                        session.run(new CellRequest(cell.text, Optional.empty(), Optional.empty()), new Transcript());
                assertEquals(cell.fails, result instanceof CellResult.Failed, () -> cell.text + ": " + result);
            }
            session.run(
                    new CellRequest("%dockerfile -o Dockerfile", Optional.empty(), Optional.empty()), new Transcript());
            Image live = session.images().resolve("@").orElseThrow();
            String file = Files.readString(folder.resolve("Dockerfile"));
            Image cached = built(engine, file, false);
            assertEquals(described(live), described(cached), file);
            assertEquals(live.id(), cached.id(), file);
            assertEquals(DockerfileExportTest.facts(live), DockerfileExportTest.facts(built(engine, file, true)), file);
        }
    }

    private Image built(TestEngine engine, String file, boolean noCache) throws Exception {
        BuildSettings settings =
                BuildSettings.DEFAULT.change().context(folder).noCache(noCache).done();
        return engine.builder()
                .build(DockerfileParser.parse(file), settings, BuildListener.NONE, new Cancellation())
                .image();
    }

    /** What the ID is made of, to be read. */
    private static String described(Image image) {
        return image.config().config() + "\n" + image.config().history() + "\n"
                + image.layers().stream().map(Layer::diffId).toList();
    }

    private record Cell(String text, boolean fails) {}

    private static final class Cells extends RandomInstructions {
        private final List<Cell> cells = new ArrayList<>();
        private int count;

        Cells(Random random) {
            super(random);
        }

        List<Cell> made() {
            if (once(2)) {
                add("ARG top=" + one("1", "$TARGETARCH"));
            }
            int stages = 1 + number(3);
            for (int stage = 0; stage < stages; stage++) {
                stage(stage);
            }
            // Every stage is needed, as cells build them all.
            for (int stage = 0; stage + 1 < stages; stage++) {
                add("COPY --from=" + one("s" + stage, "" + stage) + " /mark /from" + stage + "/");
            }
            return cells;
        }

        private void stage(int stage) {
            String base = stage > 0 && once(2) ? "s" + number(stage) : one("busybox", "alpine");
            var text = new StringBuilder("FROM " + base + " AS s" + stage);
            int instructions = 3 + number(8);
            for (int i = 0; i < instructions; i++) {
                if (once(3)) {
                    text.append('\n').append(one("", "# a remark\n")).append(instruction(stage));
                } else {
                    add(text.toString());
                    secondThoughts();
                    text = new StringBuilder(instruction(stage));
                }
            }
            add(text.toString());
            add("RUN touch /mark");
        }

        private void add(String text) {
            cells.add(new Cell(text, false));
        }

        private void secondThoughts() {
            switch (number(6)) {
                case 0 -> cells.add(new Cell("ENV lost=1\nRUN touch /lost && false", true));
                case 1 -> {
                    add("RUN touch /undone\nENV undone=1");
                    add("%undo");
                }
                case 2 -> cells.add(new Cell("COPY nothing-of-that-name /", true));
                default -> {}
            }
        }

        private String instruction(int stage) {
            String name = name();
            count++;
            return switch (number(32)) {
                case 0 -> "COPY " + one("a b /" + name + "/", "d /" + name, "[\"a\", \"/j " + name + "\"]");
                case 1 -> "COPY " + one("--chmod=700 a /" + name + "/", "--chown=5:6 a b /own/", "--chmod=u+x a /x");
                case 2 -> "COPY " + one("--link d /l/", "--exclude=x d /ex/", "--parents d/e/y /par/");
                case 3 -> "ADD d/ /add/" + name + "/";
                case 4 -> "ADD --chown=3 --chmod=u=rwX,go=r d /add/";
                case 5 -> "RUN mkdir -p /m/" + name + " && touch /m/" + name + "/f" + count;
                case 6 -> "RUN echo $" + name + " > /said" + count;
                case 7 -> "RUN touch /c" + count + " && \\\n    # between\n    touch /d" + count;
                case 8 -> "RUN <<EOF\ntouch /h" + count + "\nEOF";
                case 9 -> "RUN [\"/bin/sh\", \"-c\", \"touch /e" + count + "\"]";
                case 10 ->
                    "RUN --mount=type=" + one("cache,target=/k", "tmpfs,target=/t", "bind,source=a,target=/b")
                            + one("", " --network=none") + " touch /mount" + count;
                case 11 -> "COPY <<EOF <<-'raw' /here/" + name + "/\nsaid $p\nEOF\n\tsaid $p\n\traw";
                case 12 -> "ONBUILD " + one("COPY a /ob/", "RUN touch /triggered");
                case 13 -> stage > 0 ? "COPY --from=s" + number(stage) + " /mark /all/" + name + "/" : "USER 0";
                default -> metadata();
            };
        }
    }
}
