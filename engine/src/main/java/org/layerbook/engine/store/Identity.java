package org.layerbook.engine.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * As whom a process sees files: what has to be the same for every process that uses one store, since the unpacked trees
 * hold real owners and overlayfs's marks.
 *
 * @param uid the effective user id, as this process sees it
 * @param uidMap {@code /proc/self/uid_map}: lines of {@code inside outside count}, fields separated by one blank
 * @param gidMap likewise
 */
public record Identity(int uid, String uidMap, String gidMap) {
    /** The map of the machine's own user namespace. */
    private static final String WHOLE = "0 0 4294967295";

    /** This process's. */
    public static Identity current() throws IOException {
        int uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        return new Identity(uid, map("/proc/self/uid_map"), map("/proc/self/gid_map"));
    }

    private static String map(String file) throws IOException {
        return map(Files.readAllLines(Path.of(file)));
    }

    /**
     * Ranges that continue each other are one: what root is given in a user namespace of its own are the ids that it has
     * outside, in two parts, and files have the same owners in both.
     */
    static String map(List<String> lines) {
        var ranges = new ArrayList<long[]>();
        for (String line : lines) {
            String[] fields = line.strip().split("\\s+");
            long[] next = {Long.parseLong(fields[0]), Long.parseLong(fields[1]), Long.parseLong(fields[2])};
            long[] last = ranges.isEmpty() ? new long[] {-1, -1, 0} : ranges.getLast();
            if (last[0] + last[2] == next[0] && last[1] + last[2] == next[1]) {
                last[2] += next[2];
            } else {
                ranges.add(next);
            }
        }
        return ranges.stream().map(r -> r[0] + " " + r[1] + " " + r[2]).collect(Collectors.joining("\n"));
    }

    /** Which extended attributes overlayfs marks its directories with here. */
    public Xattrs xattrs() {
        return uid == 0 && uidMap.equals(WHOLE) ? Xattrs.TRUSTED : Xattrs.USER;
    }

    /** How many user ids there are to be had here. */
    public long idCount() {
        return uidMap.lines()
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    public enum Xattrs {
        /** {@code trusted.overlay.*}: the machine's root. */
        TRUSTED,
        /** {@code user.overlay.*}: overlayfs's {@code userxattr}, in a user namespace. */
        USER
    }

    /** For messages: {@code root}, or the ids. */
    String describe() {
        if (uidMap.equals(WHOLE)) {
            return uid == 0 ? "root" : "user " + uid + " without a user namespace";
        }
        return "user IDs " + uidMap.replace("\n", ", ");
    }
}
