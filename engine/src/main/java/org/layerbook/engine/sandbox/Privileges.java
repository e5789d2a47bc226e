package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What this process may do, as the kernel tells in {@code /proc/self}.
 *
 * @param uid as this user namespace numbers it
 * @param uids which of them exist here
 * @param capabilities bit n is capability n of {@code include/uapi/linux/capability.h}
 * @param noNewPrivileges set-user-id programs have no effect
 * @param filtered a seccomp filter decides which system calls there are
 */
public record Privileges(
        int uid, IdMap uids, IdMap gids, long capabilities, boolean noNewPrivileges, boolean filtered) {
    private static final int CAP_SYS_CHROOT = 18;
    private static final int CAP_SYS_ADMIN = 21;

    /** By their numbers; {@code include/uapi/linux/capability.h}. */
    private static final List<String> CAPABILITIES = Stream.of(
                    ("CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID"
                                    + " SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER"
                                    + " SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE"
                                    + " SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN"
                                    + " SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE")
                            .split(" "))
            .map(name -> "CAP_" + name)
            .toList();

    /** One line of {@code /proc/self/uid_map}. */
    public record Range(long inside, long outside, long count) {}

    public record IdMap(List<Range> ranges) {
        private static final long EVERY_ID = 4294967295L;

        public IdMap {
            ranges = List.copyOf(ranges);
        }

        public boolean contains(int id) {
            long unsigned = id & 0xffffffffL;
            return ranges.stream().anyMatch(r -> unsigned >= r.inside() && unsigned < r.inside() + r.count());
        }

        /** What the namespace around calls {@code id}; the same where this one has no such id. */
        public long outside(int id) {
            long unsigned = id & 0xffffffffL;
            return ranges.stream()
                    .filter(r -> unsigned >= r.inside() && unsigned < r.inside() + r.count())
                    .mapToLong(r -> r.outside() + unsigned - r.inside())
                    .findFirst()
                    .orElse(unsigned);
        }

        /** Not in a user namespace of its own. */
        public boolean isWholeMachine() {
            return ranges.equals(List.of(new Range(0, 0, EVERY_ID)));
        }

        public long count() {
            return ranges.stream().mapToLong(Range::count).sum();
        }

        static IdMap parse(List<String> lines) {
            List<Range> ranges = new ArrayList<>();
            for (String line : lines) {
                String[] f = line.strip().split("\\s+");
                ranges.add(new Range(Long.parseLong(f[0]), Long.parseLong(f[1]), Long.parseLong(f[2])));
            }
            return new IdMap(ranges);
        }

        @Override
        public String toString() {
            return ranges.stream()
                    .map(r -> r.inside() + " maps to " + r.outside() + " (" + r.count() + " IDs)")
                    .collect(Collectors.joining("; "));
        }
    }

    /** Of this process, now. */
    public static Privileges current() throws IOException {
        Path self = Path.of("/proc/self");
        int uid = 0;
        long capabilities = 0;
        boolean noNewPrivileges = false;
        boolean filtered = false;
        for (String line : Files.readAllLines(self.resolve("status"))) {
            if (line.startsWith("Uid:")) {
                uid = (int) Long.parseLong(line.split("\\s+")[2]);
            } else if (line.startsWith("CapEff:")) {
                capabilities = Long.parseUnsignedLong(line.split("\\s+")[1], 16);
            } else if (line.startsWith("NoNewPrivs:")) {
                noNewPrivileges = line.endsWith("1");
            } else if (line.startsWith("Seccomp:")) {
                filtered = !line.endsWith("0");
            }
        }
        return new Privileges(
                uid,
                IdMap.parse(Files.readAllLines(self.resolve("uid_map"))),
                IdMap.parse(Files.readAllLines(self.resolve("gid_map"))),
                capabilities,
                noNewPrivileges,
                filtered);
    }

    public boolean isRoot() {
        return uid == 0;
    }

    /** Root of the machine, not of a user namespace. */
    public boolean isRealRoot() {
        return isRoot() && uids.isWholeMachine();
    }

    public boolean inUserNamespace() {
        return !uids.isWholeMachine();
    }

    public boolean mayMount() {
        return has(CAP_SYS_ADMIN);
    }

    public boolean mayChroot() {
        return has(CAP_SYS_CHROOT);
    }

    boolean has(int capability) {
        return (capabilities & (1L << capability)) != 0;
    }

    /** Every capability that this process has and so can give, by the kernel's names. */
    List<String> all() {
        return IntStream.range(0, CAPABILITIES.size())
                .filter(this::has)
                .mapToObj(CAPABILITIES::get)
                .toList();
    }

    /** Those of {@code wanted} that this process has and so can give. */
    List<String> available(Set<Capability> wanted) {
        return wanted.stream()
                .filter(c -> has(c.number()))
                .map(Capability::name)
                .toList();
    }
}
