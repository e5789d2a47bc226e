package org.layerbook.engine.linux;

import static org.layerbook.engine.linux.FileDescriptor.O_RDONLY;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Work in other namespaces, by {@code setns(2)}. */
public final class Namespaces {
    private static final long CLONE_FS = 0x200;
    private static final long CLONE_NEWNS = 0x20000;

    private Namespaces() {}

    /** Work that may fail. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws IOException;
    }

    /**
     * Does {@code work} where the mounts of another namespace are seen: in a thread of its own, which ends with it. Paths are those
     * of that namespace from its root on.
     *
     * @param namespace a {@code ns/mnt} of {@code /proc}; of a user namespace that is this process's or below it
     */
    public static <T> T inMountNamespace(Path namespace, Work<T> work) throws IOException {
        var result = new CompletableFuture<T>();
        Thread.ofPlatform().name("in " + namespace).start(() -> {
            try {
                enter(namespace);
                result.complete(work.run());
            } catch (IOException | RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case UncheckedIOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                default -> throw e;
            }
        }
    }

    private static void enter(Path namespace) throws IOException {
        try (FileDescriptor entered = FileDescriptor.open(namespace, O_RDONLY, 0)) {
            // Threads share root and working directory, which the kernel allows nobody to change who shares them.
            LinuxFiles.check(Syscalls.call(SystemCall.UNSHARE, CLONE_FS), SystemCall.UNSHARE, namespace);
            LinuxFiles.check(
                    Syscalls.call(SystemCall.SETNS, entered.number(), CLONE_NEWNS), SystemCall.SETNS, namespace);
        }
    }
}
