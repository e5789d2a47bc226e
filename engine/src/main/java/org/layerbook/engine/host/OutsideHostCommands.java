package org.layerbook.engine.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.layerbook.engine.concurrent.Cancellation;

/** Runs commands outside the namespaces, through the helper that the launcher left there. */
public final class OutsideHostCommands implements HostCommands {
    private static final int ASK_AGAIN_MS = 20;
    /** What a command gets to tidy up after SIGTERM. */
    private static final int GRACE_MS = 300;

    private final Isolation isolation;
    private final Path directory;
    private final Map<String, String> environment;
    private final AtomicInteger counter = new AtomicInteger();
    private Optional<Helper> helper = Optional.empty();

    OutsideHostCommands(Isolation isolation, Path directory, Map<String, String> environment) {
        this.isolation = isolation;
        this.directory = directory;
        this.environment = environment;
    }

    @Override
    public ExitStatus run(HostCommand command, ProcessIo io, Cancellation cancellation) throws IOException {
        int number = counter.incrementAndGet();
        return await(
                number,
                HostRun.prepare(
                        commandDirectory(number), command, io, Optional.of(group(number)), isolation.restoresSigint()),
                cancellation);
    }

    @Override
    public ExitStatus runOnTerminal(HostCommand command, Cancellation cancellation) throws IOException {
        if (!hasTerminal()) {
            throw new IOException("no terminal to run " + command.argv().getFirst() + " in");
        }
        int number = counter.incrementAndGet();
        return await(
                number,
                HostRun.prepareOnTerminal(
                        commandDirectory(number), command, Optional.of(group(number)), isolation.restoresSigint()),
                cancellation);
    }

    private Path commandDirectory(int number) throws IOException {
        Files.createDirectories(directory.resolve("groups"));
        return Files.createDirectories(directory.resolve("commands").resolve(Integer.toString(number)));
    }

    private Path group(int number) {
        return directory.resolve("groups").resolve(Integer.toString(number));
    }

    private ExitStatus await(int number, HostRun run, Cancellation cancellation) throws IOException {
        if (cancellation.isCancelled()) {
            run.finish();
            return ExitStatus.cancelled();
        }
        int status;
        try {
            CompletableFuture<Integer> reply = helper().run(number);
            try (Cancellation.Registration _ = cancellation.onCancel(() -> beginToKill(number, reply))) {
                status = reply.join();
            }
        } catch (CompletionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
        } finally {
            run.finish();
        }
        if (Files.exists(group(number)) && Files.size(group(number)) == 0) {
            Files.delete(group(number));
        }
        return cancellation.isCancelled() ? ExitStatus.cancelled() : ExitStatus.of(status);
    }

    private synchronized Helper helper() throws IOException {
        if (helper.isEmpty()) {
            helper = Optional.of(Helper.connect(directory));
        }
        return helper.get();
    }

    private void beginToKill(int number, CompletableFuture<Integer> reply) {
        Thread.ofPlatform().daemon().name("killer of host command " + number).start(() -> kill(number, reply));
    }

    private void kill(int number, CompletableFuture<Integer> reply) {
        try {
            while (Files.notExists(group(number)) || Files.size(group(number)) == 0) {
                if (hasEnded(reply, ASK_AGAIN_MS)) {
                    return;
                }
            }
            helper().kill(number, "TERM");
            boolean ended = hasEnded(reply, GRACE_MS);
            while (!ended) {
                helper().kill(number, "KILL");
                ended = hasEnded(reply, ASK_AGAIN_MS);
            }
        } catch (IOException | InterruptedException e) {
            reply.completeExceptionally(e);
        }
    }

    private static boolean hasEnded(CompletableFuture<Integer> reply, int millis) throws InterruptedException {
        try {
            reply.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true;
        }
    }

    @Override
    public boolean hasTerminal() {
        return isolation.hasTerminal();
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    @Override
    public String description() {
        return isolation.mode() == Isolation.Mode.NONE
                ? "through the launcher's helper"
                : "outside the namespaces, through the launcher's helper";
    }
}
