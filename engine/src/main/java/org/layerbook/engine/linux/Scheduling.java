package org.layerbook.engine.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** When a thread gets its turn: sched(7). */
public final class Scheduling {
    private static final int SCHED_BATCH = 3;
    /** {@code struct sched_param}: a priority, which only real-time policies have. */
    private static final int PARAM_SIZE = 4;

    private Scheduling() {}

    /** The system's number of the calling thread; needs no native call, so start-up can pay for it. */
    public static int thread() throws IOException {
        return Integer.parseInt(Files.readSymbolicLink(Path.of("/proc/thread-self"))
                .getFileName()
                .toString());
    }

    /**
     * From now on {@code thread}, when it is woken, waits for its turn instead of taking the processor from the thread that
     * woke it. Threads that it starts inherit this.
     *
     * @param thread of this process, as {@link #thread()} numbers it
     * @throws LinuxException where the system does not let it, and all stays as it was
     */
    public static void yieldToWaker(int thread) throws IOException {
        MemorySegment noPriority = Syscalls.scratch().bytes(PARAM_SIZE).fill((byte) 0);
        long result = Syscalls.call(SystemCall.SCHED_SETSCHEDULER, thread, SCHED_BATCH, noPriority.address());
        if (result < 0) {
            throw new LinuxException((int) -result, SystemCall.SCHED_SETSCHEDULER.title(), "thread " + thread);
        }
    }
}
