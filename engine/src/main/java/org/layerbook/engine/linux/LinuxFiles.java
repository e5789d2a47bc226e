package org.layerbook.engine.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.layerbook.engine.linux.Syscalls.AT_FDCWD;
import static org.layerbook.engine.linux.Syscalls.AT_SYMLINK_NOFOLLOW;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@link java.nio.file.Files} cannot do, or not without following symbolic links. No method here follows a link
 * in the last place of a path, except where its name says so. Failures are {@link LinuxException}s.
 */
public final class LinuxFiles {
    private static final int STATX_BASIC = 0x7ff;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_SIZE = 256;
    private static final long STATX_ATTR_MOUNT_ROOT = 0x2000;
    private static final int RENAME_NOREPLACE = 1;
    private static final int RENAME_EXCHANGE = 2;
    private static final int READLINK_MAX = 4096;

    private LinuxFiles() {}

    /** Of the link itself where it is one. */
    public static FileStat lstat(Path path) throws IOException {
        return stat(path, AT_SYMLINK_NOFOLLOW);
    }

    /** Of what a link leads to. */
    public static FileStat statFollowing(Path path) throws IOException {
        return stat(path, 0);
    }

    /** As {@link #lstat}; empty where there is nothing of that name. */
    public static Optional<FileStat> lstatIfExists(Path path) throws IOException {
        Syscalls.Scratch scratch = Syscalls.scratch();
        MemorySegment s = scratch.bytes(STATX_SIZE);
        long result = statx(path, AT_SYMLINK_NOFOLLOW, scratch, s);
        // Asked for every file that is unpacked: no exception for the usual answer.
        if (-result == Errno.ENOENT.number() || -result == Errno.ENOTDIR.number()) {
            return Optional.empty();
        }
        check(result, SystemCall.STATX, path);
        return Optional.of(read(s));
    }

    /** Whether there is a directory, which a link to one is not. */
    public static boolean isDirectory(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * @return whether there is a directory
     * @throws WrongKindException when something else is there, be it a link to one
     */
    public static boolean checkDirectory(Path path) throws IOException {
        // By Java: this is asked at each start, and the first system call of ours costs 20 ms.
        boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
        if (!directory && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            FileStat found = lstat(path);
            if (!found.isDirectory()) { // else made between the two looks
                throw WrongKindException.notDirectory(path, found);
            }
            return true;
        }
        return directory;
    }

    /** Whether something is mounted right there, in the mount namespace that the path leads into; not known before Linux 5.8. */
    public static boolean isMountPoint(Path path) throws IOException {
        Syscalls.Scratch scratch = Syscalls.scratch();
        MemorySegment s = scratch.bytes(STATX_SIZE);
        check(statx(path, AT_SYMLINK_NOFOLLOW, scratch, s), SystemCall.STATX, path);
        return (s.get(JAVA_LONG, 0x08) & STATX_ATTR_MOUNT_ROOT) != 0;
    }

    private static FileStat stat(Path path, int flags) throws IOException {
        Syscalls.Scratch scratch = Syscalls.scratch();
        MemorySegment s = scratch.bytes(STATX_SIZE);
        check(statx(path, flags, scratch, s), SystemCall.STATX, path);
        return read(s);
    }

    private static long statx(Path path, int flags, Syscalls.Scratch scratch, MemorySegment to) {
        MemorySegment name = scratch.path(path);
        return Syscalls.call(SystemCall.STATX, AT_FDCWD, name.address(), flags, STATX_BASIC, to.address());
    }

    /** {@code struct statx} of include/uapi/linux/stat.h. */
    private static FileStat read(MemorySegment s) {
        return new FileStat(
                s.get(JAVA_SHORT, 0x1c) & 0xffff,
                s.get(JAVA_INT, 0x14),
                s.get(JAVA_INT, 0x18),
                s.get(JAVA_LONG, 0x28),
                s.get(JAVA_LONG, 0x30),
                s.get(JAVA_LONG, 0x70),
                s.get(JAVA_INT, 0x78),
                s.get(JAVA_LONG, 0x60),
                s.get(JAVA_INT, 0x68),
                s.get(JAVA_LONG, 0x20),
                ((long) s.get(JAVA_INT, 0x88) << 32) | (s.get(JAVA_INT, 0x8c) & 0xffffffffL),
                s.get(JAVA_INT, 0x10),
                s.get(JAVA_INT, 0x80),
                s.get(JAVA_INT, 0x84));
    }

    /** @param permissions {@code 07777} at most; a symbolic link has none, the file it leads to would be changed */
    public static void chmodFollowing(Path path, int permissions) throws IOException {
        MemorySegment name = Syscalls.scratch().path(path);
        check(Syscalls.call(SystemCall.FCHMODAT, AT_FDCWD, name.address(), permissions), SystemCall.FCHMODAT, path);
    }

    /** @param uid -1 to leave it; @param gid -1 to leave it. The kernel takes set-user-id bits away: set the mode afterwards */
    public static void lchown(Path path, int uid, int gid) throws IOException {
        MemorySegment name = Syscalls.scratch().path(path);
        check(
                Syscalls.call(SystemCall.FCHOWNAT, AT_FDCWD, name.address(), uid, gid, AT_SYMLINK_NOFOLLOW),
                SystemCall.FCHOWNAT,
                path);
    }

    /** Of what a link leads to. As with {@link #lchown}, set the mode afterwards. */
    public static void chownFollowing(Path path, int uid, int gid) throws IOException {
        MemorySegment name = Syscalls.scratch().path(path);
        check(Syscalls.call(SystemCall.FCHOWNAT, AT_FDCWD, name.address(), uid, gid, 0), SystemCall.FCHOWNAT, path);
    }

    /** Sets access and modification time to the same moment. */
    public static void setTimes(Path path, long seconds, int nanos) throws IOException {
        Syscalls.Scratch scratch = Syscalls.scratch();
        MemorySegment name = scratch.path(path);
        MemorySegment times = scratch.bytes(32);
        for (int at = 0; at < 32; at += 16) {
            times.set(JAVA_LONG, at, seconds);
            times.set(JAVA_LONG, at + 8L, nanos);
        }
        check(
                Syscalls.call(SystemCall.UTIMENSAT, AT_FDCWD, name.address(), times.address(), AT_SYMLINK_NOFOLLOW),
                SystemCall.UTIMENSAT,
                path);
    }

    /** @param permissions exactly these, whatever the umask */
    public static void mkdir(Path path, int permissions) throws IOException {
        MemorySegment name = Syscalls.scratch().path(path);
        check(Syscalls.call(SystemCall.MKDIRAT, AT_FDCWD, name.address(), permissions), SystemCall.MKDIRAT, path);
        chmodFollowing(path, permissions);
    }

    /**
     * @param mode type ({@link FileStat#CHAR_DEVICE}, {@link FileStat#FIFO} …) and permissions, whatever the umask. In a
     *     user namespace only FIFOs, sockets and the character device 0:0 are allowed
     */
    public static void mknod(Path path, int mode, int major, int minor) throws IOException {
        MemorySegment name = Syscalls.scratch().path(path);
        // makedev of the kernel's new_encode_dev: 12 bits of major above the low 8 of minor, the rest of minor on top.
        long device = (minor & 0xffL) | ((major & 0xfffL) << 8) | ((minor & 0xfff00L) << 12);
        check(Syscalls.call(SystemCall.MKNODAT, AT_FDCWD, name.address(), mode, device), SystemCall.MKNODAT, path);
        chmodFollowing(path, mode & 07777);
    }

    /** The marker of a deleted name on an upper layer: the character device 0:0. */
    public static void whiteout(Path path) throws IOException {
        mknod(path, FileStat.CHAR_DEVICE, 0, 0);
    }

    /** A second name for {@code existing}, for the link itself where it is one. */
    public static void link(Path existing, Path name) throws IOException {
        Syscalls.Scratch scratch = Syscalls.scratch();
        MemorySegment from = scratch.path(existing);
        MemorySegment to = scratch.path(name);
        check(
                Syscalls.call(SystemCall.LINKAT, AT_FDCWD, from.address(), AT_FDCWD, to.address(), 0),
                SystemCall.LINKAT,
                existing,
                name);
    }

    /** @param target any bytes, as text in UTF-8; it need not exist */
    public static void symlink(String target, Path name) throws IOException {
        symlink(target.getBytes(StandardCharsets.UTF_8), name);
    }

    public static void symlink(byte[] target, Path name) throws IOException {
        Syscalls.Scratch scratch = Syscalls.scratch();
        MemorySegment content = scratch.string(target);
        MemorySegment at = scratch.path(name);
        check(
                Syscalls.call(SystemCall.SYMLINKAT, content.address(), AT_FDCWD, at.address()),
                SystemCall.SYMLINKAT,
                name);
    }

    /** The target as it is written in the link. */
    public static byte[] readlink(Path link) throws IOException {
        Syscalls.Scratch scratch = Syscalls.scratch();
        MemorySegment name = scratch.path(link);
        MemorySegment target = scratch.bytes(READLINK_MAX);
        long n = check(
                Syscalls.call(SystemCall.READLINKAT, AT_FDCWD, name.address(), target.address(), READLINK_MAX),
                SystemCall.READLINKAT,
                link);
        return target.asSlice(0, n).toArray(JAVA_BYTE);
    }

    /** Atomic; fails with {@link Errno#EEXIST} where {@code to} is there already. */
    public static void renameNoReplace(Path from, Path to) throws IOException {
        rename(from, to, RENAME_NOREPLACE);
    }

    /** Atomic; both are there before and after. */
    public static void exchange(Path one, Path other) throws IOException {
        rename(one, other, RENAME_EXCHANGE);
    }

    private static void rename(Path from, Path to, int flags) throws IOException {
        Syscalls.Scratch scratch = Syscalls.scratch();
        MemorySegment a = scratch.path(from);
        MemorySegment b = scratch.path(to);
        check(
                Syscalls.call(SystemCall.RENAMEAT2, AT_FDCWD, a.address(), AT_FDCWD, b.address(), flags),
                SystemCall.RENAMEAT2,
                from,
                to);
    }

    /** Bytes that this user may still write to the file system {@code path} lies on. */
    public static long freeBytes(Path path) throws IOException {
        Syscalls.Scratch scratch = Syscalls.scratch();
        MemorySegment name = scratch.path(path);
        MemorySegment s = scratch.bytes(120);
        check(Syscalls.call(SystemCall.STATFS, name.address(), s.address()), SystemCall.STATFS, path);
        // struct statfs: f_type, f_bsize, f_blocks, f_bfree, f_bavail, one word each
        return s.get(JAVA_LONG, 8) * s.get(JAVA_LONG, 32);
    }

    /**
     * What this user may still make on a file system.
     *
     * @param countsFiles false where there is no limit on their number
     */
    public record Free(long bytes, long files, boolean countsFiles) {}

    /** As {@link #freeBytes}, with the number of files. */
    public static Free free(Path path) throws IOException {
        Syscalls.Scratch scratch = Syscalls.scratch();
        MemorySegment name = scratch.path(path);
        MemorySegment s = scratch.bytes(120);
        check(Syscalls.call(SystemCall.STATFS, name.address(), s.address()), SystemCall.STATFS, path);
        // After those of freeBytes: f_files, f_ffree
        return new Free(s.get(JAVA_LONG, 8) * s.get(JAVA_LONG, 32), s.get(JAVA_LONG, 48), s.get(JAVA_LONG, 40) > 0);
    }

    static long check(long result, SystemCall call, Path path) throws LinuxException {
        if (result < 0) {
            throw new LinuxException((int) -result, call.title(), path);
        }
        return result;
    }

    static long check(long result, SystemCall call, Path path, Path other) throws LinuxException {
        if (result < 0) {
            throw new LinuxException((int) -result, call.title(), path, other);
        }
        return result;
    }
}
