package org.layerbook.engine.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Extended attributes, of a symbolic link itself where the path names one. */
public final class Xattrs {
    /** {@code XATTR_SIZE_MAX} and {@code XATTR_LIST_MAX} of the kernel. */
    private static final int MAX = 65536;

    private static final int FIRST_TRY = 1024;

    private Xattrs() {}

    /** Names with their namespace ({@code user.…}), in the file system's order; empty where it has none at all. */
    public static List<String> list(Path path) throws IOException {
        byte[] names = read(SystemCall.LLISTXATTR, path, Optional.empty()).orElse(new byte[0]);
        List<String> result = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < names.length; i++) {
            if (names[i] == 0) {
                result.add(new String(names, from, i - from, StandardCharsets.UTF_8));
                from = i + 1;
            }
        }
        return result;
    }

    /** Empty where the file does not have it, or the file system has no attributes. */
    public static Optional<byte[]> get(Path path, String name) throws IOException {
        return read(SystemCall.LGETXATTR, path, Optional.of(name));
    }

    /** Makes it or replaces it. */
    public static void set(Path path, String name, byte[] value) throws IOException {
        Syscalls.Scratch scratch = Syscalls.scratch();
        MemorySegment file = scratch.path(path);
        MemorySegment key = scratch.string(name);
        MemorySegment bytes = scratch.string(value);
        LinuxFiles.check(
                Syscalls.call(SystemCall.LSETXATTR, file.address(), key.address(), bytes.address(), value.length, 0),
                SystemCall.LSETXATTR,
                path);
    }

    /** Takes it away; nothing happens where it is not there. */
    public static void remove(Path path, String name) throws IOException {
        Syscalls.Scratch scratch = Syscalls.scratch();
        MemorySegment file = scratch.path(path);
        MemorySegment key = scratch.string(name);
        long result = Syscalls.call(SystemCall.LREMOVEXATTR, file.address(), key.address());
        if (-result != Errno.ENODATA.number()) {
            LinuxFiles.check(result, SystemCall.LREMOVEXATTR, path);
        }
    }

    private static Optional<byte[]> read(SystemCall call, Path path, Optional<String> name) throws IOException {
        for (int size : new int[] {FIRST_TRY, MAX}) {
            Syscalls.Scratch scratch = Syscalls.scratch();
            MemorySegment file = scratch.path(path);
            MemorySegment value = scratch.bytes(size);
            long n = name.isPresent()
                    ? Syscalls.call(
                            call, file.address(), scratch.string(name.get()).address(), value.address(), size)
                    : Syscalls.call(call, file.address(), value.address(), size);
            if (n >= 0) {
                return Optional.of(value.asSlice(0, n).toArray(JAVA_BYTE));
            }
            if (-n == Errno.ENODATA.number() || -n == Errno.EOPNOTSUPP.number()) {
                return Optional.empty();
            }
            if (-n != Errno.ERANGE.number() || size == MAX) {
                LinuxFiles.check(n, call, path);
            }
        }
        throw new AssertionError("unreachable: the last size ends the loop");
    }
}
