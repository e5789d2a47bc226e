package org.layerbook.engine.container;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerEvents;
import org.layerbook.engine.container.state.ContainerFolder;
import org.layerbook.engine.container.state.ContainerMount;
import org.layerbook.engine.container.state.ContainerSpec;
import org.layerbook.engine.golang.GoJson;
import org.layerbook.engine.sandbox.OciRuntime;

/**
 * The shell script {@code monitor} of a container: it starts it, and does what has to be done when it has ended, whether there is a
 * session then or not. Written anew before each start.
 */
final class MonitorScript {
    private final Map<String, String> variables = new LinkedHashMap<>();

    /** @param names the folder with a file for each name of a container */
    MonitorScript(
            Container container,
            ContainerFolder folder,
            OciRuntime runtime,
            Path conmon,
            Path state,
            Path names,
            ContainerEvents events) {
        ContainerSpec spec = container.spec();
        variables.put("folder", folder.path().toString());
        variables.put("id", container.id());
        variables.put("runtime", runtime.program().toString());
        variables.put("runtime_options", "");
        variables.put("state", state.toString());
        variables.put("conmon", conmon.toString());
        variables.put("conmon_options", streams(spec.terminal()));
        variables.put("policy", spec.host().restart().when().name());
        variables.put("most_restarts", Integer.toString(spec.host().restart().mostRestarts()));
        variables.put("auto_remove", spec.host().autoRemove() ? "yes" : "no");
        variables.put("names", names.toString());
        variables.put(
                "removed",
                folder.path().resolveSibling(".removed-" + container.id()).toString());
        variables.put("mounted", "no");
        variables.put("network", "no");
        variables.put("container_name", container.name());
        variables.put(
                "volumes", folder.path().getParent().resolveSibling("volumes").toString());
        variables.put("anonymous", anonymous(spec));
        variables.put("checked", "no");
        variables.put("events", events.file().toString());
        variables.put("event_attributes", json(ContainerEvents.attributes(spec)));
    }

    /** Members of an object, with a comma behind each. */
    private static String json(Map<String, String> attributes) {
        var text = new StringBuilder();
        attributes.forEach((name, value) -> {
            GoJson.quote(text, name, false);
            text.append(':');
            GoJson.quote(text, value, false);
            text.append(',');
        });
        return text.toString();
    }

    /** The names of the volumes that were made for this container, with blanks between. */
    private static String anonymous(ContainerSpec spec) {
        return spec.host().mounts().stream()
                .filter(mount -> mount instanceof ContainerMount.Volume volume && volume.anonymous())
                .map(mount -> ((ContainerMount.Volume) mount).name())
                .collect(Collectors.joining(" "));
    }

    private static String streams(ContainerSpec.Terminal terminal) {
        String tty = terminal.tty() ? " -t" : "";
        // Without a client the process goes on reading, unless it was begun with one.
        String stdin = terminal.openStdin() ? terminal.attached() ? " -i" : " -i --leave-stdin-open" : "";
        return tty + stdin;
    }

    /** Inside a user namespace. */
    MonitorScript rootless() {
        variables.put("runtime_options", "--rootless=true");
        variables.put("conmon_options", variables.get("conmon_options") + " --runtime-arg --rootless=true");
        return this;
    }

    /** The root file system is a mount. */
    MonitorScript mounted() {
        variables.put("mounted", "yes");
        return this;
    }

    /**
     * It has a network namespace of its own.
     *
     * @param folder for what belongs to networks
     * @param keeper whose network its own is connected to
     * @param nameServer aardvark-dns; absent where it is not installed
     */
    MonitorScript network(Path netavark, Optional<Path> nameServer, Path folder, long keeper) {
        variables.put("network", "yes");
        variables.put("netavark", netavark.toString());
        variables.put("name_server", nameServer.map(Path::toString).orElse(""));
        variables.put("network_folder", folder.toString());
        variables.put("keeper", Long.toString(keeper));
        return this;
    }

    /** Its health is checked, by the process in the file {@code health.json}. */
    MonitorScript checked(HealthCheck check) {
        variables.put("checked", "yes");
        variables.put("check_interval", Long.toString(check.interval().toMillis()));
        variables.put("check_timeout", Long.toString(check.timeout().toMillis()));
        variables.put("check_start_period", Long.toString(check.startPeriod().toMillis()));
        variables.put(
                "check_start_interval", Long.toString(check.startInterval().toMillis()));
        variables.put("check_retries", Integer.toString(check.retries()));
        return this;
    }

    /** Leaves a script where one was that may be read just now. */
    void write(Path file) throws IOException {
        var text = new StringBuilder("#!/bin/sh\n");
        variables.forEach((name, value) ->
                text.append(name).append('=').append(Keeper.quote(value)).append('\n'));
        text.append(body());
        Path made = file.resolveSibling("monitor.new");
        Files.deleteIfExists(made);
        Files.createFile(made, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(made, text);
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String body() throws IOException {
        try (InputStream in = MonitorScript.class.getResourceAsStream("monitor")) {
            if (in == null) {
                throw new IOException(
                        "the installation is damaged: the script monitor is missing from the engine's jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
