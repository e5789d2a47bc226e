package org.layerbook.engine.oci;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.layerbook.engine.golang.GoJson;

/**
 * How a container of an image runs: the {@code config} object. Immutable; the {@code with…} methods give changed copies.
 *
 * @param env {@code NAME=value}, in order
 * @param cmd empty Optional: none; BuildKit tells "none" from an empty list
 * @param exposedPorts {@code 80/tcp}
 * @param argsEscaped without meaning on Linux; BuildKit sets it with every CMD
 */
public record ContainerConfig(
        String user,
        Set<String> exposedPorts,
        List<String> env,
        Optional<List<String>> entrypoint,
        Optional<List<String>> cmd,
        Set<String> volumes,
        String workingDir,
        Map<String, String> labels,
        Optional<String> stopSignal,
        Optional<Healthcheck> healthcheck,
        List<String> onBuild,
        Optional<List<String>> shell,
        boolean argsEscaped) {
    public static final ContainerConfig EMPTY = new ContainerConfig(
            "",
            Set.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Set.of(),
            "",
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            false);

    public ContainerConfig {
        exposedPorts = Collections.unmodifiableSet(new TreeSet<>(exposedPorts));
        volumes = Collections.unmodifiableSet(new TreeSet<>(volumes));
        env = List.copyOf(env);
        entrypoint = entrypoint.map(List::copyOf);
        cmd = cmd.map(List::copyOf);
        shell = shell.map(List::copyOf);
        onBuild = List.copyOf(onBuild);
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }

    /**
     * @param test docker's form: {@code ["NONE"]}, {@code ["CMD", …]} or {@code ["CMD-SHELL", line]}
     * @param retries 0 when not given; durations are zero when not given
     */
    public record Healthcheck(
            List<String> test,
            Duration interval,
            Duration timeout,
            Duration startPeriod,
            Duration startInterval,
            int retries) {}

    /** The {@code config} object alone, as {@link ImageConfig#toJson} has it in its document. */
    public byte[] toJson() {
        return GoJson.object(json -> ImageConfigWire.containerConfig(json, this));
    }

    /** Writes the members of the {@code config} object. */
    public void writeTo(GoJson json) {
        ImageConfigWire.containerConfig(json, this);
    }

    /** Reads a {@code config} object that stands in another document. */
    public static ContainerConfig read(Json json) throws MalformedException {
        return ImageConfigWire.containerConfig(json);
    }

    /** Reads the {@code config} object alone. */
    public static ContainerConfig parse(byte[] bytes) throws MalformedException {
        return ImageConfigWire.containerConfig(Json.parse(bytes, "container config"));
    }

    /** The environment with {@code name} set: at its old place when it was there, else at the end. */
    public ContainerConfig withEnv(String name, String value) {
        var changed = new ArrayList<>(env);
        String prefix = name + "=";
        for (int i = 0; i < changed.size(); i++) {
            if (changed.get(i).startsWith(prefix)) {
                changed.set(i, prefix + value);
                return withEnv(changed);
            }
        }
        changed.add(prefix + value);
        return withEnv(changed);
    }

    public ContainerConfig withEnv(List<String> newEnv) {
        return with(draft -> draft.env = newEnv);
    }

    public ContainerConfig withUser(String newUser) {
        return with(draft -> draft.user = newUser);
    }

    public ContainerConfig withExposedPorts(Set<String> ports) {
        return with(draft -> draft.exposedPorts = ports);
    }

    public ContainerConfig withEntrypoint(Optional<List<String>> newEntrypoint) {
        return with(draft -> draft.entrypoint = newEntrypoint);
    }

    public ContainerConfig withCmd(Optional<List<String>> newCmd) {
        return with(draft -> draft.cmd = newCmd);
    }

    public ContainerConfig withVolumes(Set<String> newVolumes) {
        return with(draft -> draft.volumes = newVolumes);
    }

    public ContainerConfig withWorkingDir(String path) {
        return with(draft -> draft.workingDir = path);
    }

    public ContainerConfig withLabels(Map<String, String> newLabels) {
        return with(draft -> draft.labels = newLabels);
    }

    public ContainerConfig withStopSignal(String signal) {
        return with(draft -> draft.stopSignal = Optional.of(signal));
    }

    public ContainerConfig withHealthcheck(Healthcheck newHealthcheck) {
        return with(draft -> draft.healthcheck = Optional.of(newHealthcheck));
    }

    public ContainerConfig withOnBuild(List<String> triggers) {
        return with(draft -> draft.onBuild = triggers);
    }

    public ContainerConfig withShell(List<String> newShell) {
        return with(draft -> draft.shell = Optional.of(newShell));
    }

    public ContainerConfig withArgsEscaped() {
        return with(draft -> draft.argsEscaped = true);
    }

    private ContainerConfig with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.config();
    }

    /** A copy while it is changed: so that one change names one field. */
    private static final class Draft {
        private String user;
        private Set<String> exposedPorts;
        private List<String> env;
        private Optional<List<String>> entrypoint;
        private Optional<List<String>> cmd;
        private Set<String> volumes;
        private String workingDir;
        private Map<String, String> labels;
        private Optional<String> stopSignal;
        private Optional<Healthcheck> healthcheck;
        private List<String> onBuild;
        private Optional<List<String>> shell;
        private boolean argsEscaped;

        Draft(ContainerConfig from) {
            user = from.user;
            exposedPorts = from.exposedPorts;
            env = from.env;
            entrypoint = from.entrypoint;
            cmd = from.cmd;
            volumes = from.volumes;
            workingDir = from.workingDir;
            labels = from.labels;
            stopSignal = from.stopSignal;
            healthcheck = from.healthcheck;
            onBuild = from.onBuild;
            shell = from.shell;
            argsEscaped = from.argsEscaped;
        }

        ContainerConfig config() {
            return new ContainerConfig(
                    user,
                    exposedPorts,
                    env,
                    entrypoint,
                    cmd,
                    volumes,
                    workingDir,
                    labels,
                    stopSignal,
                    healthcheck,
                    onBuild,
                    shell,
                    argsEscaped);
        }
    }
}
