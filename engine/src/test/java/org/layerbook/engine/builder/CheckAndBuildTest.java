package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.check.DockerfileChecker;
import org.layerbook.engine.dockerfile.parse.DockerfileParser;

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
        var problem = DockerfileChecker.check(text).problem().orElseThrow();
        Diagnostic said = buildOf(text).orElseThrow();
        assertEquals(problem.message(), said.message());
        assertEquals(problem.line(), Optional.of(said.range().startLine()));
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
        assertEquals(Optional.empty(), DockerfileChecker.check(text).problem());
        assertEquals(Optional.empty(), buildOf(text));
    }

    private Optional<Diagnostic> buildOf(String text) throws Exception {
        try (var build = new TestBuild(folder)) {
            build.builder.build(DockerfileParser.parse(text), build.settings, event -> {}, new Cancellation());
            return Optional.empty();
        } catch (BuildException e) {
            return Optional.of(e.diagnostic());
        } catch (DockerfileException e) {
            return Optional.of(e.diagnostic());
        }
    }
}
