package org.layerbook.engine.dockerfile;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerbook.engine.dockerfile.check.DockerfileChecker;
import org.layerbook.engine.dockerfile.parse.Frontend;

class FrontendTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "docker/dockerfile",
                "docker/dockerfile:1",
                "docker/dockerfile:1.7-labs",
                "docker/dockerfile:1@sha256:0123",
                "docker/dockerfile@sha256:0123",
                "docker.io/docker/dockerfile:1",
                "index.docker.io/docker/dockerfile:1",
                "docker/dockerfile-upstream:master-labs",
                "mirror.example.com/docker/dockerfile:1",
                "localhost:5000/docker/dockerfile",
                "localhost/docker/dockerfile",
                "registry.example.com:443/proxy/docker.io/docker/dockerfile-upstream:master",
                "docker/dockerfile:1 with words"
            })
    void theOwnFrontendAndItsMirrors(String name) {
        assertDoesNotThrow(() -> Frontend.check("# syntax=" + name + "\nFROM a\n", Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "foobar",
                "dockerfile",
                "library/dockerfile",
                "example.com/nobody/frontend:1",
                "docker/dockerfile2",
                "docker/dockerfile/x",
                "mydocker/dockerfile",
                "someone/docker/dockerfile",
                "example.com/docker/dockerfile-fork"
            })
    void another(String name) {
        var e = assertThrows(
                DockerfileException.class,
                () -> Frontend.check("#escape=`\n# syntax=" + name + "\nnonsense", Optional.empty()));
        assertEquals(2, e.diagnostic().range().startLine());
        assertEquals(
                "failed to resolve frontend " + name + ": only docker/dockerfile is supported",
                e.diagnostic().message());
    }

    @Test
    void whatIsGivenInsteadCounts() {
        String foreign = "# syntax=foobar\nFROM a\n";
        assertDoesNotThrow(() -> Frontend.check(foreign, Optional.of("docker/dockerfile:1")));
        assertThrows(DockerfileException.class, () -> Frontend.check("FROM a\n", Optional.of("foobar")));
        assertDoesNotThrow(() -> Frontend.check("FROM a\n" + foreign, Optional.empty()));
    }

    @Test
    void suchAFileIsNotValid() {
        var problem =
                DockerfileChecker.check("# syntax=foobar\nFROM a\n").problem().orElseThrow();
        assertEquals(Optional.of(1), problem.line());
    }
}
