package org.layerbook.engine.sandbox;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.linux.Processes;

/**
 * How the launcher has set this process apart from the machine, as it says in the environment.
 *
 * @param mode how
 * @param why the ways that were better and did not work, and why; empty when the first did
 * @param directory private to this process and gone with it; empty when no launcher made one
 * @param hasTerminal whether the launcher was started at a terminal
 * @param heedsInterrupts whether {@code env} could give Ctrl-C back, which the launcher's shell takes
 */
public record Isolation(Mode mode, String why, Optional<Path> directory, boolean hasTerminal, boolean heedsInterrupts) {
    static final String MODE = "LAYERBOOK_ISOLATION";
    static final String WHY = "LAYERBOOK_ISOLATION_WHY";
    static final String DIRECTORY = "LAYERBOOK_RUNTIME_DIR";
    static final String TERMINAL = "LAYERBOOK_TERMINAL";
    static final String HEEDED = "LAYERBOOK_HEED";
    static final String SESSION = "LAYERBOOK_SESSION";
    static final String LIFELINE = "LAYERBOOK_LIFELINE";

    private static final int KILLED = 137;

    public enum Mode {
        /** Real root in a mount and a pid namespace. */
        ROOT("mount and process namespaces, as root of this machine"),
        /** A user namespace with the person's whole subordinate range. */
        USER("user, mount and process namespaces, with subordinate ids"),
        /** A user namespace with the person's own id only. */
        SINGLE("user, mount and process namespaces, with one id only"),
        /** None. */
        NONE("no namespaces");

        private final String sentence;

        Mode(String sentence) {
            this.sentence = sentence;
        }

        public String sentence() {
            return sentence;
        }
    }

    /** Of this process. */
    public static Isolation current() {
        return of(System.getenv());
    }

    static Isolation of(Map<String, String> environment) {
        Mode mode = Optional.ofNullable(environment.get(MODE))
                .map(m -> Mode.valueOf(m.toUpperCase(Locale.ROOT)))
                .orElse(Mode.NONE);
        return new Isolation(
                mode,
                environment.getOrDefault(WHY, environment.containsKey(MODE) ? "" : "not started by the launcher"),
                Optional.ofNullable(environment.get(DIRECTORY)).map(Path::of),
                environment.containsKey(TERMINAL),
                environment.containsKey(HEEDED));
    }

    /**
     * To be called first of all in a main method, before anything asks for signals. Costs nothing where the launcher found
     * the programs it wants.
     */
    public static void begin() {
        Isolation isolation = current();
        if (isolation.directory().isPresent() && !isolation.heedsInterrupts()) {
            Processes.heedInterrupts();
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

    /** Where the person's commands run: outside, through the launcher's helper, or directly where there is none. */
    public HostCommands hostCommands() {
        Map<String, String> person = PersonEnvironment.of(System.getenv());
        if (directory.isPresent()) {
            return new OutsideHostCommands(this, directory.get(), person);
        }
        String own = "layerbook-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());
        return new DirectHostCommands(Path.of(System.getProperty("java.io.tmpdir"), own), person);
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
