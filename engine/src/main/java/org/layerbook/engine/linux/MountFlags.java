package org.layerbook.engine.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The flags a mount has, which a user namespace may not drop when it mounts again. */
final class MountFlags {
    private static final int STATFS_FLAGS = 80;
    /** {@code ST_NOSUID}, {@code ST_NODEV}, {@code ST_NOEXEC}: the same bits as the mount flags. */
    private static final long SAME_BITS = Mounts.MS_NOSUID | Mounts.MS_NODEV | Mounts.MS_NOEXEC;

    private static final long ST_NOATIME = 1024;
    private static final long ST_NODIRATIME = 2048;
    private static final long ST_RELATIME = 4096;
    private static final int MS_RELATIME = 1 << 21;

    private MountFlags() {}

    static List<String> optionsAt(Path target) throws IOException {
        int flags = lockedAt(target);
        List<String> options = new ArrayList<>();
        if ((flags & Mounts.MS_NOSUID) != 0) {
            options.add("nosuid");
        }
        if ((flags & Mounts.MS_NODEV) != 0) {
            options.add("nodev");
        }
        if ((flags & Mounts.MS_NOEXEC) != 0) {
            options.add("noexec");
        }
        return options;
    }

    static int lockedAt(Path target) throws IOException {
        Syscalls.Scratch scratch = Syscalls.scratch();
        MemorySegment name = scratch.path(target);
        MemorySegment s = scratch.bytes(120);
        LinuxFiles.check(Syscalls.call(SystemCall.STATFS, name.address(), s.address()), SystemCall.STATFS, target);
        long flags = s.get(JAVA_LONG, STATFS_FLAGS);
        long mountFlags = (flags & SAME_BITS) | (flags & (ST_NOATIME | ST_NODIRATIME));
        if ((flags & ST_RELATIME) != 0) {
            mountFlags |= MS_RELATIME;
        }
        return (int) mountFlags;
    }
}
