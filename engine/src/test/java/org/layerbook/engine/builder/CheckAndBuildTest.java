package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerbook.engine.builder.plan.StageConfig;
import org.layerbook.engine.builder.plan.StageConfigs;
import org.layerbook.engine.builder.plan.StageGraph;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.check.DockerfileChecker;
import org.layerbook.engine.dockerfile.parse.DockerfileReader;
import org.layerbook.engine.oci.Platform;

/** {@code layerbook check} and {@code docker build} say the same of a Dockerfile, at the same line. */
class CheckAndBuildTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FROM scratch AS a\nRUN --mount=type=bind,from=b,target=/x true\nFROM scratch AS b\nFROM a\n",
                "FROM scratch AS a\nCOPY --from=b / /\nFROM scratch AS b\nFROM a\n",
                "FROM --platform=foo scratch\n",
                "FROM --platform=linux/amd64/v8/x scratch\n",
                "FROM --platform=linux/* scratch\n",
                "ARG P=bogus\nFROM --platform=$P scratch\n",
                "FROM --platform=$BUILDPLATFROM scratch\n",
                "FROM scratch\nADD --checksum=sha256:abc http://127.0.0.1:9/x /\n",
                "FROM scratch\nADD --checksum=abc http://127.0.0.1:9/x /\n",
                "FROM scratch\nCOPY --from=UPPER/Name / /\n",
                "FROM UPPER/Name\n",
                "FROM UPPER/Name AS unneeded\nFROM scratch\n",
                "FROM scratch\nARG full=${name:?}-1\n",
                "FROM scratch\nARG b=${a:?} a=1\n",
            })
    void refuseInTheSameWords(String text) throws Exception {
        try (var build = new TestBuild(folder)) {
            var problem = DockerfileChecker.check(text).problem().orElseThrow();
            assertEquals(Optional.of(Said.of(problem)), build(text, build));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FROM scratch\nENV name=web\nARG full=${name:?}-1\nENV out=$full\n",
                "FROM scratch\nARG a=1 b=${a:?}\n",
                "ARG a=1\nARG b=${a:?}\nFROM scratch\nARG b\nLABEL b=${b:?}\n",
                "FROM scratch AS a\nARG x=1\nFROM a\nLABEL x=${x:?}\n",
                "FROM --platform=arm64 scratch\n",
            })
    void acceptTheSame(String text) throws Exception {
        try (var build = new TestBuild(folder)) {
            assertEquals(Optional.empty(), DockerfileChecker.check(text).problem());
            assertEquals(Optional.empty(), build(text, build));
        }
    }

    /** Every Dockerfile among the tests' tables and golden files that is rejected. */
    @Test
    void refuseEveryFileOfTheTestsInTheSameWords() throws Exception {
        var differences = new ArrayList<String>();
        int rejected = 0;
        try (var build = new TestBuild(folder)) {
            for (String text : dockerfilesOfTheTests()) {
                var problem = DockerfileChecker.check(text).problem();
                if (problem.isPresent()) {
                    rejected++;
                    Said checked = Said.of(problem.get());
                    Optional<Said> built = build(text, build);
                    if (!built.equals(Optional.of(checked))) {
                        differences.add(text + "\ncheck: " + checked + "\nbuild: " + built);
                    }
                }
            }
        }
        assertEquals("", String.join("\n----\n", differences));
        assertTrue(rejected > 100, () -> "few rejected Dockerfiles among the tests");
    }

    private static List<String> dockerfilesOfTheTests() throws IOException {
        Path resources = Path.of("src/test/resources");
        Path dockerfiles = resources.resolve("org/layerbook/engine/dockerfile");
        var texts = new ArrayList<String>();
        for (String table : List.of("verdicts.txt", "errors.txt")) {
            for (String part : Files.readString(dockerfiles.resolve(table)).split("(?m)^----\n")) {
                texts.add(part.split("(?m)^=> ", 2)[0]);
            }
        }
        try (Stream<Path> plans = Files.list(resources.resolve("build/plans"))) {
            for (Path plan : plans.toList()) {
                for (String part : Files.readString(plan).split("(?m)^== ")) {
                    texts.add(part.split("(?m)^----\n", 2)[0].replaceFirst("(?m)\\A.*\n", ""));
                }
            }
        }
        try (Stream<Path> golden = Files.walk(dockerfiles.resolve("golden"))) {
            for (Path file : golden.filter(path -> path.endsWith("Dockerfile")).toList()) {
                texts.add(Files.readString(file));
            }
        }
        return texts;
    }

    /** What is shown of an error. @param line at which it is shown: BuildKit's, where it names one */
    private record Said(String message, int line, Optional<String> hint) {
        static Said of(DockerfileChecker.Problem problem) {
            return of(problem.message(), problem.line(), problem.diagnostic());
        }

        static Said of(String message, Optional<Integer> line, Diagnostic diagnostic) {
            return new Said(message, line.orElse(diagnostic.range().startLine()), diagnostic.hint());
        }
    }

    /** What {@code docker build} says where every image is there. */
    private static Optional<Said> build(String text, TestBuild build) throws IOException {
        try {
            Dockerfile dockerfile = DockerfileReader.read(text);
            putImages(dockerfile, build);
            build.builder.build(dockerfile, build.settings, event -> {}, new Cancellation());
            return Optional.empty();
        } catch (DockerfileException e) {
            return Optional.of(Said.of(e.getMessage(), e.line(), e.diagnostic()));
        } catch (BuildException e) {
            return Optional.of(Said.of(e.getMessage(), Optional.empty(), e.diagnostic()));
        }
    }

    private static void putImages(Dockerfile dockerfile, TestBuild build) {
        try {
            for (StageGraph.Node node :
                    StageGraph.of(dockerfile, build.settings).nodes()) {
                Platform platform = node.plan().platform().orElse(build.settings.platform());
                build.images.put(node.plan().base(), StageConfigs.image(StageConfig.scratch(platform), List.of()));
            }
        } catch (DockerfileException e) {
            // The build says it too.
        }
    }
}
