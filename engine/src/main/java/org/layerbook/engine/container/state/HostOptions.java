package org.layerbook.engine.container.state;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.sandbox.ProcessSpec;

/**
 * What of a container is up to the host, as in docker's {@code HostConfig}.
 *
 * @param hostname empty for the beginning of the ID
 * @param aliases further names in its network
 * @param address its address there, where a certain one is wanted
 * @param extraHosts lines of {@code /etc/hosts} beside the usual
 * @param stopTimeoutSeconds how long a stop waits before it kills; absent for 10
 */
@RecordBuilder
public record HostOptions(
        Optional<String> hostname,
        NetworkMode network,
        List<String> aliases,
        Optional<String> address,
        List<PortBinding> ports,
        boolean publishAll,
        List<ContainerMount> mounts,
        RestartPolicy restart,
        boolean autoRemove,
        Rights rights,
        Optional<Integer> stopTimeoutSeconds,
        boolean init,
        List<ProcessSpec.Host> extraHosts,
        List<String> dns,
        Resources resources) {
    public static final HostOptions DEFAULT = new HostOptions(
            Optional.empty(),
            NetworkMode.DEFAULT,
            List.of(),
            Optional.empty(),
            List.of(),
            false,
            List.of(),
            RestartPolicy.NO,
            false,
            Rights.DEFAULT,
            Optional.empty(),
            false,
            List.of(),
            List.of(),
            Resources.UNLIMITED);

    public HostOptions {
        aliases = List.copyOf(aliases);
        ports = List.copyOf(ports);
        mounts = List.copyOf(mounts);
        extraHosts = List.copyOf(extraHosts);
        dns = List.copyOf(dns);
    }

    /** The same with other limits and another restart policy. */
    public HostOptions with(Resources limits, RestartPolicy policy) {
        return HostOptionsBuilder.builder(this)
                .resources(limits)
                .restart(policy)
                .build();
    }

    /** What the process may do beside what any container may. */
    public record Rights(
            boolean privileged,
            boolean readOnlyRoot,
            List<String> addedCapabilities,
            List<String> droppedCapabilities,
            List<String> securityOptions,
            List<String> additionalGroups,
            boolean hostProcesses,
            boolean hostIpc) {
        public static final Rights DEFAULT =
                new Rights(false, false, List.of(), List.of(), List.of(), List.of(), false, false);

        public Rights {
            addedCapabilities = List.copyOf(addedCapabilities);
            droppedCapabilities = List.copyOf(droppedCapabilities);
            securityOptions = List.copyOf(securityOptions);
            additionalGroups = List.copyOf(additionalGroups);
        }
    }

    /** Limits; 0 for none. @param memorySwapBytes memory and swap together, -1 for no limit */
    public record Resources(
            long memoryBytes,
            long memorySwapBytes,
            long nanoCpus,
            long pids,
            ProcessSpec.Limits process,
            Map<String, String> sysctls) {
        public static final Resources UNLIMITED = new Resources(0, 0, 0, 0, ProcessSpec.Limits.NONE, Map.of());

        public Resources {
            sysctls = Map.copyOf(sysctls);
        }
    }

    /**
     * A port of the container on the host.
     *
     * @param hostAddress empty for the default one
     * @param hostPort absent for any free one
     */
    public record PortBinding(int containerPort, Protocol protocol, String hostAddress, Optional<Integer> hostPort) {}

    public enum Protocol {
        TCP,
        UDP;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** @param mostRestarts 0 for no limit */
    public record RestartPolicy(When when, int mostRestarts) {
        public static final RestartPolicy NO = new RestartPolicy(When.NO, 0);

        public enum When {
            NO("no"),
            ON_FAILURE("on-failure"),
            ALWAYS("always"),
            UNLESS_STOPPED("unless-stopped");

            private final String text;

            When(String text) {
                this.text = text;
            }

            /** As docker writes it. */
            public String text() {
                return text;
            }
        }
    }
}
