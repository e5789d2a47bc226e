package org.layerbook.engine.container.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.container.state.ContainerState.Created;
import org.layerbook.engine.container.state.ContainerState.Exited;
import org.layerbook.engine.container.state.ContainerState.Failure;
import org.layerbook.engine.container.state.ContainerState.Health;
import org.layerbook.engine.container.state.ContainerState.Restarting;
import org.layerbook.engine.container.state.ContainerState.Running;
import org.layerbook.engine.container.state.HostOptions.PortBinding;
import org.layerbook.engine.container.state.HostOptions.Protocol;
import org.layerbook.engine.host.HostProc;
import org.layerbook.engine.linux.RegularFile;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.MalformedException;

/**
 * What is on the disk of one container. Sessions write {@code spec.json}, {@code name} and the marks; the script {@code monitor} and
 * conmon, which run whether there is a session or not, write the rest.
 *
 * <pre>
 * spec.json    what it was created with               config.json  the bundle of the OCI runtime
 * name         its name                               monitor      the script that starts it and cleans up
 * root/        the root file system and its changes   ctr.log      what it has printed (format k8s-file)
 * init         the first process: PID START, and conmon's        exit   its exit status, from conmon
 * problem      why the last start failed: STATUS MESSAGE          oom    out of memory, from conmon
 * restarts     how often it was started again         stopping, paused, health
 * policy       the restart policy, where it was changed since the start       checks/, failures   of its health
 * </pre>
 */
public final class ContainerFolder {
    private static final int MOST_BYTES = 4 << 20;
    private static final int NO_STATUS = 255;

    private final Path path;

    public ContainerFolder(Path path) {
        this.path = path;
    }

    public Path path() {
        return path;
    }

    public Path file(String name) {
        return path.resolve(name);
    }

    public String id() {
        return path.getFileName().toString();
    }

    /** The content of a small file; empty where it is not there or empty. */
    public Optional<String> read(String name) throws IOException {
        return RegularFile.read(file(name), MOST_BYTES)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip())
                .filter(text -> !text.isEmpty());
    }

    /** Whether it is still there. */
    public boolean exists() {
        return Files.isDirectory(path);
    }

    ContainerSpec spec() throws IOException {
        byte[] bytes = RegularFile.read(file("spec.json"), MOST_BYTES)
                .orElseThrow(() -> new NoSuchFileException(file("spec.json").toString()));
        try {
            return SpecWire.read(bytes, file("spec.json").toString());
        } catch (MalformedException e) {
            throw new ContainerException(
                    ContainerException.Kind.SYSTEM, "container " + id() + " is damaged: " + e.getMessage());
        }
    }

    /** @param proc empty where processes of the host cannot be seen: nothing runs then */
    public ContainerState state(Optional<HostProc> proc) throws IOException {
        Optional<String> init = read("init");
        Optional<Failure> problem = failure();
        if (init.isEmpty()) {
            return new Created(problem);
        }
        String[] words = init.get().split(" ");
        var process = new HostProc.Process(Long.parseLong(words[0]), Long.parseLong(words[1]));
        var monitor = new HostProc.Process(Long.parseLong(words[2]), Long.parseLong(words[3]));
        Instant started = modified("init");
        int restarts = read("restarts").map(Integer::parseInt).orElse(0);
        Optional<String> exit = read("exit");
        if (exit.isPresent()) {
            int code = Integer.parseInt(exit.get());
            boolean waits = Files.exists(file("restarting")) && isAlive(proc, monitor);
            return waits
                    ? new Restarting(code, started, modified("exit"), restarts)
                    : new Exited(code, started, modified("exit"), Files.exists(file("oom")), problem);
        }
        if (isAlive(proc, process)) {
            return new Running(process.pid(), started, Files.exists(file("paused")), restarts, health());
        }
        // Killed with its monitor, or the machine was started anew: nobody has seen the status.
        return new Exited(NO_STATUS, started, started, false, problem);
    }

    private static boolean isAlive(Optional<HostProc> proc, HostProc.Process process) throws IOException {
        return proc.isPresent() && proc.get().isAlive(process);
    }

    /** Whether conmon, or the script that cleans up after it, still works on this container. */
    public boolean isMonitored(Optional<HostProc> proc) throws IOException {
        Optional<String> init = read("init");
        if (init.isEmpty()) {
            return false;
        }
        String[] words = init.get().split(" ");
        return isAlive(proc, new HostProc.Process(Long.parseLong(words[2]), Long.parseLong(words[3])));
    }

    Optional<Health> health() throws IOException {
        return read("health").map(text -> Health.valueOf(text.toUpperCase(java.util.Locale.ROOT)));
    }

    private Optional<Failure> failure() throws IOException {
        return read("problem").map(text -> {
            int blank = text.indexOf(' ');
            return new Failure(Integer.parseInt(text.substring(0, blank)), text.substring(blank + 1));
        });
    }

    /** Where it is connected, as the file {@code connection.json} of its last start says. */
    Optional<NetworkPlace> place() throws IOException {
        Optional<String> text = read("connection.json");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            Json json = Json.parse(
                    text.get().getBytes(StandardCharsets.UTF_8),
                    file("connection.json").toString());
            for (Map.Entry<String, Json> network :
                    json.require("networks").members().entrySet()) {
                Json info = json.require("network_info").require(network.getKey());
                Json subnet = info.elements("subnets").getFirst();
                String range = subnet.require("subnet").string();
                return Optional.of(new NetworkPlace(
                        network.getKey(),
                        info.require("id").string(),
                        network.getValue().strings("static_ips").getFirst(),
                        Integer.parseInt(range.substring(range.indexOf('/') + 1)),
                        subnet.require("gateway").string()));
            }
            return Optional.empty();
        } catch (MalformedException e) {
            throw new ContainerException(
                    ContainerException.Kind.SYSTEM, "container " + id() + " is damaged: " + e.getMessage());
        }
    }

    /** The ports that the file {@code ports} names: PROTOCOL ADDRESS PORT CONTAINER-ADDRESS CONTAINER-PORT. */
    List<PortBinding> published() throws IOException {
        return read("ports").stream()
                .flatMap(String::lines)
                .map(line -> line.split(" "))
                .map(words -> new PortBinding(
                        Integer.parseInt(words[4]),
                        Protocol.valueOf(words[0].toUpperCase(Locale.ROOT)),
                        words[1],
                        Optional.of(Integer.parseInt(words[2]))))
                .toList();
    }

    private Instant modified(String name) throws IOException {
        try {
            return Files.getLastModifiedTime(file(name)).toInstant();
        } catch (NoSuchFileException e) {
            return Instant.EPOCH;
        }
    }
}
