package org.layerbook.interpreter.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerbook.engine.Engine;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.Interpreter.Candidate;
import org.layerbook.interpreter.Interpreter.CellRequest;
import org.layerbook.interpreter.Interpreter.Completion;
import org.layerbook.interpreter.Rendered;
import org.layerbook.interpreter.testing.SessionScript.Transcript;

class SessionInterpreterTest {
    @TempDir
    Path folder;

    @TempDir
    Path store;

    private final ScriptedSandbox sandbox = new ScriptedSandbox();
    private TestEngine engine;
    private SessionInterpreter session;

    @BeforeEach
    void open() {
        engine = new TestEngine(store, sandbox);
        session = SessionInterpreter.open(new SessionInterpreter.Options(folder, Optional.empty()), engine);
    }

    @AfterEach
    void close() {
        session.close();
    }

    private CellResult run(String code) {
        return session.run(new CellRequest(code, Optional.empty(), Optional.empty()), new Transcript());
    }

    private String shown(String code) {
        var transcript = new Transcript();
        transcript.end(session.run(new CellRequest(code, Optional.empty(), Optional.empty()), transcript));
        return transcript.text();
    }

    @Test
    void opensTheEngineAtTheFirstCellThatNeedsIt() {
        run("%lsmagic\n!true\nRUN?\n# FROM busybox");
        session.complete("docker i", 8);
        session.inspect("RUN x", 1, 0);
        assertEquals(0, engine.timesOpened());
        run("FROM busybox");
        run("RUN touch /x");
        assertEquals(1, engine.timesOpened());
    }

    @Test
    void aFailingEngineFailsTheCellAndIsTriedAgain() {
        var broken = new TestEngine(store, sandbox) {
            private boolean broken = true;

            @Override
            public Engine open() throws IOException {
                if (broken) {
                    broken = false;
                    throw new IOException("the store /x cannot be written");
                }
                return super.open();
            }
        };
        try (var other = SessionInterpreter.open(new SessionInterpreter.Options(folder, Optional.empty()), broken)) {
            var request = new CellRequest("FROM busybox", Optional.empty(), Optional.empty());
            var failed = assertInstanceOf(CellResult.Failed.class, other.run(request, new Transcript()));
            assertEquals("System error", failed.name());
            assertEquals("the store /x cannot be written", failed.message());
            assertInstanceOf(CellResult.Ok.class, other.run(request, new Transcript()));
        }
    }

    @Test
    @Timeout(10)
    void interruptEndsTheStepAndLeavesTheStateAsBeforeIt() throws Exception {
        try (var executor = Executors.newSingleThreadExecutor()) {
            Callable<CellResult> cell = () -> run("FROM busybox\nRUN touch /one\nRUN sleep 600\nRUN never");
            Future<CellResult> running = executor.submit(cell);
            sandbox.asleep.await();
            session.interrupt();
            var failed = assertInstanceOf(CellResult.Failed.class, running.get(5, TimeUnit.SECONDS));
            assertEquals("Interrupted", failed.name());
            assertEquals(130, failed.exitStatus());
            assertEquals(List.of("touch /one", "sleep 600"), sandbox.lines());
            assertTrue(shown("%layers").contains(" in 2 layers · "), () -> shown("%layers"));
        }
    }

    @Test
    @Timeout(10)
    void interruptEndsAHostCommand() throws Exception {
        Path started = folder.resolve("started");
        try (var executor = Executors.newSingleThreadExecutor()) {
            Callable<CellResult> cell = () -> run("!touch started; exec sleep 600\n!touch never");
            Future<CellResult> running = executor.submit(cell);
            while (!Files.exists(started)) {
                Thread.onSpinWait();
            }
            session.interrupt();
            var failed = assertInstanceOf(CellResult.Failed.class, running.get(5, TimeUnit.SECONDS));
            assertEquals("Interrupted", failed.name());
            assertTrue(Files.notExists(folder.resolve("never")));
        }
    }

    @Test
    void nothingIsInterruptedBetweenCells() {
        session.interrupt();
        assertInstanceOf(CellResult.Ok.class, run("FROM busybox"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "FR ~ FROM",
                "fr ~ from",
                "%und ~ %undo",
                "%%fil ~ %%file",
                "doc ~ docker",
                "docker his ~ history",
                "!docker his ~ history",
                "docker history @t ~ @tools",
                "FROM al ~ alpine",
                "FROM too ~ tools",
                "FROM alpine a ~ AS",
                "COPY --fr ~ --from=",
                "COPY --from=to ~ --from=tools",
                "COPY a ~ a.txt app/",
                "COPY app/ ~ app/main.py",
                "RUN echo $GR ~ $GREETING",
                "RUN echo x${GR ~ x${GREETING}",
                "RUN --mount=type=c ~ --mount=type=cache",
                "RUN --net ~ --network=",
                "RUN a \\⏎ $GR ~ $GREETING",
                "%context a ~ app/",
                "%load a ~ a.txt app/",
                "%load --u ~ --until",
                "%dockerfile --o ~ --output",
                "%files @ ~ @ @tools @0 @[7]",
                "%env PA ~ PATH",
                "nothing zzz ~ ''",
                "HEALTHCHECK N ~ NONE",
                "ONBUILD RU ~ RUN",
                "RUN echo `date`⏎COPY --fr ~ --from=",
                "RUN <<EOF⏎COPY --fr ~ ''",
                "docker images && docker his ~ history",
                "FROM busybox AS extra⏎COPY --from=ex ~ --from=extra",
                "FROM busybox AS extra⏎FROM ex ~ extra",
                "FROM tools AS extra⏎FROM too ~ tools",
                "ARG FRESH=1⏎RUN echo $FR ~ $FRESH",
                "ENV FRESH=1⏎RUN echo ${FR ~ ${FRESH}",
                "ARG FRESH=1⏎FROM alpine:$FR ~ alpine:$FRESH",
                "FROM alpine⏎RUN echo $GR ~ ''",
                "FROM @⏎RUN echo $GR ~ ''",
                "ENV FRESH=1⏎FROM @tools⏎RUN echo $FR ~ $FRESH",
                "%%dockerfile⏎FROM alpine AS own⏎COPY --from=o ~ --from=own",
                "%%dockerfile⏎FROM alpine⏎COPY --from=to ~ ''",
            })
    void completes(String code, String expected) throws IOException {
        Files.createDirectory(folder.resolve("app"));
        Files.writeString(folder.resolve("app/main.py"), "");
        Files.writeString(folder.resolve("a.txt"), "");
        Files.writeString(folder.resolve(".hidden"), "");
        session.run(
                new CellRequest("FROM busybox AS tools\nARG GREETING=hello", Optional.empty(), Optional.of(7)),
                new Transcript());
        String text = code.replace("⏎", "\n");
        Completion completion = session.complete(text + "\nRUN after", text.length());
        assertEquals(
                List.of(expected.isEmpty() ? new String[0] : expected.split(" ")),
                completion.candidates().stream().map(Candidate::text).toList());
        assertEquals(text.length(), completion.end());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "RUN echo, 1 ~ RUN [--mount",
                "RUN echo, 7 ~ RUN [--mount",
                "run echo, 0 ~ RUN [--mount",
                "docker tag a b, 9 ~ Usage:  docker tag",
                "!docker tag a b, 9 ~ Usage:  docker tag",
                "%undo 2, 3 ~ %undo [N]",
                "%%dockerfile, 4 ~ %%dockerfile [-t",
                "%dockerfile, 4 ~ %dockerfile [-o",
                "docker images && docker tag a b, 26 ~ Usage:  docker tag",
                "RUN echo \\⏎ b, 13 ~ RUN [--mount",
            })
    void helpsOnWhatStandsAtTheCursor(String where, String expected) {
        String[] parts = where.split(", ");
        String code = "FROM busybox\n" + parts[0].replace("⏎", "\n") + "\nENV A=1";
        Optional<Rendered> help = session.inspect(code, 13 + Integer.parseInt(parts[1]), 0);
        assertTrue(help.isPresent() && help.get().text().startsWith(expected), () -> help.toString());
    }

    @Test
    void hasHelpOnEveryInstructionAndMagic() {
        for (String line : shown("%lsmagic").split("\n")) {
            if (line.startsWith("> %")) {
                String name = line.substring(2).split(" ")[0];
                assertInstanceOf(CellResult.Ok.class, run(name + "?"), name);
            }
        }
        for (String keyword : org.layerbook.interpreter.cell.Vocabulary.INSTRUCTIONS) {
            assertInstanceOf(CellResult.Ok.class, run(keyword + "?"), keyword);
        }
    }
}
