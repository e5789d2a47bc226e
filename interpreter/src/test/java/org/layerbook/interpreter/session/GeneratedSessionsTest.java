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
import org.layerbook.engine.build.BuildListener;
import org.layerbook.engine.build.BuildSettings;
import org.layerbook.engine.dockerfile.DockerfileParser;
import org.layerbook.engine.sandbox.Cancellation;
import org.layerbook.engine.store.Image;
import org.layerbook.engine.store.Layer;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.Interpreter.CellRequest;
import org.layerbook.interpreter.testing.SessionScript.Transcript;

/**
 * Sessions made up at random, with mistakes and second thoughts: what {@code %dockerfile} writes of one gives its image. A
 * failure names the seed and the file.
 */
class GeneratedSessionsTest {
    @TempDir
    Path folder;

    @TempDir
    Path store;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 40);
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

    private static final class Cells {
        private final Random random;
        private final List<Cell> cells = new ArrayList<>();
        private int count;

        Cells(Random random) {
            this.random = random;
        }

        private String one(String... choices) {
            return choices[random.nextInt(choices.length)];
        }

        List<Cell> made() {
            if (random.nextBoolean()) {
                add("ARG top=" + one("1", "$TARGETARCH"));
            }
            int stages = 1 + random.nextInt(3);
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
            String base = stage > 0 && random.nextBoolean() ? "s" + random.nextInt(stage) : one("busybox", "alpine");
            var text = new StringBuilder("FROM " + base + " AS s" + stage);
            int instructions = 3 + random.nextInt(8);
            for (int i = 0; i < instructions; i++) {
                if (random.nextInt(3) == 0) {
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
            switch (random.nextInt(6)) {
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
            String name = one("p", "q", "r");
            count++;
            return switch (random.nextInt(28)) {
                case 0 -> "ENV " + name + "=" + one("1", "$top", "\"a b\"", "${q:-none}", "it\\'s", "'$p'");
                case 1 -> "ARG " + name + one("", "=1", "=$top", "=\"x y\"");
                case 2 -> "ARG top";
                case 3 -> "LABEL " + name + "=$" + one("p", "q", "top") + one("", " other=\"a  b\"", " \\\n third=3");
                case 4 -> "WORKDIR " + one("/w", "sub", "/w/$p/", "\"/with space\"");
                case 5 -> "COPY " + one("a b /" + name + "/", "d /" + name, "[\"a\", \"/j " + name + "\"]");
                case 6 -> "COPY " + one("--chmod=700 a /" + name + "/", "--chown=5:6 a b /own/", "--chmod=u+x a /x");
                case 7 -> "COPY " + one("--link d /l/", "--exclude=x d /ex/", "--parents d/e/y /par/");
                case 8 -> "ADD d/ /add/" + name + "/";
                case 9 -> "ADD --chown=3 --chmod=u=rwX,go=r d /add/";
                case 10 -> "RUN mkdir -p /m/" + name + " && touch /m/" + name + "/f" + count;
                case 11 -> "RUN echo $" + name + " > /said" + count;
                case 12 -> "RUN touch /c" + count + " && \\\n    # between\n    touch /d" + count;
                case 13 -> "RUN <<EOF\ntouch /h" + count + "\nEOF";
                case 14 -> "RUN [\"/bin/sh\", \"-c\", \"touch /e" + count + "\"]";
                case 15 ->
                    "RUN --mount=type=" + one("cache,target=/k", "tmpfs,target=/t", "bind,source=a,target=/b")
                            + one("", " --network=none") + " touch /mount" + count;
                case 16 -> "COPY <<EOF <<-'raw' /here/" + name + "/\nsaid $p\nEOF\n\tsaid $p\n\traw";
                case 17 -> "CMD " + one("[\"a\"]", "a $p", "[ \"a\" , \"b\" ]");
                case 18 -> "ENTRYPOINT " + one("[\"a\"]", "a $p");
                case 19 -> "EXPOSE " + one("80", "90-92/udp", "8${none:-1}");
                case 20 -> "HEALTHCHECK " + one("NONE", "--interval=3s --retries=2 CMD a $p", "CMD [\"a\"]");
                case 21 -> "STOPSIGNAL " + one("SIGTERM", "9", "RTMIN+1");
                case 22 -> "SHELL " + one("[\"/bin/sh\", \"-c\"]", "[\"/bin/sh\", \"-e\", \"-c\"]");
                case 23 -> "VOLUME " + one("/v", "[\"/v\", \"/x y\"]", "/v/$p");
                case 24 -> "MAINTAINER " + name + " <a@example.org>";
                case 25 -> "ONBUILD " + one("COPY a /ob/", "ENV ob=$p", "LABEL ob=1", "RUN touch /triggered");
                case 26 -> "USER " + one("5:6", "0", "7");
                default -> stage > 0 ? "COPY --from=s" + random.nextInt(stage) + " /mark /all/" + name + "/" : "USER 0";
            };
        }
    }
}
