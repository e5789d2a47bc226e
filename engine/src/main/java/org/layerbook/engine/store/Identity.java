package org.layerbook.engine.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        try (var lines = Files.lines(Path.of(file))) {
            return lines.map(line -> line.strip().replaceAll("\\s+", " ")).collect(Collectors.joining("\n"));
        }
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
            return uid == 0 ? "root" : "user " + uid + " without a namespace";
        }
        return "user ids " + uidMap.replace("\n", ", ");
    }
}
