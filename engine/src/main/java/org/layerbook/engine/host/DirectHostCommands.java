package org.layerbook.engine.host;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.concurrent.Uninterruptibly;
import org.layerbook.engine.linux.Processes;
import org.layerbook.engine.linux.Trees;

/** Runs commands as children of this process: where no launcher made namespaces, and in tests. */
public final class DirectHostCommands implements HostCommands, Closeable {
    private static final int ASK_AGAIN_MS = 20;
    private static final int GRACE_MS = 300;

    private final Path directory;
    private final Map<String, String> environment;
    private final AtomicInteger counter = new AtomicInteger();
    /** Process groups that commands have left something running in. */
    private final Set<Integer> left = ConcurrentHashMap.newKeySet();

    /** @param directory for pipes and scripts while commands run; made private when the first runs, taken away when this
     *     process ends */
    public DirectHostCommands(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = Map.copyOf(environment);
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "end of host commands"));
    }

    @Override
    public ExitStatus run(HostCommand command, ProcessIo io, Cancellation cancellation) throws IOException {
        HostRun run = HostRun.prepare(commandDirectory(), command, io, Optional.empty(), false);
        ProcessBuilder builder =
                new ProcessBuilder("setsid", "/bin/sh", run.file("run").toString());
        builder.redirectInput(
                io.isOwnInput()
                        ? ProcessBuilder.Redirect.INHERIT
                        : ProcessBuilder.Redirect.from(run.file("in").toFile()));
        builder.redirectOutput(run.file("out").toFile());
        builder.redirectError(run.file("err").toFile());
        return await(run, builder, cancellation, -1);
    }

    @Override
    public ExitStatus runOnTerminal(HostCommand command, Cancellation cancellation) throws IOException {
        HostRun run = HostRun.prepareOnTerminal(commandDirectory(), command, Optional.empty(), false);
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", run.file("run").toString()).inheritIO();
        return await(run, builder, cancellation, 1);
    }

    private Path commandDirectory() throws IOException {
        if (Files.notExists(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return Files.createDirectories(directory.resolve(Integer.toString(counter.incrementAndGet())));
    }

    /** @param sign -1 where signals are for the group, 1 for the process alone */
    private ExitStatus await(HostRun run, ProcessBuilder builder, Cancellation cancellation, int sign)
            throws IOException {
        int status;
        try {
            if (cancellation.isCancelled()) {
                return ExitStatus.cancelled();
            }
            Process process = builder.start();
            int target = sign * (int) process.pid();
            try (Cancellation.Registration _ = cancellation.onCancel(() -> beginToKill(process, target))) {
                status = Uninterruptibly.waitFor(process);
            }
            if (target < 0 && Processes.kill(target, 0)) {
                left.add(target);
            }
        } finally {
            run.finish();
        }
        return cancellation.isCancelled() ? ExitStatus.cancelled() : ExitStatus.of(status);
    }

    private static void beginToKill(Process process, int target) {
        Thread.ofPlatform()
                .daemon()
                .name("killer of " + process.pid())
                .start(() -> Uninterruptibly.await(() -> {
                    try {
                        // The group is there once setsid has run.
                        while (!Processes.kill(target, Processes.SIGTERM)) {
                            if (process.waitFor(ASK_AGAIN_MS, TimeUnit.MILLISECONDS)) {
                                return;
                            }
                        }
                        boolean ended = process.waitFor(GRACE_MS, TimeUnit.MILLISECONDS);
                        while (!ended) {
                            Processes.kill(target, Processes.SIGKILL);
                            ended = process.waitFor(ASK_AGAIN_MS, TimeUnit.MILLISECONDS);
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));
    }

    /** Ends what commands have left in the background. */
    @Override
    public void close() throws IOException {
        for (int group : left) {
            Processes.kill(group, Processes.SIGKILL);
        }
        left.clear();
        Trees.delete(directory);
    }

    private void end() {
        try {
            close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean hasTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    @Override
    public String description() {
        return "as child processes";
    }
}
