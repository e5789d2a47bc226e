package org.layerbook.engine.container;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.ContainerException.Kind;
import org.layerbook.engine.container.state.ContainerFolder;
import org.layerbook.engine.container.state.ContainerState.Running;
import org.layerbook.engine.container.state.Containers;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.HostCommand;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.HostProc;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.MalformedException;
import org.layerbook.engine.sandbox.OciRuntime;
import org.layerbook.engine.sandbox.Privileges;
import org.layerbook.engine.sandbox.selection.Sandboxes;

/** Runs further processes in a running container. */
public final class ContainerExec {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ID_BYTES = 32;

    private final Containers containers;
    private final OciCalls oci;
    private final OciRuntime runtime;
    private final Privileges privileges;
    private final Keeper keeper;
    private final HostCommands host;

    ContainerExec(
            Containers containers,
            OciCalls oci,
            OciRuntime runtime,
            Privileges privileges,
            Keeper keeper,
            HostCommands host) {
        this.containers = containers;
        this.oci = oci;
        this.runtime = runtime;
        this.privileges = privileges;
        this.keeper = keeper;
        this.host = host;
    }

    /**
     * A process to run.
     *
     * @param env {@code NAME=value}, beside the container's; a name alone is taken out
     * @param user absent for the container's
     * @param privileged with every capability
     */
    public record Request(
            List<String> argv, List<String> env, Optional<String> user, Optional<String> cwd, boolean privileged) {
        public Request {
            argv = List.copyOf(argv);
            env = List.copyOf(env);
        }
    }

    /** Whether there is a terminal for {@link #onTerminal}. */
    public boolean hasTerminal() {
        return host.hasTerminal();
    }

    /** Runs it to its end and returns its exit status. @throws ContainerException where it cannot be started */
    public int run(Container container, Request request, ProcessIo io, Cancellation cancellation) throws IOException {
        try (var exec = new Exec(container, request, false)) {
            var errors = new ErrorsOnceStarted(io.stderr(), exec);
            ExitStatus status = keeper.run(
                    exec.keeping,
                    exec.command(List.of()),
                    new ProcessIo(io.stdin(), io.stdout(), errors),
                    cancellation);
            if (!exec.hasStarted() && !status.wasCancelled()) {
                throw exec.failure(errors.held());
            }
            errors.pass();
            return exec.ended(status);
        }
    }

    /** As above, with a terminal of its own that shows on the one Layerbook was started from. */
    public int onTerminal(Container container, Request request, Cancellation cancellation) throws IOException {
        try (var exec = new Exec(container, request, true)) {
            var command = new HostCommand(exec.onTerminal(), Path.of("/"), host.environment());
            ExitStatus status = host.runOnTerminal(command, cancellation);
            if (!exec.hasStarted() && !status.wasCancelled()) {
                throw exec.failure("");
            }
            return exec.ended(status);
        }
    }

    /** What gives a program a terminal; absent where it is not installed, and no process of {@link #onPseudoTerminal} can run then. */
    public Optional<Path> terminalProgram() {
        return Sandboxes.find("script", host.environment()).stream().findFirst();
    }

    /** As {@link #run}, with a terminal of its own whose keys and screen are {@code io}. */
    public int onPseudoTerminal(
            Container container, Request request, TerminalSize size, ProcessIo io, Cancellation cancellation)
            throws IOException {
        Path program = terminalProgram().orElseThrow();
        try (var exec = new Exec(container, request, true)) {
            String inner = "stty rows " + size.rows() + " cols " + size.columns() + "; exec "
                    + exec.onTerminal().stream().map(Keeper::quote).collect(Collectors.joining(" "));
            var words = List.of(program.toString(), "-q", "-e", "-E", "never", "-c", inner, "/dev/null");
            var environment = new HashMap<>(host.environment());
            environment.put("SHELL", "/bin/sh");
            ExitStatus status = host.run(new HostCommand(words, Path.of("/"), environment), io, cancellation);
            if (!exec.hasStarted() && !status.wasCancelled()) {
                throw exec.failure("");
            }
            return exec.ended(status);
        }
    }

    public record TerminalSize(int rows, int columns) {}

    /** Starts it and leaves it. @throws ContainerException where it cannot be started */
    public void detached(Container container, Request request) throws IOException {
        try (var exec = new Exec(container, request, false)) {
            var words = new ArrayList<>(List.of("/bin/sh", "-c", "exec \"$@\" </dev/null >/dev/null 2>&1", "sh"));
            words.addAll(exec.command(List.of("--detach")));
            var nothing = OutputStream.nullOutputStream();
            keeper.run(exec.keeping, words, ProcessIo.outputOnly(nothing, nothing), new Cancellation());
            if (!exec.hasStarted()) {
                throw exec.failure("");
            }
        }
    }

    /** The files of one call of the runtime, in the folder of the container. */
    private final class Exec implements AutoCloseable {
        private final Container container;
        private final HostProc.Process keeping;
        private final String id;
        private final Path process;
        private final Path pid;
        private final Path log;

        Exec(Container container, Request request, boolean tty) throws IOException {
            this.container = running(container);
            this.keeping = keeper.begin();
            byte[] bytes = new byte[ID_BYTES];
            RANDOM.nextBytes(bytes);
            this.id = HexFormat.of().formatHex(bytes);
            ContainerFolder folder = containers.folder(container);
            this.process = folder.file("exec-" + id + ".json");
            this.pid = folder.file("exec-" + id + ".pid");
            this.log = folder.file("exec-" + id + ".log");
            var bundle = new ContainerBundle(
                    this.container,
                    folder,
                    privileges,
                    runtime,
                    keeper.seen(keeping, folder.file("root").resolve("root")),
                    Optional.empty());
            Files.write(process, bundle.process(request, tty));
            String line = request.argv().getFirst() + " "
                    + String.join(" ", request.argv().subList(1, request.argv().size()));
            record("exec_create: " + line, Map.of());
            record("exec_start: " + line, Map.of());
        }

        private Container running(Container given) throws IOException {
            Container now = containers.refresh(given);
            if (!(now.state() instanceof Running running)) {
                throw ContainerException.notRunning(now);
            }
            if (running.paused()) {
                throw new ContainerException(
                        Kind.CONFLICT, "container " + now.id() + " is paused, unpause the container before exec");
            }
            return now;
        }

        private void record(String action, Map<String, String> more) throws IOException {
            var attributes = new HashMap<>(more);
            attributes.put("execID", id);
            containers.events().record(container, action, attributes);
        }

        List<String> command(List<String> options) {
            var command =
                    new ArrayList<>(List.of("exec", "--process", process.toString(), "--pid-file", pid.toString()));
            command.addAll(options);
            command.add(container.id());
            return oci.argv(List.of("--log", log.toString(), "--log-format", "json"), command);
        }

        /** What the process prints comes through its terminal; the runtime's own words are read from its log. */
        List<String> onTerminal() {
            var words = keeper.enter(keeping, false);
            words.addAll(List.of("/bin/sh", "-c", "exec \"$@\" 2>/dev/null", "sh"));
            words.addAll(command(List.of()));
            return words;
        }

        boolean hasStarted() {
            return Files.exists(pid);
        }

        boolean hasFailed() throws IOException {
            return Files.exists(log) && Files.size(log) > 0;
        }

        int ended(ExitStatus status) throws IOException {
            if (!status.wasCancelled()) {
                record("exec_die", Map.of("exitCode", Integer.toString(status.code())));
            }
            return status.code();
        }

        /** @param said what the runtime has printed, where it could not write its log */
        ContainerException failure(String said) throws IOException {
            String message = said.strip();
            if (hasFailed()) {
                for (String line : Files.readAllLines(log)) {
                    try {
                        message = Json.parse(line.getBytes(StandardCharsets.UTF_8), "log")
                                .string("msg")
                                .orElse(message);
                    } catch (MalformedException e) {
                        message = line;
                    }
                }
            }
            return new ContainerException(
                    Kind.NOT_STARTED, "OCI runtime exec failed: " + message + ": unknown", status(message));
        }

        private static int status(String message) {
            boolean isMissing =
                    message.contains("executable file not found") || message.contains("no such file or directory");
            return isMissing && !message.contains("chdir to cwd") ? 127 : 126;
        }

        @Override
        public void close() throws IOException {
            Files.deleteIfExists(process);
            Files.deleteIfExists(pid);
            Files.deleteIfExists(log);
        }
    }

    /** Standard error, kept back until it is known that it is the process's and not the runtime's. */
    private static final class ErrorsOnceStarted extends OutputStream {
        private static final int ATTEMPTS = 500;
        private static final int PAUSE_MS = 2;

        private final OutputStream out;
        private final Exec exec;
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();
        private boolean passes;

        ErrorsOnceStarted(OutputStream out, Exec exec) {
            this.out = out;
            this.exec = exec;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
            if (!passes && isOfProcess()) {
                pass();
            }
            (passes ? out : held).write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            if (passes) {
                out.flush();
            }
        }

        /** The runtime writes the file a moment after the process has begun. */
        private boolean isOfProcess() throws IOException {
            for (int attempt = 0; attempt < ATTEMPTS && !exec.hasStarted() && !exec.hasFailed(); attempt++) {
                try {
                    Thread.sleep(PAUSE_MS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return exec.hasStarted();
        }

        synchronized void pass() throws IOException {
            passes = true;
            held.writeTo(out);
            held.reset();
            out.flush();
        }

        synchronized String held() {
            return held.toString(StandardCharsets.UTF_8);
        }
    }
}
