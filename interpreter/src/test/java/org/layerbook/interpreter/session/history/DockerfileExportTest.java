package org.layerbook.interpreter.session.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.step.BuildListener;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.parse.DockerfileParser;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.Interpreter.CellRequest;
import org.layerbook.interpreter.session.ScriptedSandbox;
import org.layerbook.interpreter.session.SessionInterpreter;
import org.layerbook.interpreter.session.TestEngine;
import org.layerbook.interpreter.testing.SessionScript.Transcript;

/** What {@code %dockerfile} writes, built alone and without the cache, is the image of the session. */
public class DockerfileExportTest {
    @TempDir
    Path folder;

    @TempDir
    Path store;

    static Stream<List<String>> files() {
        return Stream.of(
                List.of("FROM busybox", "RUN touch /one\nENV A=1", "ENTRYPOINT [\"sh\"]\nCMD -c ls"),
                List.of("ARG V=latest\nFROM busybox:$V AS base\nARG V", "RUN echo $V > /v", "FROM base\nRUN touch /x"),
                List.of("FROM busybox\nARG A=1\nRUN echo $A > /a", "ARG A=2\nRUN echo $A > /b"),
                List.of("FROM busybox\nCOPY file /x/\nWORKDIR /x/y\nLABEL a=b \"c d\"=e", "ADD file /y\nUSER 5"),
                List.of("FROM busybox", "RUN <<EOF\ntouch /x\nEOF", "COPY <<a <<b /h/\none\na\ntwo\nb"),
                List.of(
                        "FROM busybox\nONBUILD RUN touch /trigger\nHEALTHCHECK --interval=5s CMD true\nEXPOSE 80 90/udp"));
    }

    /** What only a session can be: magics, references, a name that is taken over, two escape characters. */
    static Stream<List<String>> sessions() {
        return Stream.concat(
                files(),
                Stream.of(
                        List.of(
                                "%args WHO=me",
                                "FROM alpine\nARG WHO=you OTHER=\"two words\"\nRUN echo $WHO $OTHER > /who"),
                        List.of(
                                "FROM busybox AS s\nRUN touch /s",
                                "FROM alpine AS t\nCOPY --from=s /s /s",
                                "FROM t AS s\nCOPY --from=0 /s /2"),
                        List.of("FROM busybox\nARG C=1 C=2\nRUN echo $C > /c"),
                        List.of("FROM busybox\nRUN touch /s", "FROM @\nRUN touch /t", "FROM @0\nRUN touch /u"),
                        List.of(
                                "# escape=`\nFROM busybox\nRUN touch /a && `\n touch /b",
                                "RUN touch /c && \\\n touch /d"),
                        List.of("%new a\nFROM busybox\nRUN touch /a", "%new b\nFROM alpine\nRUN touch /b")));
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void givesTheSameImage(List<String> cells) throws Exception {
        Files.writeString(folder.resolve("file"), "text");
        var engine = new TestEngine(store, new ScriptedSandbox());
        try (var session = SessionInterpreter.open(new SessionInterpreter.Options(folder, Optional.empty()), engine)) {
            for (String cell : cells) {
                run(session, cell, new Transcript());
            }
            var transcript = new Transcript();
            run(session, "%dockerfile -o Dockerfile", transcript);
            Image image = session.images().resolve("@").orElseThrow();
            assertEquals(facts(image), facts(built(engine)), () -> file());
        }
    }

    @Test
    void aValueCanLookLikeADeclaration() throws Exception {
        try (var session = SessionInterpreter.open(
                new SessionInterpreter.Options(folder, Optional.empty()),
                new TestEngine(store, new ScriptedSandbox()))) {
            run(session, "%args 'A=x B=y'", new Transcript());
            run(session, "FROM busybox\nARG A B=z", new Transcript());
            run(session, "%dockerfile -o Dockerfile", new Transcript());
            assertEquals("FROM busybox\nARG A='x B=y' B=z\n", file());
        }
    }

    /** A Dockerfile that is typed cell by cell gives what it gives as a file. */
    @ParameterizedTest
    @MethodSource("files")
    void cellByCellIsAsAFile(List<String> cells) throws Exception {
        Files.writeString(folder.resolve("file"), "text");
        Files.writeString(folder.resolve("Dockerfile"), String.join("\n", cells));
        var engine = new TestEngine(store, new ScriptedSandbox());
        try (var session = SessionInterpreter.open(new SessionInterpreter.Options(folder, Optional.empty()), engine)) {
            for (String cell : cells) {
                run(session, cell, new Transcript());
            }
            Image image = session.images().resolve("@").orElseThrow();
            assertEquals(facts(image), facts(built(engine)));
        }
    }

    private static void run(SessionInterpreter session, String cell, Transcript transcript) {
        CellResult result = session.run(new CellRequest(cell, Optional.empty(), Optional.empty()), transcript);
        assertInstanceOf(CellResult.Ok.class, result, () -> cell + ": " + result);
    }

    private Image built(TestEngine engine) throws Exception {
        BuildSettings settings =
                BuildSettings.DEFAULT.change().context(folder).noCache(true).done();
        return engine.builder()
                .build(DockerfileParser.parse(file()), settings, BuildListener.NONE, new Cancellation())
                .image();
    }

    private String file() {
        try {
            return Files.readString(folder.resolve("Dockerfile"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** All but the times, and the layers' digests, which hold times. */
    public static List<Object> facts(Image image) {
        ImageConfig config = image.config();
        return List.of(
                config.platform(),
                config.config(),
                config.history().stream()
                        .map(h -> h.createdBy() + " " + h.emptyLayer())
                        .toList(),
                image.layers().stream().map(l -> l.size()).toList());
    }
}
