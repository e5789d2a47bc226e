package org.layerbook.engine.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Signals and processes, by number. */
public final class Processes {
    public static final int SIGINT = 2;
    public static final int SIGKILL = 9;
    public static final int SIGTERM = 15;
    public static final int SIGCONT = 18;
    public static final int SIGSTOP = 19;

    private static final int WNOHANG = 1;

    private Processes() {}

    /**
     * @param pid a negative one means the process group of that number
     * @return false when there is no such process any more
     */
    public static boolean kill(int pid, int signal) throws IOException {
        long result = Kernel.call(SystemCall.KILL, pid, signal);
        if (-result == Errno.ESRCH.number()) {
            return false;
        }
        if (result < 0) {
            throw new LinuxException((int) -result, SystemCall.KILL.title(), "process " + pid);
        }
        return true;
    }

    /**
     * Takes in an ended child that nobody else waits for.
     *
     * @param pid never one that a {@link Process} stands for: Java waits for those itself
     * @return its wait status, empty while it runs or when it is no child of this process
     */
    public static OptionalInt reap(int pid) {
        MemorySegment status = Kernel.scratch().bytes(4);
        long result = Kernel.call(SystemCall.WAIT4, pid, status.address(), WNOHANG, 0);
        return result > 0 ? OptionalInt.of(status.get(JAVA_INT, 0)) : OptionalInt.empty();
    }

    /** The effective user, as this namespace numbers it. */
    public static int uid() {
        return (int) Kernel.call(SystemCall.GETUID);
    }

    /**
     * Kills {@code pid} and all its descendants. Each is stopped before its children are looked for, so that none can
     * start another unseen; what has left the tree before (its parent ended) is not found.
     */
    public static void killTree(int pid) throws IOException {
        Deque<Integer> toVisit = new ArrayDeque<>(List.of(pid));
        List<Integer> stopped = new ArrayList<>();
        while (!toVisit.isEmpty()) {
            int next = toVisit.remove();
            if (kill(next, SIGSTOP)) {
                stopped.add(next);
                toVisit.addAll(children().getOrDefault(next, List.of()));
            }
        }
        for (int each : stopped) {
            kill(each, SIGKILL);
        }
    }

    private static Map<Integer, List<Integer>> children() throws IOException {
        Map<Integer, List<Integer>> result = new HashMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
            for (Path each : all) {
                int pid = Integer.parseInt(each.getFileName().toString());
                parent(each)
                        .ifPresent(p -> result.computeIfAbsent(p, x -> new ArrayList<>())
                                .add(pid));
            }
        }
        return result;
    }

    private static Optional<Integer> parent(Path proc) {
        try {
            // "pid (name) state ppid …": the name may hold anything, brackets and spaces too.
            byte[] stat = Files.readAllBytes(proc.resolve("stat"));
            String text = new String(stat, StandardCharsets.ISO_8859_1);
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
            return Optional.of(Integer.valueOf(fields[1]));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
