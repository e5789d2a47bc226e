package org.layerbook.engine.builder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.sandbox.ProcessSpec;
import org.layerbook.engine.sandbox.Sandbox;

/**
 * Runs no process: the last argument is a script of a few words, joined by {@code &&}, that it carries out in the root
 * itself. Remembers what it was asked.
 *
 * <pre>write PATH TEXT · mkdir PATH · rm PATH · cat PATH · env NAME · echo TEXT · fail STATUS · hang</pre>
 */
final class ScriptedSandbox implements Sandbox {
    final List<ProcessSpec> specs = new ArrayList<>();
    /** Counted down when a process hangs. */
    final CountDownLatch hanging = new CountDownLatch(1);

    @Override
    public ExitStatus run(ProcessSpec spec, ProcessIo io, Cancellation cancellation) throws IOException {
        synchronized (specs) {
            specs.add(spec);
        }
        for (String command : spec.argv().getLast().strip().split("\\s*&&\\s*")) {
            ExitStatus status = one(command.split(" ", 3), spec, io, cancellation);
            if (!status.isSuccess()) {
                return status;
            }
        }
        return ExitStatus.of(0);
    }

    private ExitStatus one(String[] words, ProcessSpec spec, ProcessIo io, Cancellation cancellation)
            throws IOException {
        switch (words[0]) {
            case "write" -> Files.writeString(path(words[1], spec), words.length > 2 ? words[2] : "");
            case "mkdir" -> Files.createDirectories(path(words[1], spec));
            case "rm" -> Trees.delete(path(words[1], spec));
            case "cat" -> io.stdout().write(Files.readAllBytes(path(words[1], spec)));
            case "env" -> {
                for (String entry : spec.env()) {
                    if (entry.startsWith(words[1] + "=")) {
                        io.stdout().write((entry + "\n").getBytes(StandardCharsets.UTF_8));
                    }
                }
            }
            case "echo" ->
                io.stdout()
                        .write((String.join(" ", words).replaceFirst("echo ?", "") + "\n")
                                .getBytes(StandardCharsets.UTF_8));
            case "fail" -> {
                io.stderr().write("it failed\n".getBytes(StandardCharsets.UTF_8));
                return ExitStatus.of(Integer.parseInt(words[1]));
            }
            case "hang" -> {
                return hang(cancellation);
            }
            case "/dev/pipes/EOF" -> io.stdout().write(Files.readAllBytes(path(words[0], spec)));
            default -> throw new IllegalArgumentException("not a word of the script: " + words[0]);
        }
        return ExitStatus.of(0);
    }

    private ExitStatus hang(Cancellation cancellation) {
        var cancelled = new CountDownLatch(1);
        try (var _ = cancellation.onCancel(cancelled::countDown)) {
            hanging.countDown();
            cancelled.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitStatus.cancelled();
    }

    /** As the process would see it: through a mount, if it lies below one. */
    private static Path path(String written, ProcessSpec spec) {
        String path = GoPath.resolve(spec.cwd(), written);
        for (ProcessSpec.Mount mount : spec.mounts()) {
            if (mount instanceof ProcessSpec.Mount.Bind bind
                    && (path.equals(bind.target()) || path.startsWith(bind.target() + "/"))) {
                return Path.of(bind.source() + path.substring(bind.target().length()));
            }
        }
        return spec.rootfs().resolve(path.substring(1));
    }

    @Override
    public String description() {
        return "a script";
    }
}
