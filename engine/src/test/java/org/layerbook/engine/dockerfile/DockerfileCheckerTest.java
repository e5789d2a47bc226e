package org.layerbook.engine.dockerfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.dockerfile.check.DockerfileChecker;
import org.layerbook.engine.oci.Platform;

class DockerfileCheckerTest {
    static Stream<String> verdicts() {
        return Tables.cases("verdicts.txt");
    }

    @ParameterizedTest
    @MethodSource("verdicts")
    void judgesEachCaseAsBuildKitDoes(String verdict) {
        int arrow = verdict.lastIndexOf("\n=> ");
        var found = DockerfileChecker.check(verdict.substring(0, arrow + 1));
        String said = found.problem()
                .map(problem -> problem.line().map(String::valueOf).orElse("-") + " " + problem.message())
                .orElse("accepted");
        assertEquals(verdict.substring(arrow + 4).strip(), said.strip());
        assertEquals(said.equals("accepted"), found.accepted());
    }

    @Test
    void aFileWithoutAByteHasNoLine() {
        var problem = DockerfileChecker.check("").problem().orElseThrow();
        assertEquals(Optional.empty(), problem.line());
        assertEquals("the Dockerfile cannot be empty", problem.message());
    }

    @Test
    void theLineIsTheInstructionsAndThePlaceTheFaults() {
        var problem = DockerfileChecker.check("FROM a\nRUN b\nENV A=1 \\\n  # comment\n  B\n")
                .problem()
                .orElseThrow();
        assertEquals(Optional.of(3), problem.line());
        assertEquals(new SourceRange(5, 3, 5, 4), problem.diagnostic().range());
    }

    @Test
    void buildArgumentsComeBeforeDefaults() {
        String text = "ARG BASE\nFROM $BASE\nARG P=x\nEXPOSE $P\n";
        assertEquals(
                "base name ($BASE) should not be blank",
                DockerfileChecker.check(text).problem().orElseThrow().message());
        var options = BuildSettings.DEFAULT
                .change()
                .buildArgs(Map.of("BASE", "alpine", "P", "80"))
                .done();
        assertTrue(DockerfileChecker.check(text, options).accepted());
    }

    @Test
    void platformsAreThoseOfTheBuild() {
        String text = "FROM scratch\nARG BUILDPLATFORM TARGETPLATFORM\nEXPOSE $BUILDPLATFORM-$TARGETPLATFORM\n";
        var settings = BuildSettings.DEFAULT
                .change()
                .givenPlatform(Platform.parse("riscv64"))
                .done();
        String message =
                DockerfileChecker.check(text, settings).problem().orElseThrow().message();
        assertTrue(message.contains(Platform.host() + "-linux/riscv64"), message);
    }

    @Test
    void onlyWhatTheTargetNeedsIsLookedInto() {
        String text = "FROM a AS one\nEXPOSE x\nFROM b AS two\nEXPOSE 80\n";
        assertTrue(DockerfileChecker.check(text).accepted());
        var one = BuildSettings.DEFAULT.change().target("ONE").done();
        assertEquals(
                "invalid containerPort: x",
                DockerfileChecker.check(text, one).problem().orElseThrow().message());
        var none = BuildSettings.DEFAULT.change().target("on").done();
        assertEquals(
                "target stage \"on\" could not be found (did you mean one?)",
                DockerfileChecker.check(text, none).problem().orElseThrow().message());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"every-instruction", "heredocs", "onbuild", "healthcheck", "names-and-values", "directives"})
    void acceptsTheGoldenDockerfiles(String name) {
        var verdict = DockerfileChecker.check(
                Tables.readFile(Tables.goldenFolder().resolve(name).resolve("Dockerfile")));
        assertEquals(Optional.empty(), verdict.problem());
    }

    @Test
    void tenThousandStagesThatLeanOnEachOtherAreNoTrouble() {
        var text = new StringBuilder("FROM a AS s0\n");
        for (int stage = 1; stage < 10_000; stage++) {
            String base = stage % 2 == 0 ? "a" : "s" + (stage - 1);
            text.append("FROM ").append(base).append(" AS s").append(stage).append('\n');
            text.append("COPY --from=s").append(stage - 1).append(" /a /b\n");
        }
        assertEquals(Optional.empty(), DockerfileChecker.check(text.toString()).problem());
    }
}
