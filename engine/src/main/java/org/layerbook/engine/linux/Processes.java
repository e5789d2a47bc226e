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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** Signals and processes, by number. */
public final class Processes {
    public static final int SIGINT = 2;
    public static final int SIGQUIT = 3;
    public static final int SIGKILL = 9;
    public static final int SIGTERM = 15;
    public static final int SIGCONT = 18;
    public static final int SIGSTOP = 19;

    private static final int WNOHANG = 1;
    private static final int POLLFD_SIZE = 8;
    private static final int POLLIN = 1;
    /** The kernel's own {@code struct sigaction}; all zero is the default action, on every architecture. */
    private static final int SIGACTION_SIZE = 32;

    private static final int SIGSET_SIZE = 8;

    private Processes() {}

    /**
     * @param pid a negative one means the process group of that number
     * @return false when there is no such process any more
     */
    public static boolean kill(int pid, int signal) throws IOException {
        long result = Syscalls.call(SystemCall.KILL, pid, signal);
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
        MemorySegment status = Syscalls.scratch().bytes(4);
        long result = Syscalls.call(SystemCall.WAIT4, pid, status.address(), WNOHANG, 0);
        return result > 0 ? OptionalInt.of(status.get(JAVA_INT, 0)) : OptionalInt.empty();
    }

    /** Blocks until the process, anybody's, has ended; returns at once where there is none of that number. Linux 5.3. */
    public static void awaitEnd(int pid) throws IOException {
        long opened = Syscalls.call(SystemCall.PIDFD_OPEN, pid, 0);
        if (-opened == Errno.ESRCH.number()) {
            return;
        }
        if (opened < 0) {
            throw new LinuxException((int) -opened, SystemCall.PIDFD_OPEN.title(), "process " + pid);
        }
        try (FileDescriptor process = FileDescriptor.adopt(opened)) {
            MemorySegment poll = Syscalls.scratch().bytes(POLLFD_SIZE);
            poll.set(JAVA_INT, 0, process.number());
            poll.set(JAVA_INT, 4, POLLIN);
            long ready = -Errno.EINTR.number();
            while (-ready == Errno.EINTR.number()) {
                ready = Syscalls.call(SystemCall.PPOLL, poll.address(), 1, 0, 0, 0);
            }
        }
    }

    /**
     * Gives Ctrl-C and Ctrl-\ back their meaning: a shell starts what it puts in the background with both ignored, and all
     * that it starts in turn would ignore them too.
     */
    public static void restoreSigint() {
        for (int signal : new int[] {SIGINT, SIGQUIT}) {
            MemorySegment toDefault = Syscalls.scratch().bytes(SIGACTION_SIZE).fill((byte) 0);
            Syscalls.call(SystemCall.RT_SIGACTION, signal, toDefault.address(), 0, SIGSET_SIZE);
        }
    }

    /** The processes that {@code tracer} follows by ptrace. */
    public static List<Integer> tracedBy(int tracer) throws IOException {
        List<Integer> result = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
            for (Path each : all) {
                if (statusLine(each, "TracerPid:").equals(Optional.of(Integer.toString(tracer)))) {
                    result.add(Integer.valueOf(each.getFileName().toString()));
                }
            }
        }
        return result;
    }

    private static Optional<String> statusLine(Path proc, String key) {
        try {
            return Files.readAllLines(proc.resolve("status"), StandardCharsets.ISO_8859_1).stream()
                    .filter(l -> l.startsWith(key))
                    .map(l -> l.substring(key.length()).strip())
                    .findFirst();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** The effective user, as this namespace numbers it. */
    public static int uid() {
        return (int) Syscalls.call(SystemCall.GETUID);
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

    /** Its children now, those that have ended but not been waited for among them. */
    public static List<Integer> childrenOf(int pid) throws IOException {
        return children().getOrDefault(pid, List.of());
    }

    /** Its children that have ended and that it has not waited for yet. */
    public static List<Integer> endedChildrenOf(int pid) throws IOException {
        return family().stream()
                .filter(m -> m.parent() == pid && m.hasEnded())
                .map(Member::pid)
                .toList();
    }

    private record Member(int pid, int parent, boolean hasEnded) {}

    private static Map<Integer, List<Integer>> children() throws IOException {
        return family().stream()
                .collect(Collectors.groupingBy(Member::parent, Collectors.mapping(Member::pid, Collectors.toList())));
    }

    private static List<Member> family() throws IOException {
        List<Member> result = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
            for (Path each : all) {
                member(each).ifPresent(result::add);
            }
        }
        return result;
    }

    private static Optional<Member> member(Path proc) {
        try {
            // "pid (name) state ppid …": the name may hold anything, brackets and spaces too.
            String text = Files.readString(proc.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
            int pid = Integer.parseInt(proc.getFileName().toString());
            return Optional.of(new Member(pid, Integer.parseInt(fields[1]), fields[0].equals("Z")));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
