package org.layerbook.interpreter.shim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.shim.ShimDocker.Asked;

/** The programs of {@code launcher/shim} in real shells, against a docker of the test's. */
@Timeout(60)
class ShimTurnTest {
    private static final Path PROGRAMS =
            Path.of("../launcher/shim").toAbsolutePath().normalize();

    @TempDir
    private Path temporary;

    private final Cancellation cell = new Cancellation();

    private ShimTurn turn(ShimDocker docker) throws IOException {
        return ShimTurn.begin(new ShimPlace(Optional.of(PROGRAMS), Optional.of(temporary)), docker, cell);
    }

    private Process shell(ShimTurn turn, String script) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", script);
        builder.environment().putAll(turn.environment(Map.of("PATH", System.getenv("PATH"))));
        builder.environment().put("GREETING", "häl lo");
        return builder.directory(temporary.toFile())
                .redirectError(temporary.resolve("stderr").toFile())
                .start();
    }

    private static String output(Process process) throws IOException {
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private String errors() throws IOException {
        return Files.readString(temporary.resolve("stderr"));
    }

    @Test
    void wordsFolderEnvironmentAndStatusArrive() throws Exception {
        ShimDocker docker = asked -> {
            say(
                    asked,
                    asked.words()
                            + asked.environment().get("GREETING")
                            + asked.environment().get("A"));
            say(asked, asked.directory().endsWith("fol der") ? " there;" : " here;");
            return 42;
        };
        Files.createDirectory(temporary.resolve("fol der"));
        try (ShimTurn turn = turn(docker)) {
            Process process = shell(turn, "cd 'fol der'; A=b docker x '' 'a  b' \"two\nlines\" '*' -n 'ü\\0'");
            assertEquals("[docker, x, , a  b, two\nlines, *, -n, ü\\0]häl lob there;", output(process));
            assertEquals(42, process.waitFor());
            Process other = shell(turn, "sudo -E A=c docker -u x; podman; sudo -u nobody podman y");
            assertEquals(
                    "[docker, -u, x]häl loc here;[podman]häl lonull here;[podman, y]häl lonull here;", output(other));
        }
    }

    @Test
    void bytesPassUnchangedBothWays() throws Exception {
        byte[] bytes = new byte[3_000_001];
        new Random(1).nextBytes(bytes);
        Files.write(temporary.resolve("bytes"), bytes);
        ShimDocker echo = asked -> {
            try {
                asked.stdin().transferTo(asked.stdout());
            } catch (IOException e) {
                throw new CommandException(e.toString(), 1);
            }
            return 0;
        };
        try (ShimTurn turn = turn(echo)) {
            Process process = shell(turn, "docker 1 <bytes | docker 2 | cat | docker 3");
            assertArrayEquals(bytes, process.getInputStream().readAllBytes());
            assertEquals(0, process.waitFor());
        }
        assertEquals("", errors());
    }

    @Test
    void streamsThatShareAPipeKeepTheOrderOfTheirLines() throws Exception {
        String[] lines = new String[200];
        Arrays.setAll(lines, i -> i + "\n");
        ShimDocker docker = asked -> {
            try {
                for (int i = 0; i < lines.length; i++) {
                    (i % 2 == 0 ? asked.stdout() : asked.stderr()).write(lines[i].getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                throw new CommandException(e.toString(), 1);
            }
            return 3;
        };
        try (ShimTurn turn = turn(docker)) {
            Process process = shell(turn, "docker x 2>&1 | cat");
            assertEquals(String.join("", lines), output(process));
            assertEquals(3, shell(turn, "docker x >/dev/null 2>&1").waitFor());
        }
        assertEquals("", errors());
    }

    @Test
    void severalAreAnsweredAtOnce() throws Exception {
        var meeting = new CyclicBarrier(3);
        ShimDocker docker = asked -> {
            try {
                meeting.await();
            } catch (Exception e) {
                throw new CommandException(e.toString(), 1);
            }
            return 0;
        };
        try (ShimTurn turn = turn(docker)) {
            Process process = shell(turn, "docker a | docker b & docker c && wait && echo met");
            assertEquals("met\n", output(process));
        }
    }

    @Test
    void inputIsLeftToOthersWhereTheCommandReadsNone() throws Exception {
        try (ShimTurn turn = turn(asked -> say(asked, asked.words().get(1) + "\n"))) {
            Process process = shell(turn, "printf 'a\\nb\\nc\\n' | while read -r line; do docker \"$line\"; done");
            assertEquals("a\nb\nc\n", output(process));
        }
    }

    @Test
    void aFailureIsToldOnStandardError() throws Exception {
        ShimDocker docker = asked -> {
            throw new CommandException("Error: no\nsuch thing", 125);
        };
        try (ShimTurn turn = turn(docker)) {
            Process process = shell(turn, "docker x; echo $?");
            assertEquals("125\n", output(process));
            assertEquals("Error: no\nsuch thing\n", errors());
        }
    }

    /** What the docker of the test waits for: to be cancelled. */
    private static int untilCancelled(Asked asked, BlockingQueue<String> news) {
        var cancelled = new CountDownLatch(1);
        try (Cancellation.Registration _ = asked.cancellation().onCancel(cancelled::countDown)) {
            news.add("begun");
            cancelled.await();
            news.add("cancelled");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return 1;
    }

    @Test
    void signalsPassAndAKilledProcessEndsItsCommand() throws Exception {
        var news = new LinkedBlockingQueue<String>();
        try (ShimTurn turn = turn(asked -> untilCancelled(asked, news))) {
            for (String signal : List.of("INT 130", "TERM 143", "HUP 129", "KILL 137")) {
                String name = signal.split(" ")[0];
                // By exec: a shell that waits for a killed program would say so. By env: who started the tests in the
                // background has had these signals ignored, and a shell cannot take that back.
                Process process = shell(turn, "exec env --default-signal=INT,TERM,HUP docker wait");
                assertEquals("begun", news.take());
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor();
                assertEquals("cancelled", news.take(), name);
                assertEquals(Integer.parseInt(signal.split(" ")[1]), process.waitFor(), name);
            }
        }
    }

    @Test
    void interruptingTheCellEndsEveryCommandEvenOneThatReadsOrWrites() throws Exception {
        var begun = new CountDownLatch(2);
        ShimDocker docker = asked -> {
            try {
                begun.countDown();
                if (asked.words().contains("read")) {
                    asked.stdin().read();
                }
                while (!asked.cancellation().isCancelled()) {
                    asked.stdout().write(new byte[65536]);
                }
            } catch (IOException e) {
                throw new CommandException(e.toString(), 1);
            }
            return 0;
        };
        try (ShimTurn turn = turn(docker)) {
            // Nothing is ever written to the first, and nothing read of the second.
            Process reads = shell(turn, "exec docker read");
            Process writes = shell(turn, "exec docker write");
            begun.await();
            cell.cancel();
            writes.getInputStream().close();
            assertEquals(130, reads.waitFor());
            assertEquals(130, writes.waitFor());
        }
    }

    @Test
    void aReaderThatGoesEndsTheCommand() throws Exception {
        ShimDocker yes = asked -> {
            try {
                while (true) {
                    asked.stdout().write("yes\n".getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                throw new CommandException("broken: " + e, 1);
            }
        };
        try (ShimTurn turn = turn(yes)) {
            Process process = shell(turn, "(docker yes; echo $? >status) | head -n 1; cat status");
            assertEquals("yes\n141\n", output(process));
            assertEquals("", errors());
        }
    }

    @Test
    void theEndOfTheTurnEndsWhatIsLeftAndRefusesTheRest() throws Exception {
        var news = new LinkedBlockingQueue<String>();
        Process left;
        Process late;
        try (ShimTurn turn = turn(asked -> untilCancelled(asked, news))) {
            left = shell(turn, "exec docker wait");
            late = shell(turn, "read line; exec docker late");
            assertEquals("begun", news.take());
        }
        assertEquals("cancelled", news.take());
        assertTrue(left.waitFor(10, TimeUnit.SECONDS));
        assertEquals("", output(late));
        assertEquals(1, late.waitFor());
        assertEquals("docker: the Layerbook cell that started this command has ended\n", errors());
        try (var files = Files.list(temporary)) {
            assertEquals(0, files.filter(Files::isDirectory).count());
        }
    }

    @Test
    void onlyTheUserCanAsk() throws Exception {
        ShimDocker docker = asked -> {
            Path calls = Path.of(asked.environment().get("LAYERBOOK_CALLS"));
            try (var all = Files.walk(calls)) {
                for (Path file : all.toList()) {
                    String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                    assertTrue(permissions.endsWith("------"), file + " " + permissions);
                }
            } catch (IOException e) {
                throw new CommandException(e.toString(), 1);
            }
            return say(asked, "private");
        };
        try (ShimTurn turn = turn(docker)) {
            assertEquals("private", output(shell(turn, "umask 000; docker")));
        }
    }

    @Test
    void outsideOfASessionItSaysSo() throws Exception {
        Process process = new ProcessBuilder(PROGRAMS.resolve("docker").toString(), "images").start();
        assertEquals(1, process.waitFor());
        String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("docker: this command works only in host commands of a Layerbook session\n", said);
    }

    private static int say(Asked asked, String text) throws CommandException {
        try {
            asked.stdout().write(text.getBytes(StandardCharsets.UTF_8));
            return 0;
        } catch (IOException e) {
            throw new CommandException(e.toString(), 1);
        }
    }
}
