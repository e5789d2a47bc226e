package org.layerbook.engine.host;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.layerbook.engine.linux.Processes;

/**
 * How the launcher has set this process apart from the machine, as it says in the environment.
 *
 * @param mode whose user ids it has
 * @param apart what else is apart
 * @param failures at which step the better ways failed, in the order they were tried
 * @param why the ways that were better and did not work, and why; empty when the first did
 * @param directory private to this process and gone with it; empty when no launcher made one
 * @param hasTerminal whether the launcher was started at a terminal
 * @param restoresSigint whether {@code env} could give Ctrl-C back, which the launcher's shell takes
 */
public record Isolation(
        Mode mode,
        Apart apart,
        List<Failure> failures,
        String why,
        Optional<Path> directory,
        boolean hasTerminal,
        boolean restoresSigint) {
    static final String MODE = "LAYERBOOK_ISOLATION";
    static final String APART = "LAYERBOOK_ISOLATION_APART";
    /** Set where the launcher had to install a filter of system calls, for which it gave up gaining privileges. */
    public static final String HIDDEN_CLONE3 = "LAYERBOOK_CLONE3";

    static final String FAILED = "LAYERBOOK_ISOLATION_FAILED";
    static final String WHY = "LAYERBOOK_ISOLATION_WHY";
    static final String DIRECTORY = "LAYERBOOK_RUNTIME_DIR";
    static final String TERMINAL = "LAYERBOOK_TERMINAL";
    static final String RESTORE_SIGINT = "LAYERBOOK_RESTORE_SIGINT";
    static final String SESSION = "LAYERBOOK_SESSION";
    static final String LIFELINE = "LAYERBOOK_LIFELINE";

    private static final int KILLED = 137;

    public enum Mode {
        /** Those of the machine, as root. */
        ROOT,
        /** A user namespace with all the ids that can be had: as root the same, as a user the subordinate range. */
        USER,
        /** A user namespace with the user's own id only. */
        SINGLE,
        /** No namespace of any kind. */
        NONE
    }

    public enum Apart {
        /** Mounts, and processes with a /proc of their own: when this process is killed, the kernel ends the rest. */
        PROCESSES,
        /** Mounts only: /proc is the one of the machine or container, as where it may not be mounted anew. */
        MOUNTS,
        /** Nothing: nothing may be mounted. */
        IDS
    }

    /** The step that failed where a better way was tried. */
    public enum Step {
        /** Making the user namespace. */
        NAMESPACE,
        /** Giving it user ids. */
        IDS,
        /** Making the namespaces of mounts and processes. */
        INSIDE
    }

    public record Failure(Mode mode, Step step) {
        /** As in {@code user:ids}. */
        static Failure parse(String word) {
            String[] parts = word.toUpperCase(Locale.ROOT).split(":");
            return new Failure(Mode.valueOf(parts[0]), Step.valueOf(parts[1]));
        }
    }

    /** A phrase. */
    public String description() {
        String namespaces = switch (apart) {
            case PROCESSES -> "mount and PID namespaces";
            case MOUNTS -> "mount namespace";
            case IDS -> "namespace";
        };
        String user = apart == Apart.PROCESSES ? "user, " : apart == Apart.MOUNTS ? "user and " : "user ";
        return switch (mode) {
            case ROOT -> namespaces + ", as root";
            case USER -> user + namespaces + ", with a range of IDs";
            case SINGLE -> user + namespaces + ", with a single ID";
            case NONE -> "no namespaces";
        };
    }

    public boolean failed(Mode failedMode, Step step) {
        return failures.contains(new Failure(failedMode, step));
    }

    /** Whether the launcher's helper has to end what runs in sandboxes, since nothing else is sure to. */
    public boolean leavesProcesses() {
        return mode == Mode.NONE || apart == Apart.IDS;
    }

    /** Of this process. */
    public static Isolation current() {
        return of(System.getenv());
    }

    public static Isolation of(Map<String, String> environment) {
        Mode mode = Optional.ofNullable(environment.get(MODE))
                .map(m -> Mode.valueOf(m.toUpperCase(Locale.ROOT)))
                .orElse(Mode.NONE);
        String failed = environment.getOrDefault(FAILED, "");
        return new Isolation(
                mode,
                Optional.ofNullable(environment.get(APART))
                        .map(a -> Apart.valueOf(a.toUpperCase(Locale.ROOT)))
                        .orElse(Apart.IDS),
                failed.isBlank()
                        ? List.of()
                        : Stream.of(failed.strip().split(" "))
                                .map(Failure::parse)
                                .toList(),
                environment.getOrDefault(WHY, environment.containsKey(MODE) ? "" : "not started by the launcher"),
                Optional.ofNullable(environment.get(DIRECTORY)).map(Path::of),
                environment.containsKey(TERMINAL),
                environment.containsKey(RESTORE_SIGINT));
    }

    /**
     * To be called first of all in a main method, before anything asks for signals. Costs nothing where the launcher found
     * the programs it wants.
     */
    public static void begin() {
        Isolation isolation = current();
        if (isolation.directory().isPresent() && !isolation.restoresSigint()) {
            Processes.restoreSigint();
        }
        Optional.ofNullable(System.getenv(LIFELINE)).ifPresent(Isolation::watch);
    }

    /** Ends this process when the launcher, which holds the other end of the pipe, has been killed. */
    private static void watch(String pipe) {
        Thread.ofPlatform().daemon().name("lifeline").start(() -> {
            try (InputStream in = new FileInputStream(pipe)) {
                while (in.read() >= 0) {
                    continue;
                }
            } catch (IOException theDirectoryIsGone) {
                Runtime.getRuntime().halt(KILLED);
            }
            Runtime.getRuntime().halt(KILLED);
        });
    }

    /** Where the user's commands run: outside, through the launcher's helper, or directly where there is none. */
    public HostCommands hostCommands() {
        Map<String, String> user = UserEnvironment.of(System.getenv());
        if (directory.isPresent()) {
            return new OutsideHostCommands(this, directory.get(), user);
        }
        String own = "layerbook-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());
        return new DirectHostCommands(Path.of(System.getProperty("java.io.tmpdir"), own), user);
    }

    /**
     * A name that nothing else on this machine has now, new with each call. It begins with the launcher's, so that the
     * launcher knows whose control groups are left when all others have been killed.
     */
    public static String session(Map<String, String> environment) {
        String launcher =
                environment.getOrDefault(SESSION, "lb" + ProcessHandle.current().pid());
        return launcher + "-" + Long.toHexString(System.nanoTime());
    }
}
