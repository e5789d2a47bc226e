package org.layerbook.interpreter.command.container.create;

import java.util.List;
import java.util.stream.Stream;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;

/** The options of {@code docker run} and {@code docker create}. */
final class CreateOptions {
    /** Of both. */
    static final List<OptionSpec> ALL = List.of(
            OptionSpec.of(Kind.LIST, "list", "add-host", "Add a custom host-to-IP mapping (host:ip)"),
            OptionSpec.of(
                    Kind.LIST,
                    "map",
                    "annotation",
                    "Add an annotation to the container (passed through to the OCI runtime) (default map[])"),
            OptionSpec.of(Kind.LIST, "list", 'a', "attach", "Attach to STDIN, STDOUT or STDERR"),
            OptionSpec.of(
                    Kind.NUMBER,
                    "uint16",
                    "blkio-weight",
                    "Block IO (relative weight), between 10 and 1000, or 0 to disable (default 0)"),
            OptionSpec.of(
                    Kind.LIST, "list", "blkio-weight-device", "Block IO weight (relative device weight) (default [])"),
            OptionSpec.of(Kind.LIST, "list", "cap-add", "Add Linux capabilities"),
            OptionSpec.of(Kind.LIST, "list", "cap-drop", "Drop Linux capabilities"),
            OptionSpec.text("cgroup-parent", "Optional parent cgroup for the container"),
            OptionSpec.text(
                    "cgroupns",
                    "Cgroup namespace to use (host|private)\n'host':    Run the container in the Docker host's cgroup namespace\n'private': Run the container in its own private cgroup namespace\n'':        Use the cgroup namespace as configured by the\n           default-cgroupns-mode option on the daemon (default)"),
            OptionSpec.text("cidfile", "Write the container ID to the file"),
            OptionSpec.of(Kind.NUMBER, "int", "cpu-count", "CPU count (Windows only)"),
            OptionSpec.of(Kind.NUMBER, "int", "cpu-percent", "CPU percent (Windows only)"),
            OptionSpec.of(Kind.NUMBER, "int", "cpu-period", "Limit CPU CFS (Completely Fair Scheduler) period"),
            OptionSpec.of(Kind.NUMBER, "int", "cpu-quota", "Limit CPU CFS (Completely Fair Scheduler) quota"),
            OptionSpec.of(Kind.NUMBER, "int", "cpu-rt-period", "Limit CPU real-time period in microseconds"),
            OptionSpec.of(Kind.NUMBER, "int", "cpu-rt-runtime", "Limit CPU real-time runtime in microseconds"),
            OptionSpec.of(Kind.NUMBER, "int", 'c', "cpu-shares", "CPU shares (relative weight)"),
            OptionSpec.of(Kind.TEXT, "decimal", "cpus", "Number of CPUs"),
            OptionSpec.text("cpuset-cpus", "CPUs in which to allow execution (0-3, 0,1)"),
            OptionSpec.text("cpuset-mems", "MEMs in which to allow execution (0-3, 0,1)"),
            OptionSpec.of(Kind.LIST, "list", "device", "Add a host device to the container"),
            OptionSpec.of(Kind.LIST, "list", "device-cgroup-rule", "Add a rule to the cgroup allowed devices list"),
            OptionSpec.of(
                    Kind.LIST,
                    "list",
                    "device-read-bps",
                    "Limit read rate (bytes per second) from a device (default [])"),
            OptionSpec.of(
                    Kind.LIST,
                    "list",
                    "device-read-iops",
                    "Limit read rate (IO per second) from a device (default [])"),
            OptionSpec.of(
                    Kind.LIST,
                    "list",
                    "device-write-bps",
                    "Limit write rate (bytes per second) to a device (default [])"),
            OptionSpec.of(
                    Kind.LIST,
                    "list",
                    "device-write-iops",
                    "Limit write rate (IO per second) to a device (default [])"),
            OptionSpec.toggle("disable-content-trust", "Skip image verification (default true)"),
            OptionSpec.of(Kind.LIST, "list", "dns", "Set custom DNS servers"),
            OptionSpec.of(Kind.LIST, "list", "dns-option", "Set DNS options"),
            OptionSpec.of(Kind.LIST, "list", "dns-search", "Set custom DNS search domains"),
            OptionSpec.text("domainname", "Container NIS domain name"),
            OptionSpec.text("entrypoint", "Overwrite the default ENTRYPOINT of the image"),
            OptionSpec.of(Kind.LIST, "list", 'e', "env", "Set environment variables"),
            OptionSpec.of(Kind.LIST, "list", "env-file", "Read in a file of environment variables"),
            OptionSpec.of(Kind.LIST, "list", "expose", "Expose a port or a range of ports"),
            OptionSpec.of(
                    Kind.LIST, "gpu-request", "gpus", "GPU devices to add to the container ('all' to pass all GPUs)"),
            OptionSpec.of(Kind.LIST, "list", "group-add", "Add additional groups to join"),
            OptionSpec.text("health-cmd", "Command to run to check health"),
            OptionSpec.of(
                    Kind.TEXT, "duration", "health-interval", "Time between running the check (ms|s|m|h) (default 0s)"),
            OptionSpec.of(Kind.NUMBER, "int", "health-retries", "Consecutive failures needed to report unhealthy"),
            OptionSpec.of(
                    Kind.TEXT,
                    "duration",
                    "health-start-interval",
                    "Time between running the check during the start period (ms|s|m|h) (default 0s)"),
            OptionSpec.of(
                    Kind.TEXT,
                    "duration",
                    "health-start-period",
                    "Start period for the container to initialize before starting health-retries countdown (ms|s|m|h) (default 0s)"),
            OptionSpec.of(
                    Kind.TEXT,
                    "duration",
                    "health-timeout",
                    "Maximum time to allow one check to run (ms|s|m|h) (default 0s)"),
            OptionSpec.text('h', "hostname", "Container host name"),
            OptionSpec.toggle("init", "Run an init inside the container that forwards signals and reaps processes"),
            OptionSpec.toggle('i', "interactive", "Keep STDIN open even if not attached"),
            OptionSpec.of(
                    Kind.BYTES,
                    "bytes",
                    "io-maxbandwidth",
                    "Maximum IO bandwidth limit for the system drive (Windows only)"),
            OptionSpec.of(Kind.NUMBER, "uint", "io-maxiops", "Maximum IOps limit for the system drive (Windows only)"),
            OptionSpec.text("ip", "IPv4 address (e.g., 172.30.100.104)"),
            OptionSpec.text("ip6", "IPv6 address (e.g., 2001:db8::33)"),
            OptionSpec.text("ipc", "IPC mode to use"),
            OptionSpec.text("isolation", "Container isolation technology"),
            OptionSpec.of(Kind.BYTES, "bytes", "kernel-memory", "Kernel memory limit"),
            OptionSpec.of(Kind.LIST, "list", 'l', "label", "Set meta data on a container"),
            OptionSpec.of(Kind.LIST, "list", "label-file", "Read in a line delimited file of labels"),
            OptionSpec.of(Kind.LIST, "list", "link", "Add link to another container"),
            OptionSpec.of(Kind.LIST, "list", "link-local-ip", "Container IPv4/IPv6 link-local addresses"),
            OptionSpec.text("log-driver", "Logging driver for the container"),
            OptionSpec.of(Kind.LIST, "list", "log-opt", "Log driver options"),
            OptionSpec.text("mac-address", "Container MAC address (e.g., 92:d0:c6:0a:29:33)"),
            OptionSpec.of(Kind.BYTES, "bytes", 'm', "memory", "Memory limit"),
            OptionSpec.of(Kind.BYTES, "bytes", "memory-reservation", "Memory soft limit"),
            OptionSpec.of(
                    Kind.BYTES,
                    "bytes",
                    "memory-swap",
                    "Swap limit equal to memory plus swap: '-1' to enable unlimited swap"),
            OptionSpec.of(
                    Kind.NUMBER,
                    "int",
                    "memory-swappiness",
                    "Tune container memory swappiness (0 to 100) (default -1)"),
            OptionSpec.of(Kind.LIST, "mount", "mount", "Attach a filesystem mount to the container"),
            OptionSpec.text("name", "Assign a name to the container"),
            OptionSpec.of(Kind.LIST, "network", "network", "Connect a container to a network"),
            OptionSpec.of(Kind.LIST, "list", "network-alias", "Add network-scoped alias for the container"),
            OptionSpec.toggle("no-healthcheck", "Disable any container-specified HEALTHCHECK"),
            OptionSpec.toggle("oom-kill-disable", "Disable OOM Killer"),
            OptionSpec.of(Kind.NUMBER, "int", "oom-score-adj", "Tune host's OOM preferences (-1000 to 1000)"),
            OptionSpec.text("pid", "PID namespace to use"),
            OptionSpec.of(Kind.NUMBER, "int", "pids-limit", "Tune container pids limit (set -1 for unlimited)"),
            OptionSpec.text("platform", "Set platform if server is multi-platform capable"),
            OptionSpec.toggle("privileged", "Give extended privileges to this container"),
            OptionSpec.of(Kind.LIST, "list", 'p', "publish", "Publish a container's port(s) to the host"),
            OptionSpec.toggle('P', "publish-all", "Publish all exposed ports to random ports"),
            OptionSpec.text(
                    "pull", "Pull image before running (\"always\", \"missing\", \"never\") (default \"missing\")"),
            OptionSpec.toggle('q', "quiet", "Suppress the pull output"),
            OptionSpec.toggle("read-only", "Mount the container's root filesystem as read only"),
            OptionSpec.text("restart", "Restart policy to apply when a container exits (default \"no\")"),
            OptionSpec.text("runtime", "Runtime to use for this container"),
            OptionSpec.of(Kind.LIST, "list", "security-opt", "Security Options"),
            OptionSpec.of(Kind.BYTES, "bytes", "shm-size", "Size of /dev/shm"),
            OptionSpec.text("stop-signal", "Signal to stop the container"),
            OptionSpec.of(Kind.NUMBER, "int", "stop-timeout", "Timeout (in seconds) to stop a container"),
            OptionSpec.of(Kind.LIST, "list", "storage-opt", "Storage driver options for the container"),
            OptionSpec.of(Kind.LIST, "map", "sysctl", "Sysctl options (default map[])"),
            OptionSpec.of(Kind.LIST, "list", "tmpfs", "Mount a tmpfs directory"),
            OptionSpec.toggle('t', "tty", "Allocate a pseudo-TTY"),
            OptionSpec.of(Kind.ULIMIT, "ulimit", "ulimit", "Ulimit options (default [])"),
            OptionSpec.toggle("use-api-socket", "Bind mount Docker API socket and required auth"),
            OptionSpec.text('u', "user", "Username or UID (format: <name|uid>[:<group|gid>])"),
            OptionSpec.text("userns", "User namespace to use"),
            OptionSpec.text("uts", "UTS namespace to use"),
            OptionSpec.of(Kind.LIST, "list", 'v', "volume", "Bind mount a volume"),
            OptionSpec.text("volume-driver", "Optional volume driver for the container"),
            OptionSpec.of(Kind.LIST, "list", "volumes-from", "Mount volumes from the specified container(s)"),
            OptionSpec.text('w', "workdir", "Working directory inside the container"));

    /** {@code docker run} has these too. */
    private static final List<OptionSpec> RUN_ONLY = List.of(
            OptionSpec.toggle('d', "detach", "Run container in background and print container ID"),
            OptionSpec.text("detach-keys", "Override the key sequence for detaching a container"),
            OptionSpec.toggle(
                    "rm", "Automatically remove the container and its associated anonymous volumes when it exits"),
            OptionSpec.toggle("sig-proxy", "Proxy received signals to the process (default true)"));

    static final List<OptionSpec> RUN =
            Stream.concat(ALL.stream(), RUN_ONLY.stream()).toList();

    private CreateOptions() {}
}
