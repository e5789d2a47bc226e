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
        return new ContainerConfig(
                user,
                exposedPorts,
                newEnv,
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

    public ContainerConfig withUser(String newUser) {
        return new ContainerConfig(
                newUser,
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

    public ContainerConfig withExposedPorts(Set<String> ports) {
        return new ContainerConfig(
                user,
                ports,
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

    public ContainerConfig withEntrypoint(Optional<List<String>> newEntrypoint) {
        return new ContainerConfig(
                user,
                exposedPorts,
                env,
                newEntrypoint,
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

    public ContainerConfig withCmd(Optional<List<String>> newCmd) {
        return new ContainerConfig(
                user,
                exposedPorts,
                env,
                entrypoint,
                newCmd,
                volumes,
                workingDir,
                labels,
                stopSignal,
                healthcheck,
                onBuild,
                shell,
                argsEscaped);
    }

    public ContainerConfig withVolumes(Set<String> newVolumes) {
        return new ContainerConfig(
                user,
                exposedPorts,
                env,
                entrypoint,
                cmd,
                newVolumes,
                workingDir,
                labels,
                stopSignal,
                healthcheck,
                onBuild,
                shell,
                argsEscaped);
    }

    public ContainerConfig withWorkingDir(String path) {
        return new ContainerConfig(
                user,
                exposedPorts,
                env,
                entrypoint,
                cmd,
                volumes,
                path,
                labels,
                stopSignal,
                healthcheck,
                onBuild,
                shell,
                argsEscaped);
    }

    public ContainerConfig withLabels(Map<String, String> newLabels) {
        return new ContainerConfig(
                user,
                exposedPorts,
                env,
                entrypoint,
                cmd,
                volumes,
                workingDir,
                newLabels,
                stopSignal,
                healthcheck,
                onBuild,
                shell,
                argsEscaped);
    }

    public ContainerConfig withStopSignal(String signal) {
        return new ContainerConfig(
                user,
                exposedPorts,
                env,
                entrypoint,
                cmd,
                volumes,
                workingDir,
                labels,
                Optional.of(signal),
                healthcheck,
                onBuild,
                shell,
                argsEscaped);
    }

    public ContainerConfig withHealthcheck(Healthcheck newHealthcheck) {
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
                Optional.of(newHealthcheck),
                onBuild,
                shell,
                argsEscaped);
    }

    public ContainerConfig withOnBuild(List<String> triggers) {
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
                triggers,
                shell,
                argsEscaped);
    }

    public ContainerConfig withShell(List<String> newShell) {
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
                Optional.of(newShell),
                argsEscaped);
    }

    public ContainerConfig withArgsEscaped() {
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
                true);
    }
}
