package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.concurrent.Uninterruptibly;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Trees;

/** Runs each process in a container of its own, by {@code runc run} or {@code crun run}. */
public final class OciRuntimeSandbox implements Sandbox {
    private final OciRuntime runtime;
    private final Privileges privileges;
    private final Path directory;
    private final String session;
    private final ProcessRecords records;
    private final AtomicLong counter = new AtomicLong();
    private final OrphanReaper orphans = new OrphanReaper();

    /**
     * @param directory of this process alone, best in memory; holds bundles and the runtime's state while something runs
     * @param session distinguishes this process's control groups from those of others on the machine
     */
    public OciRuntimeSandbox(
            OciRuntime runtime, Privileges privileges, Path directory, String session, ProcessRecords records) {
        this.records = records;
        this.runtime = runtime;
        this.privileges = privileges;
        this.directory = directory;
        this.session = session;
    }

    @Override
    public ExitStatus run(ProcessSpec spec, ProcessIo io, Cancellation cancellation)
            throws SandboxException, IOException {
        if (cancellation.isCancelled()) {
            return ExitStatus.cancelled();
        }
        Identities.check(spec.user(), privileges);
        Rlimits.check(spec, privileges);
        Optional<ProgramLookup.Failure> missing = ProgramLookup.check(spec);
        if (missing.isPresent()) {
            io.stderr().write((missing.get().message() + "\n").getBytes(StandardCharsets.UTF_8));
            io.stderr().flush();
            return ExitStatus.of(missing.get().status());
        }
        checkMountPoints(spec);
        MountStubs stubs = MountStubs.make(spec, true);
        try {
            return runBundle(spec, io, cancellation);
        } finally {
            stubs.takeAway();
        }
    }

    /**
     * runc 1.1 makes the links of /dev ({@code fd}, {@code stdin}, …) by their path from outside: in a root where /dev is
     * a symbolic link it would follow that, out of the root.
     */
    private static void checkMountPoints(ProcessSpec spec) throws SandboxException, IOException {
        for (String each : List.of("/dev", "/proc", "/sys")) {
            Optional<FileStat> there = LinuxFiles.lstatIfExists(spec.rootfs().resolve(each.substring(1)));
            if (there.isPresent() && !there.get().isDirectory()) {
                throw new SandboxException("cannot start a container: " + each + " in the image is "
                        + (there.get().isSymlink() ? "a symbolic link" : "not a directory"));
            }
        }
    }

    private ExitStatus runBundle(ProcessSpec spec, ProcessIo io, Cancellation cancellation)
            throws SandboxException, IOException {
        String id = session + "-" + counter.incrementAndGet();
        Path bundle = Files.createDirectories(directory.resolve("bundles").resolve(id));
        Path state = Files.createDirectories(directory.resolve("state"));
        try {
            new RuntimeBundle(spec, privileges, runtime, "/layerbook/" + id, bundle).write();
            RuntimeErrors errors = new RuntimeErrors(io.stderr(), bundle.resolve("log"));
            ProcessBuilder builder = new ProcessBuilder(command(state, bundle, id));
            builder.directory(bundle.toFile());
            builder.environment().keySet().retainAll(List.of("PATH"));
            RunningProcess process = RunningProcess.start(
                    builder,
                    new ProcessIo(io.stdin(), io.stdout(), errors.stream()),
                    this::killContainer,
                    records,
                    spec.rootfs());
            ExitStatus status = process.await(cancellation);
            return status.wasCancelled() ? status : errors.judge(status, spec);
        } finally {
            orphans.sweep();
            Trees.delete(bundle);
            if (Files.exists(state.resolve(id))) {
                // The runtime was killed before it could clean up after itself.
                deleteLeftover(state, id);
            }
        }
    }

    private List<String> command(Path state, Path bundle, String id) {
        List<String> command = new ArrayList<>();
        command.add(runtime.program().toString());
        if (privileges.inUserNamespace() && runtime.name().equals("runc")) {
            command.add("--rootless=true");
        }
        command.addAll(List.of("--root", state.toString()));
        command.addAll(List.of("--log", bundle.resolve("log").toString()));
        if (runtime.name().equals("crun")) {
            // In its JSON it would say also inside the container why a program cannot be executed.
            command.addAll(List.of("--log-format", "text"));
            if (!runtime.cgroups()) {
                command.add("--cgroup-manager=disabled");
            }
        } else {
            command.addAll(List.of("--log-format", "json"));
        }
        command.addAll(List.of("run", "--bundle", bundle.toString(), id));
        return command;
    }

    /** The runtime's children only, the container's first process among them: it then cleans up and ends by itself. */
    private void killContainer(Process process) {
        ProcessKiller.killDescendants(process);
    }

    private void deleteLeftover(Path state, String id) throws IOException {
        Process delete = new ProcessBuilder(
                        runtime.program().toString(), "--root", state.toString(), "delete", "--force", id)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Uninterruptibly.waitFor(delete);
        Trees.delete(state.resolve(id));
    }

    @Override
    public String description() {
        return weaknesses().isEmpty() ? runtime.toString() : runtime + " (" + String.join("; ", weaknesses()) + ")";
    }

    @Override
    public Optional<String> weaker() {
        return weaknesses().isEmpty()
                ? Optional.empty()
                : Optional.of("RUN containers have limitations: " + String.join("; ", weaknesses()));
    }

    private List<String> weaknesses() {
        List<String> weaker = new ArrayList<>();
        if (!runtime.seccomp()) {
            weaker.add("system calls are not filtered");
        }
        if (!runtime.cgroups() && !privileges.inUserNamespace()) {
            weaker.add("no control groups, so device nodes cannot be created");
        }
        if (!runtime.ownProc()) {
            weaker.add("/proc is that of this container, so its process IDs differ");
        }
        if (privileges.uids().count() == 1) {
            weaker.add("only one user ID is available, so every process runs as root");
        }
        return weaker;
    }
}
