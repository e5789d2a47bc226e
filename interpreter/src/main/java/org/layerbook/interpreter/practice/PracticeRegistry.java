package org.layerbook.interpreter.practice;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.HostCommand;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.interpreter.report.RegistryLogReport;
import org.layerbook.interpreter.report.RegistryReport;

/**
 * The registry of one session, at most one at a time. It runs as the user, outside of the namespaces, and listens on
 * loopback only. It ends with the session: when that closes, and when its processes are killed, since what a host command
 * left running goes with Layerbook. Thread-safe.
 */
public final class PracticeRegistry implements AutoCloseable {
    private static final long START_MS = 15_000;
    private static final long POLL_MS = 10;
    private static final int NO_PROGRAM = 127;
    private static final int NO_FOLDER = 3;

    /** In {@code $1}: config.yml; there appear log, pid, and ended with the status at the end. {@code $2}: the images. */
    private static final String START = """
            program=$(command -v docker-registry || command -v registry) || exit 127
            mkdir -p -- "$2" || exit 3
            (
                trap : TERM
                /bin/sh -c 'echo $$ >"$1/pid"; exec "$2" serve "$1/config.yml"' sh "$1" "$program" >"$1/log" 2>&1
                echo $? >"$1/ended"
            ) </dev/null >/dev/null 2>&1 &
            """;

    /** Asks it to end, for three seconds, then ends it; then removes {@code $1}. */
    private static final String STOP = """
            read -r pid <"$1/pid" && kill "$pid"
            left=60
            while [ ! -e "$1/ended" ] && [ "$left" -gt 0 ]; do sleep 0.05; left=$((left - 1)); done
            [ -e "$1/ended" ] || kill -KILL "$pid"
            rm -rf -- "$1"
            """;

    private final HostCommands host;
    private final Scratch scratch;
    private Optional<Running> running = Optional.empty();

    /** Where the registry's own files go: a new folder that is removed with the session at the latest. */
    @FunctionalInterface
    public interface Scratch {
        Path folder() throws IOException;
    }

    /** @param folder config, log, password file; and the images, unless they are kept elsewhere */
    private record Running(PracticeSettings settings, int port, Path folder, Path images) {
        boolean hasEnded() {
            return Files.exists(folder.resolve("ended"));
        }
    }

    public PracticeRegistry(HostCommands host, Scratch scratch) {
        this.host = host;
        this.scratch = scratch;
    }

    /** Starts it, and waits until it answers. */
    public synchronized void start(PracticeSettings settings) throws PracticeException, IOException {
        if (running.filter(now -> !now.hasEnded()).isPresent()) {
            throw new PracticeException(
                    "the practice registry is already running on localhost:"
                            + running.get().port(),
                    "`%registry stop` stops it");
        }
        stop();
        if (settings.user().isPresent()
                && PracticeSettings.isTooLong(settings.user().get().password())) {
            throw new PracticeException(
                    "the password is longer than " + PracticeSettings.LONGEST_PASSWORD + " bytes", "");
        }
        int port = free(settings.port());
        Path folder = Files.createDirectory(
                scratch.folder().resolve("registry"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var next = new Running(settings, port, folder, settings.keep().orElse(folder.resolve("images")));
        if (settings.user().isPresent()) {
            Files.writeString(
                    folder.resolve("htpasswd"),
                    PracticeSettings.htpasswd(settings.user().get()));
        }
        Files.writeString(
                folder.resolve("config.yml"),
                settings.configuration(
                        port, folder, next.images(), UUID.randomUUID().toString()));
        launch(next);
        running = Optional.of(next);
        awaitAnswer(next);
    }

    private static int free(int wanted) throws PracticeException, IOException {
        try (var socket = new ServerSocket()) {
            socket.bind(loopback(wanted));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new PracticeException(
                    "port " + wanted + " of this machine is in use or not permitted",
                    "use another one: `%registry start --port " + (wanted + 1) + "`");
        }
    }

    private static InetSocketAddress loopback(int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    }

    private void launch(Running next) throws PracticeException, IOException {
        var said = new ByteArrayOutputStream();
        ExitStatus status =
                shell(START, said, next.folder().toString(), next.images().toString());
        if (status.isSuccess()) {
            return;
        }
        shell("rm -rf -- \"$1\"", OutputSink.NONE, next.folder().toString());
        switch (status.code()) {
            case NO_PROGRAM ->
                throw new PracticeException(
                        "no registry program found: neither `docker-registry` nor `registry` is on the PATH",
                        "on Debian and Ubuntu, run `apt-get install docker-registry`; elsewhere, install `registry`"
                                + " from github.com/distribution/distribution");
            case NO_FOLDER ->
                throw new PracticeException(
                        "cannot create the directory for its images: "
                                + said.toString(StandardCharsets.UTF_8).strip(),
                        "");
            default ->
                throw new PracticeException(
                        "cannot start the practice registry: "
                                + said.toString(StandardCharsets.UTF_8).strip(),
                        "");
        }
    }

    private void awaitAnswer(Running next) throws PracticeException, IOException {
        long end = System.nanoTime() + START_MS * 1_000_000;
        while (!answers(next.port())) {
            if (next.hasEnded() || System.nanoTime() > end) {
                String last = lastError(next);
                stop();
                throw new PracticeException("the practice registry did not start" + last, "");
            }
            try {
                Thread.sleep(POLL_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                stop();
                throw new PracticeException("interrupted", "");
            }
        }
    }

    private static boolean answers(int port) {
        try (var socket = new Socket()) {
            socket.connect(loopback(port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String lastError(Running of) throws IOException {
        List<String> lines = lines(of.folder().resolve("log"));
        return lines.isEmpty() ? "" : ": " + lines.getLast();
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.exists(file)
                ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                        .lines()
                        .toList()
                : List.of();
    }

    /** Ends it, and throws away its images where they were not to be kept. @return whether there was one */
    public synchronized boolean stop() throws IOException {
        if (running.isEmpty()) {
            return false;
        }
        Path folder = running.get().folder();
        running = Optional.empty();
        shell(STOP, OutputSink.NONE, folder.toString());
        return true;
    }

    /** What runs, and what it holds; absent when nothing runs. */
    public synchronized Optional<RegistryReport> status() throws IOException {
        if (running.isEmpty() || running.get().hasEnded()) {
            return Optional.empty();
        }
        Running now = running.get();
        var user = now.settings().user();
        return Optional.of(new RegistryReport(
                "localhost:" + now.port(),
                user.map(PracticeSettings.User::name),
                user.filter(its -> !its.given()).map(PracticeSettings.User::password),
                now.settings().keep(),
                StoredRepositories.in(now.images())));
    }

    /** The last requests that it was asked. @param most how many */
    public synchronized Optional<RegistryLogReport> log(int most) throws IOException {
        if (running.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(RequestLog.read(lines(running.get().folder().resolve("log")), most));
    }

    private ExitStatus shell(String script, OutputStream said, String... arguments) throws IOException {
        var argv = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
        argv.addAll(List.of(arguments));
        var command = new HostCommand(argv, Path.of("/"), host.environment());
        return host.run(command, ProcessIo.outputOnly(OutputSink.NONE, said), new Cancellation());
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (IOException e) {
            // It goes with this process at the latest; closing a session must not fail for it.
        }
    }
}
