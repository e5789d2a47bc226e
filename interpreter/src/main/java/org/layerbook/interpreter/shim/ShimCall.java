package org.layerbook.interpreter.shim;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.interpreter.command.spec.CommandException;

/** One call of the {@code docker} on a PATH, from the folder that it made. */
final class ShimCall {
    private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);
    private static final int SIGPIPE = 13;

    private final Path folder;
    private final ShimDocker docker;
    private final Cancellation cancellation = new Cancellation();
    /** The command and the process that asked for it; what ends last takes the folder away. */
    private final AtomicInteger alive = new AtomicInteger(2);

    private volatile int signal = SIGNALS.get("INT");

    ShimCall(Path folder, ShimDocker docker) {
        this.folder = folder;
        this.docker = docker;
    }

    /** Ends the command, from any thread. */
    void cancel() {
        cancellation.cancel();
    }

    /** Carries it out and tells its status. @throws IOException when the other side cannot be spoken to */
    @SuppressWarnings("try") // the registration is only closed
    void run() throws IOException {
        try (var said = new Lines(folder.resolve("said"));
                var stdin = new InputPipe(folder.resolve("in"), said)) {
            var stdout = new OutputPipe(folder.resolve("out"));
            var stderr = new OutputPipe(folder.resolve("err"));
            int status;
            try (stdout;
                    stderr;
                    var registration = cancellation.onCancel(() -> abandon(stdin, stdout, stderr))) {
                var asked = new BufferedReader(
                        new InputStreamReader(Pipes.reading(folder.resolve("asked")), StandardCharsets.US_ASCII));
                Thread.ofPlatform()
                        .daemon()
                        .name("asked of " + folder.getFileName())
                        .start(() -> hear(asked, stdin));
                said.say("ready");
                status = status(stdin, stdout, stderr);
            }
            said.say("exit " + status);
        }
        oneLess();
    }

    private int status(InputPipe stdin, OutputPipe stdout, OutputPipe stderr) throws IOException {
        int status;
        String message = "";
        List<String> words = zeroEnded("words");
        try {
            status = docker.run(new ShimDocker.Asked(
                    words.subList(1, words.size()),
                    Path.of(words.getFirst()),
                    environment(),
                    stdin,
                    stdout,
                    stderr,
                    cancellation));
        } catch (CommandException e) {
            status = Math.clamp(e.exitStatus(), 1, 255);
            message = e.getMessage();
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
            status = 1;
            message = "layerbook: internal error: " + e;
        }
        if (cancellation.isCancelled()) {
            return 128 + signal;
        }
        if (stdout.isBroken() || stderr.isBroken()) {
            return 128 + SIGPIPE;
        }
        if (!message.isEmpty()) {
            stderr.write((message + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return status;
    }

    private static void abandon(InputPipe stdin, OutputPipe stdout, OutputPipe stderr) {
        try {
            stdin.end();
            stdout.abandon();
            stderr.abandon();
        } catch (IOException e) {
            // The pipes are gone with the process that made them: nothing waits on them then.
        }
    }

    /** Until the other side is gone, with which the command ends. */
    private void hear(BufferedReader asked, InputPipe stdin) {
        try (asked) {
            for (String line = asked.readLine(); line != null; line = asked.readLine()) {
                if (line.equals("opened")) {
                    stdin.otherSideIsThere();
                } else if (SIGNALS.containsKey(line)) {
                    signal = SIGNALS.get(line);
                    cancel();
                }
            }
        } catch (IOException e) {
            // As good as the end.
        }
        cancel();
        oneLess();
    }

    private void oneLess() {
        if (alive.decrementAndGet() == 0) {
            Folders.delete(folder);
        }
    }

    private List<String> zeroEnded(String file) throws IOException {
        // What is no UTF-8 must not fail the call.
        String text = new String(Files.readAllBytes(folder.resolve(file)), StandardCharsets.UTF_8);
        List<String> parts = List.of(text.split("\0", -1));
        return parts.subList(0, parts.size() - 1);
    }

    private Map<String, String> environment() throws IOException {
        var variables = new LinkedHashMap<String, String>();
        for (String variable : zeroEnded("environment")) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                variables.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        return variables;
    }
}
