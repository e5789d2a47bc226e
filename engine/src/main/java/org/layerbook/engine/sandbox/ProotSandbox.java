package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.engine.linux.Processes;
import org.layerbook.engine.linux.RootedPath;
import org.layerbook.engine.linux.Trees;

/**
 * For a user where no namespace may be made: {@code proot -0} follows every system call of the process and answers as if
 * it were root in that directory. Slow for programs that work much on files, and owners are only played.
 */
public final class ProotSandbox implements Sandbox {
    private static final Path TMP = Path.of("/tmp");
    private static final String WEAKNESSES =
            "ownership is only simulated, processes can see and signal those outside, read-only binds"
                    + " are writable, no --network=none";

    private final Path program;
    private final boolean filter;
    private final Path scratch;
    private final Path executable;
    private final ProcessRecords records;

    /**
     * @param filter whether it may use a seccomp filter to follow fewer system calls
     * @param scratch for what stands in for mounted files while a process runs
     * @param executable a directory for a program of its own, where /tmp cannot be used
     */
    public ProotSandbox(Path program, boolean filter, Path scratch, Path executable, ProcessRecords records) {
        this.records = records;
        this.program = program;
        this.filter = filter;
        this.executable = executable;
        this.scratch = scratch;
    }

    @Override
    public ExitStatus run(ProcessSpec spec, ProcessIo io, Cancellation cancellation)
            throws SandboxException, IOException {
        if (cancellation.isCancelled()) {
            return ExitStatus.cancelled();
        }
        if (spec.network() == ProcessSpec.Network.NONE) {
            throw new SandboxException("cannot run without a network: network namespaces are not permitted here");
        }
        Optional<ProgramLookup.Failure> missing = ProgramLookup.check(spec);
        if (missing.isPresent()) {
            io.stderr().write((missing.get().message() + "\n").getBytes(StandardCharsets.UTF_8));
            return ExitStatus.of(missing.get().status());
        }
        Path files = Files.createTempDirectory(scratch, "proot");
        MountStubs stubs = MountStubs.make(spec, true);
        try {
            ProcessBuilder builder = new ProcessBuilder(command(spec, files));
            builder.environment().clear();
            for (String each : HomeLookup.withHome(spec)) {
                int equals = each.indexOf('=');
                builder.environment().put(each.substring(0, equals), each.substring(equals + 1));
            }
            // It hands on what is meant for itself, so these are set only where they have to be.
            if (!Files.isWritable(TMP)) {
                builder.environment().putAll(withoutTmp(spec));
            }
            if (!filter) {
                builder.environment().put("PROOT_NO_SECCOMP", "1");
            }
            RunningProcess process =
                    RunningProcess.start(builder, io, ProotSandbox::killTraced, records, spec.rootfs());
            process.whileItRuns(ProotSandbox::endWithTheFirst);
            return process.await(cancellation);
        } finally {
            stubs.takeAway();
            Trees.delete(files);
        }
    }

    /** Versions before 5.2 use /tmp whatever the environment says: for their loader, and for mount points that are missing. */
    private Map<String, String> withoutTmp(ProcessSpec spec) throws IOException {
        for (String each : List.of("proc", "sys", "dev")) {
            RootedPath.createDirectories(spec.rootfs(), each, _ -> {});
        }
        Map<String, String> variables = new HashMap<>(Map.of("PROOT_TMP_DIR", executable.toString()));
        ProotLoader.extract(program, executable).ifPresent(l -> variables.put("PROOT_LOADER", l.toString()));
        return variables;
    }

    /** Everything that runs inside; proot then ends by itself, with the status of the last that ended by itself. */
    private static void killTraced(Process proot) {
        try {
            for (int each : Processes.tracedBy((int) proot.pid())) {
                Processes.kill(each, Processes.SIGKILL);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** proot's only child is the process of the spec; the others, once that has ended, are what it left behind. */
    private static void endWithTheFirst(Process proot) throws InterruptedException, IOException {
        int pid = (int) proot.pid();
        // In this order: once something is traced the first has been born, so when it is no child then, it has ended.
        while (Processes.tracedBy(pid).isEmpty()) {
            if (proot.waitFor(1, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
        for (int each : Processes.childrenOf(pid)) {
            Processes.awaitEnd(each);
        }
        while (!proot.waitFor(1, TimeUnit.MILLISECONDS)) {
            killTraced(proot);
        }
    }

    private List<String> command(ProcessSpec spec, Path files) throws SandboxException, IOException {
        String hostname = spec.hostname().orElse(ProcessSpec.DEFAULT_HOSTNAME);
        Path resolvConf = Files.write(files.resolve("resolv.conf"), EtcFiles.resolvConf());
        Path hosts = Files.write(files.resolve("hosts"), EtcFiles.hosts(hostname, spec.extraHosts()));
        List<String> command = new ArrayList<>(Rlimits.prefix(spec));
        command.add(program.toString());
        if (spec.user().uid() == 0) {
            command.add("-0");
        } else {
            command.addAll(List.of("-i", spec.user().uid() + ":" + spec.user().gid()));
        }
        command.addAll(List.of("-r", spec.rootfs().toString(), "-w", spec.cwd()));
        for (String each : List.of("/proc", "/dev", "/sys")) {
            command.addAll(List.of("-b", each));
        }
        bind(command, resolvConf, MountStubs.RESOLV_CONF);
        bind(command, hosts, MountStubs.HOSTS);
        int n = 0;
        for (ProcessSpec.Mount mount : spec.mounts()) {
            switch (mount) {
                case ProcessSpec.Mount.Bind(Path source, String target, boolean _) -> bind(command, source, target);
                case ProcessSpec.Mount.Tmpfs(String target, long _, int _, List<String> _) ->
                    bind(command, Files.createDirectory(files.resolve("tmpfs" + n++)), target);
            }
        }
        command.addAll(spec.argv());
        return command;
    }

    private static void bind(List<String> command, Path source, String target) {
        command.addAll(List.of("-b", source + ":" + target));
    }

    @Override
    public String description() {
        return "proot (" + WEAKNESSES + ")";
    }

    @Override
    public Optional<String> weaker() {
        return Optional.of("RUN uses proot instead of a container: " + WEAKNESSES);
    }
}
