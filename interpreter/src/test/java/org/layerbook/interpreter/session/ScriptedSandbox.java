package org.layerbook.interpreter.session;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.engine.sandbox.ProcessSpec;
import org.layerbook.engine.sandbox.Sandbox;

/**
 * Plays a shell without running one, and records what was asked of it: {@code echo}, {@code touch}, {@code mkdir -p},
 * {@code rm}, {@code true}, {@code false}, {@code exit N}, {@code sleep} (until it is cancelled), joined by {@code &&};
 * {@code >&2} and {@code > FILE} behind an echo. What these do is what a real shell does, so a script runs with either.
 */
public final class ScriptedSandbox implements Sandbox {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)\\}?");

    private final List<String> lines = new ArrayList<>();
    /** Opens when a sleep has begun. */
    final CountDownLatch asleep = new CountDownLatch(1);

    /** Every command line that was run. */
    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public ExitStatus run(ProcessSpec spec, ProcessIo io, Cancellation cancellation) throws IOException {
        String line = spec.argv().getLast();
        synchronized (this) {
            lines.add(line);
        }
        for (String command : line.split("&&")) {
            ExitStatus status = command(expanded(command.strip(), spec), spec, io, cancellation);
            if (!status.isSuccess()) {
                return status;
            }
        }
        return ExitStatus.of(0);
    }

    private static String expanded(String command, ProcessSpec spec) {
        Matcher matcher = VARIABLE.matcher(command);
        return matcher.replaceAll(found -> Matcher.quoteReplacement(spec.env().stream()
                .filter(e -> e.startsWith(found.group(1) + "="))
                .map(e -> e.substring(e.indexOf('=') + 1))
                .findFirst()
                .orElse("")));
    }

    private ExitStatus command(String command, ProcessSpec spec, ProcessIo io, Cancellation cancellation)
            throws IOException {
        String[] words = command.split("\\s+");
        switch (words[0]) {
            case "echo" -> echo(command.substring(4).strip(), spec, io);
            case "touch" -> Files.writeString(path(spec, words[1]), "");
            case "mkdir" -> Files.createDirectories(path(spec, words[words.length - 1]));
            case "rm" -> Files.delete(path(spec, words[words.length - 1]));
            case "true", ":" -> {}
            case "false" -> {
                return ExitStatus.of(1);
            }
            case "exit" -> {
                return ExitStatus.of(Integer.parseInt(words[1]));
            }
            case "sleep" -> {
                return sleep(cancellation);
            }
            default -> {
                write(io.stderr(), "/bin/sh: " + words[0] + ": not found\n");
                return ExitStatus.of(127);
            }
        }
        return ExitStatus.of(0);
    }

    private static void echo(String rest, ProcessSpec spec, ProcessIo io) throws IOException {
        if (rest.endsWith(">&2")) {
            write(io.stderr(), rest.substring(0, rest.length() - 3).strip() + "\n");
        } else if (rest.contains(" > ")) {
            String[] parts = rest.split(" > ");
            Files.writeString(path(spec, parts[1].strip()), parts[0].strip() + "\n");
        } else {
            write(io.stdout(), rest.replace("\"", "").replace("'", "") + "\n");
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static Path path(ProcessSpec spec, String path) {
        Path inside = Path.of(spec.cwd()).resolve(path);
        return spec.rootfs().resolve(inside.toString().substring(1));
    }

    @SuppressWarnings("try") // the registration is only closed
    private ExitStatus sleep(Cancellation cancellation) {
        var cancelled = new CountDownLatch(1);
        try (var registration = cancellation.onCancel(cancelled::countDown)) {
            asleep.countDown();
            cancelled.await();
            return ExitStatus.cancelled();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String description() {
        return "scripted";
    }
}
