package org.layerbook.repl;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jline.utils.ScreenTerminal;

/** A process on a terminal of its own, which {@code script} of bsdutils makes; what it shows is kept as a screen. */
final class PseudoTerminal implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int COLUMNS = 70;
    private static final int ROWS = 24;

    private final Process process;
    private final ScreenTerminal screen = new ScreenTerminal(COLUMNS, ROWS);
    private final Thread reader;

    /** @param folder for what is needed to start it */
    PseudoTerminal(Path folder, Class<?> main, String... arguments) throws IOException {
        var words = new ArrayList<String>(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        words.addAll(List.of(arguments));
        Path options = Files.write(folder.resolve("java.options"), words);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        // As the launcher does: these tests may themselves be a background job, which ignores Ctrl-C.
        String command =
                "stty rows " + ROWS + " cols " + COLUMNS + "; exec env --default-signal=INT " + java + " @" + options;
        ProcessBuilder builder = new ProcessBuilder("script", "-qfec", command, "/dev/null").redirectErrorStream(true);
        builder.environment().put("TERM", "xterm-256color");
        process = builder.start();
        reader = Thread.ofPlatform().daemon().start(this::read);
    }

    private void read() {
        var buffer = new byte[4096];
        try (InputStream in = process.getInputStream()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                screen.write(new String(buffer, 0, n, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            screen.write("[" + e + "]");
        }
    }

    void type(String keys) throws IOException {
        OutputStream out = process.getOutputStream();
        out.write(keys.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    String shown() {
        return String.join(
                        "\n",
                        screen.toString().lines().map(String::stripTrailing).toList())
                .stripTrailing();
    }

    /** Waits until what is shown ends so. */
    void await(String end) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!shown().endsWith(end)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited for <" + end + ">, and the screen is:\n" + shown());
            }
            screen.waitDirty(50);
        }
    }

    /** Waits for its end. @return the exit status */
    int status() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("it goes on, and the screen is:\n" + shown());
        }
        reader.join(PATIENCE);
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
