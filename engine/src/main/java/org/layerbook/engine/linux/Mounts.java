package org.layerbook.engine.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/** {@code mount(2)} and {@code umount2(2)}. */
public final class Mounts {
    public static final int MS_RDONLY = 1;
    public static final int MS_NOSUID = 2;
    public static final int MS_NODEV = 4;
    public static final int MS_NOEXEC = 8;
    public static final int MS_REMOUNT = 32;
    public static final int MS_BIND = 4096;
    public static final int MS_REC = 16384;
    public static final int MS_PRIVATE = 1 << 18;
    public static final int MS_SLAVE = 1 << 19;

    private static final int MNT_DETACH = 2;
    private static final int UMOUNT_NOFOLLOW = 8;

    private Mounts() {}

    /** @param data the file system's options, comma separated, 4095 bytes at most */
    public static void mount(String source, Path target, String type, int flags, String data) throws IOException {
        Syscalls.Scratch scratch = Syscalls.scratch();
        MemorySegment from = scratch.string(source);
        MemorySegment at = scratch.path(target);
        MemorySegment kind = scratch.string(type);
        MemorySegment options = scratch.string(data);
        LinuxFiles.check(
                Syscalls.call(
                        SystemCall.MOUNT,
                        from.address(),
                        at.address(),
                        kind.address(),
                        flags,
                        data.isEmpty() ? 0 : options.address()),
                SystemCall.MOUNT,
                target);
    }

    /** Makes {@code source} and what is mounted below it appear at {@code target} too. */
    public static void bind(Path source, Path target, boolean readOnly) throws IOException {
        bindWith(source, target, MS_BIND | MS_REC);
        if (readOnly) {
            makeReadOnly(target);
        }
    }

    /** What a bind has put at {@code target}, without what is mounted below it. */
    public static void makeReadOnly(Path target) throws IOException {
        // A bind ignores the other flags at first; locked ones of the source must be said again in a user namespace.
        bindWith(target, target, MS_BIND | MS_REMOUNT | MS_RDONLY | MountFlags.lockedAt(target));
    }

    /** The options ({@code nosuid}, {@code nodev}, {@code noexec}) that a bind of {@code source} in a user namespace must keep. */
    public static List<String> lockedOptions(Path source) throws IOException {
        return MountFlags.optionsAt(source);
    }

    private static void bindWith(Path source, Path target, int flags) throws IOException {
        Syscalls.Scratch scratch = Syscalls.scratch();
        MemorySegment from = scratch.path(source);
        MemorySegment at = scratch.path(target);
        LinuxFiles.check(
                Syscalls.call(SystemCall.MOUNT, from.address(), at.address(), 0, flags, 0),
                SystemCall.MOUNT,
                source,
                target);
    }

    public static void tmpfs(Path target, String options) throws IOException {
        mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, options);
    }

    /** What is mounted at {@code target} is gone at once; who still has files open in it keeps them. */
    public static void unmountLazily(Path target) throws IOException {
        unmount(target, MNT_DETACH | UMOUNT_NOFOLLOW);
    }

    /** {@link Errno#EBUSY} while somebody works in it. */
    public static void unmount(Path target) throws IOException {
        unmount(target, UMOUNT_NOFOLLOW);
    }

    private static void unmount(Path target, int flags) throws IOException {
        MemorySegment at = Syscalls.scratch().path(target);
        LinuxFiles.check(Syscalls.call(SystemCall.UMOUNT2, at.address(), flags), SystemCall.UMOUNT2, target);
    }
}
