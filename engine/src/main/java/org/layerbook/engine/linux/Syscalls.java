package org.layerbook.engine.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The one way into the kernel: libc's {@code syscall}, whose arguments are all of one width. So only one call shape is
 * ever linked, on first use, and start-up pays for nothing.
 */
final class Syscalls {
    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_REMOVEDIR = 0x200;
    static final int O_CLOEXEC = 0x80000;
    static final int O_PATH = 0x200000;

    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
    private static final long ERRNO_OFFSET =
            Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SYSCALL = link();

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private Syscalls() {}

    @SuppressWarnings("restricted")
    private static MethodHandle link() {
        Linker linker = Linker.nativeLinker();
        MemorySegment address = linker.defaultLookup().findOrThrow("syscall");
        FunctionDescriptor sevenWords = FunctionDescriptor.of(
                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
        return linker.downcallHandle(address, sevenWords, CAPTURE);
    }

    /** Empty memory of this thread for the arguments of one call; the next {@code scratch()} takes it back. */
    static Scratch scratch() {
        Scratch s = SCRATCH.get();
        s.used = 0;
        s.large = List.of();
        return s;
    }

    /** @return the result, or the error number negated */
    static long call(SystemCall call, long... args) {
        return call(
                call,
                args.length > 0 ? args[0] : 0,
                args.length > 1 ? args[1] : 0,
                args.length > 2 ? args[2] : 0,
                args.length > 3 ? args[3] : 0,
                args.length > 4 ? args[4] : 0,
                args.length > 5 ? args[5] : 0);
    }

    private static long call(SystemCall call, long a, long b, long c, long d, long e, long f) {
        MemorySegment state = SCRATCH.get().state;
        long result;
        try {
            result = (long) SYSCALL.invokeExact(state, (long) call.number(), a, b, c, d, e, f);
        } catch (Throwable t) {
            throw new AssertionError("the call of " + call.title() + " does not fit its description", t);
        }
        return result == -1 ? -(long) state.get(JAVA_INT, ERRNO_OFFSET) : result;
    }

    /** Memory outside the heap, freed with its thread. What does not fit is allocated for itself. */
    static final class Scratch {
        private static final int SIZE = 3 * 4096;

        private final Arena arena = Arena.ofAuto();
        private final MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
        private final MemorySegment memory = arena.allocate(SIZE, 16);
        private long used;
        /** Held here because a call sees only addresses, which keep nothing alive. */
        private List<MemorySegment> large = List.of();

        /** @return {@code size} bytes of undefined content, aligned to 16 */
        MemorySegment bytes(long size) {
            long from = (used + 15) & ~15L;
            if (from + size > SIZE) {
                MemorySegment own = Arena.ofAuto().allocate(size, 16);
                large = Stream.concat(large.stream(), Stream.of(own)).toList();
                return own;
            }
            used = from + size;
            return memory.asSlice(from, size);
        }

        /** {@code content} with a zero byte after it. */
        MemorySegment string(byte[] content) {
            MemorySegment s = bytes(content.length + 1L);
            MemorySegment.copy(content, 0, s, JAVA_BYTE, 0, content.length);
            s.set(JAVA_BYTE, content.length, (byte) 0);
            return s;
        }

        MemorySegment string(String content) {
            return string(content.getBytes(StandardCharsets.UTF_8));
        }

        MemorySegment path(Path path) {
            return string(PathBytes.of(path));
        }
    }
}
