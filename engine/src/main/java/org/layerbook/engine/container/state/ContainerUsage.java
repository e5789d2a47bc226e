package org.layerbook.engine.container.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.host.HostProc;

/**
 * What a running container uses: from its control groups where it has some of its own, else the sum over its processes, which counts
 * memory that they share for each.
 *
 * @param time when this was measured, in nanoseconds from any point
 * @param cpuNanos processor time so far
 * @param memoryLimit the machine's memory where there is no limit
 */
public record ContainerUsage(
        long time,
        long cpuNanos,
        long memory,
        long memoryLimit,
        long received,
        long sent,
        long read,
        long written,
        long pids) {
    private static final int UTIME = 11;
    private static final int CSTIME = 14;
    private static final long NANOS_OF_TICK = 10_000_000;
    private static final long PAGE = 4096;
    private static final long KIB = 1024;
    /** cgroup v1 has about the largest number for no limit. */
    private static final long NO_LIMIT = 1L << 60;

    private static final int SENT_FIELD = 8;

    /** Of the processor's time between an earlier measurement and this one, in percent of one processor. */
    public double cpuPercent(ContainerUsage before) {
        long elapsed = time - before.time;
        return elapsed <= 0 ? 0 : Math.max(0, cpuNanos - before.cpuNanos) * 100.0 / elapsed;
    }

    public double memoryPercent() {
        return memoryLimit == 0 ? 0 : memory * 100.0 / memoryLimit;
    }

    public static ContainerUsage measure(HostProc proc, long first, List<Long> pids, long limit) throws IOException {
        long cpu = 0;
        long memory = 0;
        long read = 0;
        long written = 0;
        for (long pid : pids) {
            Optional<String[]> stat = proc.stat(pid);
            for (int i = UTIME; stat.isPresent() && i <= CSTIME; i++) {
                cpu += Long.parseLong(stat.get()[i]) * NANOS_OF_TICK;
            }
            List<String> statm = words(proc.folder(pid).resolve("statm"));
            memory += statm.size() > 1 ? Long.parseLong(statm.get(1)) * PAGE : 0;
            read += value(proc.folder(pid).resolve("io"), "read_bytes:");
            written += value(proc.folder(pid).resolve("io"), "write_bytes:");
        }
        long total = value(proc.root().resolve("meminfo"), "MemTotal:") * KIB;
        var network = network(proc.folder(first).resolve("net/dev"));
        var sum = new ContainerUsage(
                System.nanoTime(),
                cpu,
                memory,
                limit > 0 && limit < total ? limit : total,
                network[0],
                network[1],
                read,
                written,
                pids.size());
        return Groups.of(proc, first).map(groups -> groups.over(sum)).orElse(sum);
    }

    private static long[] network(Path file) {
        var sum = new long[2];
        for (String line : lines(file)) {
            int colon = line.indexOf(':');
            if (colon > 0 && !line.substring(0, colon).strip().equals("lo")) {
                String[] fields = line.substring(colon + 1).strip().split("\\s+");
                sum[0] += Long.parseLong(fields[0]);
                sum[1] += Long.parseLong(fields[SENT_FIELD]);
            }
        }
        return sum;
    }

    /** Behind {@code name} at the start of a line; 0 where there is none. */
    private static long value(Path file, String name) {
        for (String line : lines(file)) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.substring(name.length()).strip().split(" ")[0]);
            }
        }
        return 0;
    }

    private static List<String> words(Path file) {
        return List.of(String.join(" ", lines(file)).strip().split("\\s+"));
    }

    /** None of a file that cannot be read: its process has ended, or is somebody else's. */
    private static List<String> lines(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The control groups of a container, of either version. */
    private record Groups(Path memory, Path cpu, Path pids, Path blocks, boolean unified) {
        private static final Path MOUNT = Path.of("/sys/fs/cgroup");
        private static final long NANOS_OF_MICRO = Duration.ofNanos(1000).toNanos();

        /** Empty where the container has no control groups of its own. */
        static Optional<Groups> of(HostProc proc, long first) {
            Optional<Groups> found = Optional.empty();
            for (String line : lines(proc.folder(first).resolve("cgroup"))) {
                String[] parts = line.split(":", 3);
                if (!parts[2].startsWith("/layerbook/")) {
                    continue;
                }
                Path group = Path.of(parts[2].substring(1));
                if (parts[1].equals("memory")) {
                    found = Optional.of(new Groups(
                            MOUNT.resolve("memory").resolve(group),
                            MOUNT.resolve("cpuacct").resolve(group),
                            MOUNT.resolve("pids").resolve(group),
                            MOUNT.resolve("blkio").resolve(group),
                            false));
                } else if (parts[1].isEmpty() && found.isEmpty()) {
                    Path unified = MOUNT.resolve(group);
                    found = Optional.of(new Groups(unified, unified, unified, unified, true));
                }
            }
            return found;
        }

        ContainerUsage over(ContainerUsage sum) {
            var blocks = unified ? unifiedBlocks() : splitBlocks();
            return new ContainerUsage(
                    sum.time,
                    unified
                            ? orElse(value(cpu.resolve("cpu.stat"), "usage_usec") * NANOS_OF_MICRO, sum.cpuNanos)
                            : orElse(number(cpu.resolve("cpuacct.usage")), sum.cpuNanos),
                    orElse(used(), sum.memory),
                    limitOr(sum.memoryLimit),
                    sum.received,
                    sum.sent,
                    blocks[0],
                    blocks[1],
                    orElse(number(pids.resolve("pids.current")), sum.pids));
        }

        /** Without what is only cached, as docker counts. */
        private long used() {
            return unified
                    ? number(memory.resolve("memory.current")) - value(memory.resolve("memory.stat"), "inactive_file ")
                    : number(memory.resolve("memory.usage_in_bytes"))
                            - value(memory.resolve("memory.stat"), "total_inactive_file ");
        }

        private long limitOr(long otherwise) {
            long limit = number(memory.resolve(unified ? "memory.max" : "memory.limit_in_bytes"));
            return limit > 0 && limit < Math.min(NO_LIMIT, otherwise) ? limit : otherwise;
        }

        private long[] splitBlocks() {
            var sum = new long[2];
            for (String line : lines(blocks.resolve("blkio.throttle.io_service_bytes_recursive"))) {
                String[] fields = line.split(" ");
                if (fields.length == 3) {
                    sum[0] += fields[1].equals("Read") ? Long.parseLong(fields[2]) : 0;
                    sum[1] += fields[1].equals("Write") ? Long.parseLong(fields[2]) : 0;
                }
            }
            return sum;
        }

        private long[] unifiedBlocks() {
            var sum = new long[2];
            var fields = new ArrayList<String>();
            lines(blocks.resolve("io.stat")).forEach(line -> fields.addAll(List.of(line.split(" "))));
            for (String field : fields) {
                sum[0] += field.startsWith("rbytes=") ? Long.parseLong(field.substring("rbytes=".length())) : 0;
                sum[1] += field.startsWith("wbytes=") ? Long.parseLong(field.substring("wbytes=".length())) : 0;
            }
            return sum;
        }

        private static long number(Path file) {
            String text = String.join("", lines(file)).strip();
            return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
        }

        private static long orElse(long found, long otherwise) {
            return found > 0 ? found : otherwise;
        }
    }
}
