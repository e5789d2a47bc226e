package org.layerbook.engine.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.concurrent.Uninterruptibly;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.HostCommand;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.ProcessIo;

/** What host commands keep, wherever they run. Run in JUnit for one adapter, inside the launcher's namespaces for the other. */
@Timeout(60)
abstract class HostCommandsContract {
    /** Nobody else sleeps so long. */
    final String seconds = Long.toString(100_000 + System.nanoTime() % 1_000_000_000);

    abstract HostCommands host();

    record Outcome(int status, String out, String err) {}

    Outcome run(InputStream input, String script, Map<String, String> more) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Map<String, String> environment = new HashMap<>(host().environment());
        environment.putAll(more);
        ExitStatus status = host().run(
                        HostCommand.shell(script, Path.of("/usr"), environment),
                        new ProcessIo(input, out, err),
                        new Cancellation());
        return new Outcome(status.code(), out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    Outcome sh(String script) throws IOException {
        return run(ProcessIo.NO_INPUT, script, Map.of());
    }

    @Test
    void statusesAreExact() throws IOException {
        assertEquals(0, sh("true").status());
        assertEquals(3, sh("exit 3").status());
        assertEquals(127, sh("no-such-program-at-all").status());
        assertEquals(126, sh("/usr").status());
        assertEquals(137, sh("kill -9 $$").status());
        assertEquals(143, sh("kill -TERM $$").status());
        HostCommand missing = new HostCommand(List.of("no-such-program"), Path.of("/"), host().environment());
        assertEquals(
                127,
                host().run(
                                missing,
                                ProcessIo.outputOnly(OutputStream.nullOutputStream(), OutputStream.nullOutputStream()),
                                new Cancellation())
                        .code());
    }

    @Test
    void streamsAreApartAndWhole() throws IOException {
        Outcome o = sh("echo error >&2; seq 200000; printf 'no newline\\000'");
        assertEquals("error\n", o.err());
        assertTrue(o.out().startsWith("1\n2\n"));
        assertTrue(
                o.out().endsWith("199999\n200000\nno newline\0"),
                o.out().substring(o.out().length() - 30));
        assertEquals(1288895 + 11, o.out().length());
    }

    @Test
    void inputIsFedAndEnds() throws IOException {
        byte[] input = "x".repeat(200_000).getBytes(StandardCharsets.UTF_8);
        assertEquals(
                "200000\n",
                run(new ByteArrayInputStream(input), "wc -c", Map.of()).out());
        assertEquals("", run(new ByteArrayInputStream(input), "true", Map.of()).out());
        assertEquals("", sh("cat").out(), "without input a program reads the end at once");
    }

    @Test
    void environmentDirectoryAndWordsAreExact() throws IOException {
        Outcome o = run(
                ProcessIo.NO_INPUT,
                "pwd; printf '%s|' \"$A\" \"$B\"; env | grep -cE '^LAYERBOOK_(RUNTIME|ISOLATION|USER|TERMINAL)'",
                Map.of("A", "it's \"quoted\" $HOME `x` \\ é", "B", "two\nlines"));
        assertEquals("/usr\nit's \"quoted\" $HOME `x` \\ é|two\nlines|0\n", o.out(), o.err());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        host().run(
                        new HostCommand(
                                List.of("printf", "<%s>", "", "a b", "*", "-n", "'"),
                                Path.of("/"),
                                host().environment()),
                        ProcessIo.outputOnly(out, out),
                        new Cancellation());
        assertEquals("<><a b><*><-n><'>", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aDirectoryThatIsNotThereIsSaid() throws IOException {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ExitStatus status = host().run(
                        HostCommand.shell("true", Path.of("/no/such"), host().environment()),
                        ProcessIo.outputOnly(err, err),
                        new Cancellation());
        assertEquals(126, status.code());
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("/no/such"));
    }

    /** Whether these commands can be given Ctrl-C back where this process was started without it. */
    boolean restoresSigint() throws IOException {
        return true;
    }

    @Test
    void interruptsAreNotIgnored() throws IOException {
        assumeTrue(restoresSigint(), "these tests were started where SIGINT is ignored");
        assertEquals(
                "caught\n",
                sh("trap 'echo caught; exit 0' INT; kill -INT $$; echo went on").out());
    }

    @Test
    void whatStaysInTheBackgroundDoesNotHoldTheCellUp() throws IOException {
        Outcome o = sh("sleep " + seconds + " & echo started");
        assertEquals(new Outcome(0, "started\n", ""), o);
        assertTrue(sh("pgrep -f 'sleep " + seconds + "' | grep -vx $$ | wc -l")
                        .out()
                        .strip()
                        .compareTo("0")
                > 0);
    }

    @Test
    void cancellingKillsTheGroup() throws Exception {
        for (String script : List.of("sleep N & echo x; sleep N", "trap '' TERM; echo x; while :; do sleep N; done")) {
            Cancellation cancellation = new Cancellation();
            CountDownLatch started = new CountDownLatch(1);
            OutputStream out = new OutputStream() {
                @Override
                public void write(int b) {
                    started.countDown();
                }
            };
            Thread canceller = Thread.ofVirtual().start(() -> {
                Uninterruptibly.await(started::await);
                cancellation.cancel();
            });
            String other = seconds + "1";
            ExitStatus status = host().run(
                            HostCommand.shell(script.replace("N", other), Path.of("/"), host().environment()),
                            ProcessIo.outputOnly(out, out),
                            cancellation);
            canceller.join();
            assertEquals(ExitStatus.cancelled(), status);
            assertEquals("", sh("pgrep -x sleep -a | grep ' " + other + "$'").out());
        }
    }

    @Test
    void manyRunSideBySide() throws Exception {
        List<Thread> threads = new ArrayList<>();
        List<String> answers = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 20; i++) {
            int number = i;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    Outcome o = sh("echo " + number + "; exit " + number);
                    answers.add(o.out().strip() + " " + o.status());
                } catch (IOException e) {
                    answers.add(e.toString());
                }
            }));
        }
        for (Thread each : threads) {
            each.join();
        }
        for (int i = 0; i < 20; i++) {
            assertTrue(answers.contains(i + " " + i), answers::toString);
        }
    }

    @Test
    void aReceiverThatFailsIsReported() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("full");
            }
        };
        assertEquals(
                "full",
                assertThrows(
                                IOException.class,
                                () -> host().run(
                                                HostCommand.shell("seq 100000", Path.of("/"), host().environment()),
                                                ProcessIo.outputOnly(full, full),
                                                new Cancellation()))
                        .getMessage());
    }

    static void assertNoFilesIn(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (var all = Files.list(directory)) {
                assertFalse(all.findAny().isPresent());
            }
        }
    }
}
