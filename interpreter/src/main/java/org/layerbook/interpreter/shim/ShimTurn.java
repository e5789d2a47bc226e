package org.layerbook.interpreter.shim;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;

/**
 * While one host command runs: answers what its processes ask of docker, several at once, each on a thread of its own.
 * The cell that waits for the host command keeps its turn; closing waits for the calls, so that nothing works for a cell
 * that is over.
 */
public final class ShimTurn implements AutoCloseable {
    /** How the programs find this turn. */
    private static final String VARIABLE = "LAYERBOOK_CALLS";

    private final ShimPlace place;
    private final ShimDocker docker;
    private final Path calls;
    private final RandomAccessFile wake;
    private final Thread listener;
    private final Cancellation.Registration registration;
    private final List<Running> running = new ArrayList<>();
    private final Set<String> answered = new HashSet<>();
    private boolean closed;

    private record Running(ShimCall call, Thread thread) {}

    /** @param cell its cancellation ends every call */
    public static ShimTurn begin(ShimPlace place, ShimDocker docker, Cancellation cell) throws IOException {
        Path calls = place.newCalls();
        LinuxFiles.mknod(calls.resolve("calls"), FileStat.FIFO | 0600, 0, 0);
        return new ShimTurn(place, docker, calls, cell);
    }

    private ShimTurn(ShimPlace place, ShimDocker docker, Path calls, Cancellation cell) throws IOException {
        this.place = place;
        this.docker = docker;
        this.calls = calls;
        this.wake = Pipes.bothEnds(calls.resolve("calls"));
        var names = new BufferedReader(
                new InputStreamReader(Pipes.reading(calls.resolve("calls")), StandardCharsets.US_ASCII));
        this.listener = Thread.ofPlatform().daemon().name("calls of docker").start(() -> listen(names));
        this.registration = cell.onCancel(this::cancel);
    }

    /** What the host command is to be started with. */
    public Map<String, String> environment(Map<String, String> user) {
        var environment = new HashMap<>(user);
        String path = environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
        place.programs().ifPresent(programs -> environment.put("PATH", programs + ":" + path));
        environment.put(VARIABLE, calls.toString());
        return environment;
    }

    /** A file of this turn, gone with it, that host commands can write. */
    public Path file(String name) {
        return calls.resolve(name);
    }

    private void listen(BufferedReader names) {
        try (names) {
            for (String name = names.readLine(); !isClosed() && name != null; name = names.readLine()) {
                if (name.matches("[0-9]+x*")) {
                    answer(name);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void answer(String name) {
        if (closed || !answered.add(name)) {
            return;
        }
        var call = new ShimCall(calls.resolve(name), docker);
        Thread thread = Thread.ofPlatform().daemon().name("docker for " + name).start(() -> carryOut(call, name));
        running.add(new Running(call, thread));
    }

    private void carryOut(ShimCall call, String name) {
        try {
            call.run();
        } catch (IOException e) {
            // The process has been killed; nobody is left to tell.
        } finally {
            synchronized (this) {
                answered.remove(name);
                running.removeIf(r -> r.call() == call);
            }
        }
    }

    private void cancel() {
        List<Running> now;
        synchronized (this) {
            now = List.copyOf(running);
        }
        now.forEach(r -> r.call().cancel());
    }

    /** Ends the calls of processes that the host command has left behind, and refuses new ones. */
    @Override
    public void close() throws IOException {
        List<Running> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(running);
        }
        registration.close();
        wake.write('\n');
        left.forEach(r -> r.call().cancel());
        boolean interrupted = false;
        for (Thread thread : Stream.concat(left.stream().map(Running::thread), Stream.of(listener))
                .toList()) {
            interrupted |= await(thread);
        }
        refuseTheRest();
        wake.close();
        Folders.delete(calls);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean await(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    private void refuseTheRest() throws IOException {
        try (Stream<Path> folders = Files.list(calls)) {
            for (Path folder : folders.filter(Files::isDirectory).toList()) {
                Path said = folder.resolve("said");
                if (Files.exists(said)) {
                    try (RandomAccessFile both = Pipes.bothEnds(said)) {
                        both.write("gone\n".getBytes(StandardCharsets.US_ASCII));
                    }
                }
            }
        }
    }
}
