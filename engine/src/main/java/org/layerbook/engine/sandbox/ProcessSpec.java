package org.layerbook.engine.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A process to run, with everything resolved: no user names, no variables.
 *
 * @param rootfs a mounted root file system, writable unless {@code readOnlyRoot}
 * @param env {@code NAME=value}
 * @param cwd absolute, inside the root; exists
 * @param mounts besides the usual /proc, /dev, /sys, /etc/resolv.conf and /etc/hosts
 * @param extraHosts further lines of /etc/hosts
 */
public record ProcessSpec(
        Path rootfs,
        boolean readOnlyRoot,
        List<String> argv,
        List<String> env,
        String cwd,
        Identity user,
        List<Mount> mounts,
        Network network,
        Optional<String> hostname,
        List<Host> extraHosts,
        Limits limits) {
    /** What BuildKit calls the machine a RUN works on. */
    public static final String DEFAULT_HOSTNAME = "buildkitsandbox";

    public ProcessSpec(
            Path rootfs,
            boolean readOnlyRoot,
            List<String> argv,
            List<String> env,
            String cwd,
            Identity user,
            List<Mount> mounts,
            Network network,
            Optional<String> hostname,
            List<Host> extraHosts) {
        this(rootfs, readOnlyRoot, argv, env, cwd, user, mounts, network, hostname, extraHosts, Limits.NONE);
    }

    /** A line of /etc/hosts. */
    public record Host(String name, String address) {}

    /**
     * @param shmBytes the size of /dev/shm; 0 for the usual one
     * @param ulimits each kind once
     */
    public record Limits(long shmBytes, List<Ulimit> ulimits) {
        public static final Limits NONE = new Limits(0, List.of());

        public Limits {
            ulimits = List.copyOf(ulimits);
        }
    }

    /**
     * A limit of setrlimit(2).
     *
     * @param name in lower case, {@code nofile}
     * @param soft {@link #UNLIMITED} for none; so is {@code hard}
     */
    public record Ulimit(String name, long soft, long hard) {
        public static final long UNLIMITED = -1;
    }

    /** Numeric, as the process has it. */
    public record Identity(int uid, int gid, List<Integer> additionalGids) {
        public static final Identity ROOT = new Identity(0, 0, List.of());
    }

    public enum Network {
        /** The host's network: what a build has by default here. */
        HOST,
        /** A network namespace of its own with only loopback. */
        NONE
    }

    /** @param target absolute path inside the root; the sandbox makes what is missing and takes it away afterwards */
    public sealed interface Mount {
        String target();

        record Bind(Path source, String target, boolean readOnly) implements Mount {}

        /**
         * @param sizeBytes 0 for no limit
         * @param options of mount(8) that stand in place of size and mode; empty for these
         */
        record Tmpfs(String target, long sizeBytes, int mode, List<String> options) implements Mount {
            public Tmpfs {
                options = List.copyOf(options);
            }

            public Tmpfs(String target, long sizeBytes, int mode) {
                this(target, sizeBytes, mode, List.of());
            }

            public Tmpfs(String target, List<String> options) {
                this(target, 0, 0755, options);
            }
        }
    }
}
