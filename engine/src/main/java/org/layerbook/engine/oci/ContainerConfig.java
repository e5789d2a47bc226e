package org.layerbook.engine.oci;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.layerbook.engine.golang.GoJson;

/**
 * How a container of an image runs: the {@code config} object. Immutable; the {@code with…} methods, which are generated, give changed copies.
 *
 * @param env {@code NAME=value}, in order
 * @param cmd empty Optional: none; BuildKit tells "none" from an empty list
 * @param exposedPorts {@code 80/tcp}
 * @param argsEscaped without meaning on Linux; BuildKit sets it with every CMD
 */
@RecordBuilder
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
        boolean argsEscaped)
        implements ContainerConfigBuilder.With {
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
}
