package org.layerbook.engine.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.ContainerState.Running;
import org.layerbook.engine.container.state.ContainerUsage;
import org.layerbook.engine.container.state.Containers;
import org.layerbook.engine.host.HostProc;

/** The processes of running containers, as the host numbers them. */
public final class ContainerProcesses {
    private static final int PARENT = 1;
    /** The line of {@code status} with a bit for each signal that is caught. */
    private static final String CAUGHT = "SigCgt:";

    private static final int HEXADECIMAL = 16;

    private final Containers containers;
    private final HostProc proc;

    ContainerProcesses(Containers containers, HostProc proc) {
        this.containers = containers;
        this.proc = proc;
    }

    /** What it uses now; empty where it does not run. */
    public Optional<ContainerUsage> usage(Container container) throws IOException {
        Container now = containers.refresh(container);
        if (!(now.state() instanceof Running running)) {
            return Optional.empty();
        }
        long limit = now.spec().host().resources().memoryBytes();
        return Optional.of(ContainerUsage.measure(proc, running.pid(), of(now), limit));
    }

    /** Those of the container's namespace of processes, by their number. @throws ContainerException when it does not run */
    public List<Long> of(Container container) throws IOException {
        Container now = containers.refresh(container);
        if (!(now.state() instanceof Running running)) {
            throw ContainerException.notRunning(now);
        }
        return now.spec().host().rights().hostProcesses() ? descendants(running.pid()) : inNamespace(running.pid());
    }

    /**
     * Whether the first process does something of its own about a signal. Without that it takes no notice: the kernel passes nothing else on
     * to the first process of a namespace but SIGKILL.
     */
    public boolean catches(Container container, int signal) throws IOException {
        if (!(containers.refresh(container).state() instanceof Running running)) {
            return false;
        }
        Path status = proc.folder(running.pid()).resolve("status");
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith(CAUGHT))
                    .mapToLong(line -> Long.parseUnsignedLong(
                            line.substring(CAUGHT.length()).strip(), HEXADECIMAL))
                    .anyMatch(mask -> (mask >>> signal - 1 & 1) == 1);
        } catch (NoSuchFileException | UncheckedIOException e) {
            return false; // it has ended just now
        }
    }

    private List<Long> inNamespace(long first) throws IOException {
        Optional<Path> namespace = namespace(first);
        if (namespace.isEmpty()) {
            return List.of();
        }
        var found = new ArrayList<Long>();
        for (long pid : all()) {
            // Nobody may have asked yet how one has ended.
            if (namespace(pid).equals(namespace) && proc.find(pid).isPresent()) {
                found.add(pid);
            }
        }
        return found;
    }

    private Optional<Path> namespace(long pid) throws IOException {
        try {
            return Optional.of(Files.readSymbolicLink(proc.folder(pid).resolve("ns/pid")));
        } catch (NoSuchFileException | AccessDeniedException e) {
            return Optional.empty(); // gone, or somebody else's
        } catch (IOException e) {
            if (Files.exists(proc.folder(pid))) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** In the namespace of the host, which is not the container's own. */
    private List<Long> descendants(long first) throws IOException {
        Map<Long, Long> parents = new HashMap<>();
        for (long pid : all()) {
            proc.stat(pid).ifPresent(fields -> parents.put(pid, Long.parseLong(fields[PARENT])));
        }
        return parents.keySet().stream()
                .filter(pid -> comesFrom(pid, first, parents))
                .sorted()
                .toList();
    }

    private static boolean comesFrom(long pid, long first, Map<Long, Long> parents) {
        long at = pid;
        while (at != first && parents.containsKey(at)) {
            at = parents.get(at);
        }
        return at == first;
    }

    private List<Long> all() throws IOException {
        try (Stream<Path> entries = Files.list(proc.root())) {
            return entries.map(path -> path.getFileName().toString())
                    .filter(name -> Character.isDigit(name.charAt(0)))
                    .map(Long::valueOf)
                    .sorted()
                    .toList();
        }
    }
}
