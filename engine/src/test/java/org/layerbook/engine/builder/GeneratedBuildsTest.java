package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerbook.engine.image.Layer;

/** Dockerfiles made up at random: what holds for all of them. A failure names its seed. */
class GeneratedBuildsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void cellsGiveWhatTheFileGivesAndAgainTheSame(long seed) throws Exception {
        String[] file = new Generator(new Random(seed)).dockerfile().toArray(String[]::new);
        try (var first = new TestBuild(folder.resolve("first"));
                var second = new TestBuild(folder.resolve("second"))) {
            for (TestBuild build : List.of(first, second)) {
                build.file("a", "one").file("b", "two").file("d/x", "x").file("d/e/y", "y");
                build.settings = build.settings.change().sourceDateEpoch(1L).done();
            }
            var built = first.build(file);
            var again = first.build(file);
            var cells = first.cells(file).live().orElseThrow();
            assertEquals(built.image().id(), again.image().id());
            assertEquals(built.image().id(), cells.image().id());
            // Somewhere else, without a cache, and as cells: nothing depends on where or when.
            var elsewhere = second.cells(file).live().orElseThrow();
            assertEquals(first.tree(built.image()), second.tree(elsewhere.image()));
            assertEquals(
                    built.image().config().config(), elsewhere.image().config().config());
            assertEquals(
                    built.image().config().history().size(),
                    elsewhere.image().config().history().size());
            assertEquals(
                    built.image().layers().size(),
                    elsewhere.image().layers().stream().map(Layer::diffId).count());
        }
    }

    private static final class Generator {
        private static final int MAX_INSTRUCTIONS = 9;
        private final Random random;
        private final List<String> lines = new ArrayList<>();

        Generator(Random random) {
            this.random = random;
        }

        private String one(String... choices) {
            return choices[random.nextInt(choices.length)];
        }

        List<String> dockerfile() {
            lines.add("ARG top=" + one("1", "$TARGETARCH"));
            int stages = 1 + random.nextInt(3);
            for (int stage = 0; stage < stages; stage++) {
                String base = stage > 0 && random.nextBoolean() ? "s" + random.nextInt(stage) : "scratch";
                lines.add("FROM " + base + " AS s" + stage);
                int instructions = 2 + random.nextInt(MAX_INSTRUCTIONS);
                for (int i = 0; i < instructions; i++) {
                    lines.add(instruction(stage));
                }
            }
            // Every stage is needed, as cells build them all.
            for (int stage = 0; stage + 1 < stages; stage++) {
                lines.add("COPY --from=s" + stage + " / /from" + stage + "/");
            }
            return lines;
        }

        private String instruction(int stage) {
            String name = one("p", "q", "r");
            return switch (random.nextInt(26)) {
                case 0 -> "ENV " + name + "=" + one("1", "$top", "\"a b\"", "${q:-none}");
                case 1 -> "ARG " + name + one("", "=1", "=$top");
                case 2 -> "ARG top";
                case 3 -> "LABEL " + name + "=$" + one("p", "q", "top");
                case 4 -> "WORKDIR " + one("/w", "sub", "/w/$p/");
                case 5 -> "COPY " + one("a b /" + name + "/", "d /" + name, "* .", "--chmod=700 a ./" + name + "/");
                case 6 -> "ADD d/ /add/" + name + "/";
                case 7 -> "RUN write /" + one("f", "g") + random.nextInt(3) + " " + name;
                case 8 -> "RUN mkdir /m/" + name + " && write /m/" + name + "/f x";
                case 9 -> "RUN rm /" + one("f", "g") + random.nextInt(3);
                case 10 -> "CMD " + one("[\"a\"]", "a $p");
                case 11 -> "ENTRYPOINT " + one("[\"a\"]", "a $p");
                case 12 -> "EXPOSE " + one("80", "90-92/udp");
                case 13 -> "HEALTHCHECK " + one("NONE", "--interval=3s --retries=2 CMD a $p", "CMD [\"a\"]");
                case 14 -> "STOPSIGNAL " + one("SIGTERM", "9", "RTMIN+1");
                case 15 -> "SHELL " + one("[\"/bin/sh\", \"-c\"]", "[\"sh\", \"-c\"]");
                case 16 -> "VOLUME " + one("/v", "[\"/v\", \"/x y\"]", "/v/$p");
                case 17 -> "MAINTAINER " + name + " <a@example.org>";
                case 18 -> "ONBUILD " + one("COPY a /ob/", "ENV ob=$p", "LABEL ob=1", "WORKDIR /ob");
                case 19 -> "COPY <<EOF <<'raw' /h/" + name + "/\nsaid $p\nEOF\nsaid $p\nraw";
                case 20 ->
                    "COPY " + one("--link ", "--chown=5:6 ", "--exclude=x ", "--parents ") + "d/e d /k/" + name + "/";
                case 21 -> "USER " + one("5:6", "0", "7");
                case 22 ->
                    "RUN --mount=type="
                            + one(
                                    "bind,source=d,target=/mnt/d",
                                    "cache,target=/k",
                                    "tmpfs,target=/t",
                                    stage > 0
                                            ? "bind,from=s" + random.nextInt(stage) + ",target=/s"
                                            : "tmpfs,target=/u")
                            + one("", " --network=none") + " write /mounted" + random.nextInt(3) + " x";
                case 23 -> "RUN <<EOF\nwrite /heredoc" + random.nextInt(3) + " x\nEOF";
                case 24 -> "ADD --chown=3 --chmod=u=rwX,go=r d /add/";
                default -> stage > 0 ? "COPY --from=s" + random.nextInt(stage) + " / /all/" + name + "/" : "USER 5:6";
            };
        }
    }
}
