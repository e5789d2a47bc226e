package org.layerbook.repl;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.layerbook.engine.host.ProcessIo;

/** The streams that this process was started with, whatever each of them is. */
final class StandardScreen implements Screen {
    private static final Size DEFAULT_SIZE = new Size(24, 100);
    private static final long SIZE_COUNTS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Map<String, String> environment;
    private final Optional<Path> input = target(0);
    private final Optional<Path> output = target(1);
    private final Optional<Path> errors = target(2);
    private Optional<Size> size = Optional.empty();
    private long sizeRead;

    private record Size(int rows, int columns) {}

    StandardScreen(Map<String, String> environment) {
        this.environment = environment;
    }

    /** What a stream leads to, as the kernel names it; empty where that cannot be told. */
    private static Optional<Path> target(int stream) {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of("/proc/self/fd/" + stream)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean isTerminal(Optional<Path> target) {
        return target.map(Path::toString)
                .filter(t -> t.startsWith("/dev/pts/") || t.startsWith("/dev/tty") || t.equals("/dev/console"))
                .isPresent();
    }

    @Override
    public boolean isUsers() {
        return isTerminal(input) && isTerminal(output);
    }

    @Override
    public boolean hasCursor() {
        return isTerminal(output) && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    }

    @Override
    public boolean hasColour() {
        return hasCursor() && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    @Override
    public boolean showsErrors() {
        return errors.isPresent() && errors.equals(output) && isTerminal(output);
    }

    @Override
    public int columns() {
        return environment.getOrDefault("COLUMNS", "").matches("[1-9]\\d{0,4}")
                ? Integer.parseInt(environment.get("COLUMNS"))
                : size().columns();
    }

    @Override
    public int rows() {
        return size().rows();
    }

    /** Asked of the terminal at most once a second, when something is drawn. */
    private synchronized Size size() {
        long now = System.nanoTime();
        if (size.isEmpty() || now - sizeRead > SIZE_COUNTS_NANOS) {
            size = Optional.of(isTerminal(output) ? sizeOf(output.get()).orElse(DEFAULT_SIZE) : DEFAULT_SIZE);
            sizeRead = now;
        }
        return size.get();
    }

    private static Optional<Size> sizeOf(Path terminal) {
        try {
            Process stty = new ProcessBuilder("stty", "-F", terminal.toString(), "size")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String[] words = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ");
            int rows = Integer.parseInt(words[0]);
            int columns = Integer.parseInt(words[1]);
            return rows > 0 && columns > 0 ? Optional.of(new Size(rows, columns)) : Optional.empty();
        } catch (IOException | RuntimeException e) {
            // A terminal that does not tell its size is given the usual one.
            return Optional.empty();
        }
    }

    @Override
    public Optional<String> ask(String prompt, boolean password) {
        Console console = System.console();
        if (console == null || !isUsers()) {
            return Optional.empty();
        }
        return password
                ? Optional.ofNullable(console.readPassword("%s", prompt)).map(String::new)
                : Optional.ofNullable(console.readLine("%s", prompt));
    }

    /** What was piped in; a user's keys are not a command's input. */
    @Override
    public InputStream stdin() {
        return isTerminal(input) ? ProcessIo.NO_INPUT : ProcessIo.OWN_INPUT;
    }

    @Override
    public boolean canBeLent() {
        return isUsers();
    }
}
