package org.layerbook.engine.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.concurrent.Uninterruptibly;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.engine.linux.LinuxFiles;

/** What every sandbox that runs real processes keeps. */
@Timeout(60)
abstract class SandboxContract {
    static final String PATH = "PATH=/bin";

    @TempDir
    Path dir;

    /** Nobody else sleeps so long: what is still there afterwards is ours. */
    final String seconds = Long.toString(100_000 + System.nanoTime() % 1_000_000_000);

    Path root;
    Sandbox sandbox;

    /** Or skips, saying what is missing. */
    abstract Sandbox create(Path scratch) throws IOException;

    @BeforeEach
    void makeRoot() throws IOException {
        root = BusyboxRoot.make(dir.resolve("rootfs"));
        sandbox = create(Files.createDirectory(dir.resolve("scratch")));
    }

    ProcessSpec spec(String... argv) {
        return new ProcessSpec(
                root,
                false,
                List.of(argv),
                List.of(PATH),
                "/",
                ProcessSpec.Identity.ROOT,
                List.of(),
                ProcessSpec.Network.HOST,
                Optional.empty(),
                List.of(new ProcessSpec.Host("db", "10.0.0.7")));
    }

    record Outcome(int status, String out, String err) {}

    Outcome run(ProcessSpec spec, String input) throws SandboxException, IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ExitStatus status = sandbox.run(
                spec,
                new ProcessIo(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), out, err),
                new Cancellation());
        return new Outcome(status.code(), out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    Outcome sh(String script) throws SandboxException, IOException {
        return run(spec("sh", "-c", script), "");
    }

    @ParameterizedTest
    @CsvSource({
        "exit 0, 0",
        "exit 3, 3",
        "exit 255, 255",
        "no-such-program, 127",
        "/etc, 126",
        "sh -c 'kill -9 $$', 137",
        "sh -c 'kill -TERM $$', 143",
    })
    void theStatusIsTheProcesss(String script, int status) throws Exception {
        Files.createDirectories(root.resolve("etc"));
        assertEquals(status, sh(script + "; exit $?").status());
    }

    @Test
    void whatCannotBeExecutedHasDockersStatus() throws Exception {
        Files.writeString(root.resolve("text"), "no program");
        Outcome missing = run(spec("missing"), "");
        assertEquals(127, missing.status());
        assertEquals("exec: \"missing\": executable file not found in $PATH\n", missing.err());
        assertEquals(127, run(spec("/bin/missing"), "").status());
        assertEquals(126, run(spec("/text"), "").status());
        assertEquals(126, run(spec("/bin"), "").status());
    }

    @Test
    void streamsAreApartAndWhole() throws Exception {
        Outcome o = run(spec("sh", "-c", "cat; echo error >&2; seq 100000 | wc -l; seq 100000"), "input\n");
        assertEquals(0, o.status());
        assertEquals("error\n", o.err());
        assertTrue(o.out().startsWith("input\n100000\n1\n2\n"), o.out().substring(0, 20));
        assertTrue(o.out().endsWith("99999\n100000\n"));
    }

    @Test
    void environmentAndDirectoryAreTheSpecs() throws Exception {
        Files.createDirectories(root.resolve("work/here"));
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(root.resolve("etc/passwd"), "root:x:0:0::/home/of/root:/bin/sh\n");
        // The launcher sets a locale in which Java can pass every character on; a test may run in another.
        String odd = "UTF-8".equals(System.getProperty("sun.jnu.encoding")) ? "a b=c ü" : "a b=c u";
        ProcessSpec s = spec("sh", "-c", "pwd; echo $X; echo $HOME; env | grep -v -e PWD -e SHLVL | wc -l");
        ProcessSpec moved = new ProcessSpec(
                s.rootfs(),
                false,
                s.argv(),
                List.of(PATH, "X=" + odd),
                "/work/here",
                s.user(),
                s.mounts(),
                s.network(),
                s.hostname(),
                s.extraHosts());
        assertEquals(
                "/work/here\n" + odd + "\n/home/of/root\n3\n", run(moved, "").out());
    }

    @Test
    void namesOfHostsAreThereAndLeaveNothing() throws Exception {
        Outcome o = sh("grep 10.0.0.7 /etc/hosts; test -f /etc/resolv.conf && echo there");
        assertEquals("10.0.0.7\tdb\nthere\n", o.out(), o.err());
        assertFalse(Files.exists(root.resolve("etc")), "the stubs and the directory made for them");

        Path etc = Files.createDirectory(root.resolve("etc"));
        Files.writeString(etc.resolve("hosts"), "the image's own");
        LinuxFiles.setTimes(etc, 1000, 5);
        sh("cat /etc/hosts");
        assertEquals("the image's own", Files.readString(etc.resolve("hosts")));
        assertFalse(Files.exists(etc.resolve("resolv.conf")));
        assertEquals(1000, LinuxFiles.lstat(etc).mtimeSeconds());
        sh("touch /etc/new");
        assertTrue(LinuxFiles.lstat(etc).mtimeSeconds() > 1000, "what the process itself does is to be seen");
    }

    @Test
    void backgroundProcessesEndWithTheirParent() throws Exception {
        Outcome o = sh("sleep " + seconds + " & setsid sleep " + seconds + " & echo started");
        assertEquals("started\n", o.out());
        assertNoProcessLeft();
    }

    @Test
    void cancellingKillsTheWholeTree() throws Exception {
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
        ExitStatus status = sandbox.run(
                spec(
                        "sh",
                        "-c",
                        "sleep N & setsid sh -c 'sleep N; true' & sh -c 'trap \"\" TERM; echo x; sleep N'"
                                .replace("N", seconds)),
                ProcessIo.outputOnly(out, OutputStream.nullOutputStream()),
                cancellation);
        canceller.join();
        assertEquals(ExitStatus.cancelled(), status);
        assertNoProcessLeft();
        assertEquals(
                ExitStatus.cancelled(),
                sandbox.run(spec("true"), ProcessIo.outputOnly(out, out), cancellation),
                "cancelled before it began");
    }

    @Test
    void cancellingAtAnyMomentLeavesNothing() throws Exception {
        for (int micros = 0; micros < 40_000; micros += 3_700) {
            Cancellation cancellation = new Cancellation();
            int delay = micros;
            Thread canceller = Thread.ofPlatform().start(() -> {
                Uninterruptibly.await(() -> Thread.sleep(Duration.ofNanos(delay * 1000L)));
                cancellation.cancel();
            });
            ExitStatus status = sandbox.run(
                    spec("sleep", seconds),
                    ProcessIo.outputOnly(OutputStream.nullOutputStream(), OutputStream.nullOutputStream()),
                    cancellation);
            canceller.join();
            assertEquals(ExitStatus.cancelled(), status);
            assertNoProcessLeft();
        }
        assertScratchIsEmpty();
    }

    @Test
    void aReceiverThatFailsIsReportedAfterTheProcess() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("the receiver is full");
            }
        };
        IOException e = assertThrows(
                IOException.class,
                () -> sandbox.run(spec("seq", "100000"), ProcessIo.outputOnly(full, full), new Cancellation()));
        assertEquals("the receiver is full", e.getMessage());
    }

    void assertScratchIsEmpty() throws IOException {
        try (var files = Files.walk(dir.resolve("scratch"))) {
            assertEquals(List.of(), files.filter(Files::isRegularFile).toList());
        }
    }

    void assertNoProcessLeft() throws IOException {
        try (var all = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
            for (Path each : all) {
                Path link = each.resolve("root");
                try {
                    if (Files.readSymbolicLink(link).startsWith(root)) {
                        throw new AssertionError("still running: " + Files.readString(each.resolve("cmdline")));
                    }
                    String cmdline = Files.readString(each.resolve("cmdline"));
                    assertFalse(cmdline.startsWith("sleep\000" + seconds), "still running: " + cmdline);
                } catch (IOException gone) {
                    continue;
                }
            }
        }
    }
}
