package org.layerbook.engine.container;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.ContainerException.Kind;
import org.layerbook.engine.container.state.ContainerFolder;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.HostCommand;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.HostProc;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.engine.image.StoreLocks;
import org.layerbook.engine.linux.Namespaces;
import org.layerbook.engine.sandbox.Privileges;
import org.layerbook.engine.store.Store;

/**
 * A process that holds the namespaces in which containers run: of mounts, and of networks, in the user namespace of the sessions. It
 * belongs to a user and a store, does nothing but sleep, and stays when sessions end. What works on containers enters its namespaces;
 * it does so outside of the sessions, whose processes end with them.
 */
public final class Keeper {
    /** Where slirp4netns answers questions about names, in the network of the keeper. */
    static final String RESOLVER = "10.0.2.3";

    /** The lock that a start shares: meanwhile nobody else ends the keeper. */
    static final String IN_USE = "keeper in use";

    private static final String NOTED = "keeper.noted";

    private static final int ATTEMPTS = 1000;
    private static final int PAUSE_MS = 3;

    private final Store store;
    private final HostCommands host;
    private final HostProc proc;
    private final boolean userNamespace;
    private final Map<String, String> environment;

    /** @param environment of this process */
    public Keeper(
            Store store, HostCommands host, HostProc proc, Privileges privileges, Map<String, String> environment) {
        this.store = store;
        this.host = host;
        this.proc = proc;
        this.userNamespace = privileges.inUserNamespace();
        this.environment = environment;
    }

    private Path file() {
        return store.home().resolve("keeper");
    }

    /** The living one. */
    public Optional<HostProc.Process> find() throws IOException {
        return process("keeper");
    }

    /** The living process that a file names. */
    private Optional<HostProc.Process> process(String file) throws IOException {
        Optional<HostProc.Process> named = new ContainerFolder(store.home())
                .read(file)
                .map(text -> text.split(" "))
                .map(words -> new HostProc.Process(Long.parseLong(words[0]), Long.parseLong(words[1])));
        return named.isPresent() && proc.isAlive(named.get()) ? named : Optional.empty();
    }

    /** The living one, begun now where there is none. */
    public HostProc.Process begin() throws IOException {
        Optional<HostProc.Process> there = find();
        if (there.isEmpty()) {
            try (var _ = store.locks().lock("keeper")) {
                there = find();
                if (there.isEmpty()) {
                    there = Optional.of(start());
                }
            }
        }
        if (userNamespace
                && !Files.isSameFile(
                        proc.folder(there.get().pid()).resolve("ns/user"), Path.of("/proc/self/ns/user"))) {
            throw new ContainerException(
                    Kind.SYSTEM,
                    "this session has a user namespace of its own, and the containers of this store run in another one;"
                            + " restart the session");
        }
        return there.get();
    }

    private HostProc.Process start() throws IOException {
        Files.deleteIfExists(file());
        Files.deleteIfExists(store.home().resolve(NOTED));
        String door = userNamespace ? "nsenter --target " + proc.self() + " --user --preserve-credentials " : "";
        String inside = "ip link set lo up 2>/dev/null; read -r stat </proc/$$/stat; set -- ${stat##*)}; shift 19;"
                + " echo \"$$ $1\" >\"$keeper.new\" && mv \"$keeper.new\" \"$keeper\";"
                + " [ -z \"$members\" ] || echo \"$member_of $1\" >\"$members/$$\";"
                + " exec sleep 2147483647";
        // With its entry there the launcher lets later sessions into its user namespace.
        String variables = "keeper=" + quote(file().toString())
                + " members=" + quote(environment.getOrDefault("LAYERBOOK_MEMBERS", ""))
                + " member_of=" + quote(environment.getOrDefault("LAYERBOOK_MEMBER_OF", ""));
        String script = variables + "; export keeper members member_of; setsid " + door
                + "unshare --mount --net --propagation slave /bin/sh -c " + quote(inside)
                + " </dev/null >/dev/null 2>\"$keeper.log\" &";
        var errors = new ByteArrayOutputStream();
        host.run(
                HostCommand.shell(script, Path.of("/"), host.environment()),
                ProcessIo.outputOnly(errors, errors),
                new Cancellation());
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<HostProc.Process> begun = find();
            if (begun.isPresent()) {
                return begun.get();
            }
            pause();
        }
        String why = new ContainerFolder(store.home()).read("keeper.log").orElse("it did not begin");
        throw new ContainerException(Kind.SYSTEM, "containers cannot run here: no namespaces for them: " + why);
    }

    /**
     * Gives its network a way out, where this machine allows one. Containers are not to reach what listens on the loopback address of
     * the host.
     */
    void connect(HostProc.Process keeper, NetworkPrograms programs) throws IOException {
        if (programs.slirp().isEmpty() || slirp().isPresent()) {
            return;
        }
        try (var _ = store.locks().lock("keeper")) {
            if (slirp().isPresent()) {
                return;
            }
            Path file = store.home().resolve("keeper.slirp");
            Path ready = store.home().resolve("keeper.ready");
            Files.deleteIfExists(ready);
            String script = "mkfifo -m 600 " + quote(ready.toString()) + " || exit\nexec 4<>" + quote(ready.toString())
                    + "\n[ -r /dev/net/tun ] && [ -w /dev/net/tun ] || exit 0\n"
                    + "setsid " + quote(programs.slirp().get().toString())
                    + " --configure --mtu=65520 --disable-host-loopback -r 4 " + keeper.pid()
                    + " tap0 </dev/null >/dev/null 2>"
                    + quote(store.home().resolve("keeper.log").toString()) + " &\n"
                    + "pid=$!\nread -r stat </proc/$pid/stat; set -- ${stat##*)}; shift 19\n"
                    + "echo \"$pid $1\" >" + quote(file.toString()) + "\ntimeout 5 head -c 1 <&4 >/dev/null\n";
            var output = new ByteArrayOutputStream();
            host.run(
                    HostCommand.shell(script, Path.of("/"), host.environment()),
                    ProcessIo.outputOnly(output, output),
                    new Cancellation());
            Files.deleteIfExists(ready);
        }
    }

    private Optional<HostProc.Process> slirp() throws IOException {
        return process("keeper.slirp");
    }

    /** Whether containers can reach other machines. */
    public boolean hasWayOut() throws IOException {
        return slirp().isPresent();
    }

    /** Whether something is to be noted about it, which is done once while it lives. */
    boolean notes() throws IOException {
        try {
            Files.createFile(store.home().resolve(NOTED));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    /** Ends it, with the way out of its network, unless a container is being started. */
    void end() throws IOException {
        try (var lock = new Closing(store.locks().tryLock(IN_USE))) {
            if (lock.isHeld()) {
                for (String file : List.of("keeper.slirp", "keeper")) {
                    Optional<HostProc.Process> process = process(file);
                    if (process.isPresent()) {
                        kill(process.get());
                    }
                    Files.deleteIfExists(store.home().resolve(file));
                }
            }
        }
    }

    private void kill(HostProc.Process process) throws IOException {
        var output = new ByteArrayOutputStream();
        host.run(
                new HostCommand(List.of("/bin/sh", "-c", "kill " + process.pid()), Path.of("/"), host.environment()),
                ProcessIo.outputOnly(output, output),
                new Cancellation());
    }

    /** A lock that may not have been given. */
    private record Closing(Optional<StoreLocks.Held> held) implements AutoCloseable {
        boolean isHeld() {
            return held.isPresent();
        }

        @Override
        public void close() throws IOException {
            if (held.isPresent()) {
                held.get().close();
            }
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException();
        }
    }

    /** Work in its mount namespace, by this process. */
    public <T> T inside(HostProc.Process keeper, Namespaces.Work<T> work) throws IOException {
        return Namespaces.inMountNamespace(proc.folder(keeper.pid()).resolve("ns/mnt"), work);
    }

    /** A path of its mount namespace as this process sees it. */
    public Path seen(HostProc.Process keeper, Path path) {
        return proc.folder(keeper.pid()).resolve("root").resolve(Path.of("/").relativize(path));
    }

    /** Words before a command that is to run outside, with its mounts; {@code network} also with its network. */
    public List<String> enter(HostProc.Process keeper, boolean network) {
        var words = new ArrayList<>(List.of("nsenter", "--target", Long.toString(keeper.pid()), "--mount"));
        if (userNamespace) {
            words.addAll(List.of("--user", "--preserve-credentials"));
        }
        if (network) {
            words.add("--net");
        }
        return words;
    }

    /** Runs a program outside, with its mounts. */
    public ExitStatus run(HostProc.Process keeper, List<String> argv, ProcessIo io, Cancellation cancellation)
            throws IOException {
        var words = enter(keeper, false);
        words.addAll(argv);
        return host.run(new HostCommand(words, Path.of("/"), host.environment()), io, cancellation);
    }

    /** Its standard output and errors together, of a program that is to succeed. */
    public String output(HostProc.Process keeper, List<String> argv) throws IOException {
        var output = new ByteArrayOutputStream();
        ExitStatus status = run(keeper, argv, ProcessIo.outputOnly(output, output), new Cancellation());
        String text = output.toString(StandardCharsets.UTF_8).strip();
        if (!status.isSuccess()) {
            throw new ContainerException(Kind.SYSTEM, text.isEmpty() ? argv.getFirst() + " failed" : text);
        }
        return text;
    }

    static String quote(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
