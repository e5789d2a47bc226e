package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.engine.linux.Processes;
import org.layerbook.engine.linux.RootedPath;

/**
 * For root where no container can be started, as in a container that docker started: {@code nsenter} without a namespace only
 * changes root, directory and user; {@code unshare} would make one system call more, which docker's filter refuses. What
 * remains of a run is found by its root directory and killed.
 */
public final class ChrootSandbox implements Sandbox {
    private final Tools tools;
    private final Privileges privileges;
    private final boolean mounts;
    private final DeviceFiles devices;
    private final Path scratch;
    private final ProcessRecords records;

    /** Programs of util-linux. */
    public record Tools(Path nsenter, Path setpriv) {}

    /**
     * @param mounts whether this process has a namespace of mounts to itself, in which the run finds /proc, /dev, /sys and
     *     its own mounts
     * @param devices of a run that has no mounts
     * @param scratch for files that are mounted
     */
    public ChrootSandbox(
            Tools tools,
            Privileges privileges,
            boolean mounts,
            DeviceFiles devices,
            Path scratch,
            ProcessRecords records) {
        this.tools = tools;
        this.privileges = privileges;
        this.mounts = mounts;
        this.devices = devices;
        this.scratch = scratch;
        this.records = records;
    }

    @Override
    public ExitStatus run(ProcessSpec spec, ProcessIo io, Cancellation cancellation)
            throws SandboxException, IOException {
        if (cancellation.isCancelled()) {
            return ExitStatus.cancelled();
        }
        refuseWhatItCannot(spec);
        Identities.check(spec.user(), privileges);
        Optional<ProgramLookup.Failure> missing = ProgramLookup.check(spec);
        if (missing.isPresent()) {
            io.stderr().write((missing.get().message() + "\n").getBytes(StandardCharsets.UTF_8));
            return ExitStatus.of(missing.get().status());
        }
        if (mounts) {
            try (ChrootMounts _ = ChrootMounts.prepare(spec, scratch)) {
                return runPrepared(spec, io, cancellation);
            }
        }
        try (ChrootFiles _ = ChrootFiles.prepare(spec, devices)) {
            return runPrepared(spec, io, cancellation);
        }
    }

    private ExitStatus runPrepared(ProcessSpec spec, ProcessIo io, Cancellation cancellation)
            throws SandboxException, IOException {
        ProcessBuilder builder = new ProcessBuilder(command(spec));
        builder.environment().clear();
        for (String each : HomeLookup.withHome(spec)) {
            int equals = each.indexOf('=');
            builder.environment().put(each.substring(0, equals), each.substring(equals + 1));
        }
        RunningProcess process =
                RunningProcess.start(builder, io, _ -> killAllIn(spec.rootfs()), records, spec.rootfs());
        try {
            // What it left in the background would hold its output open.
            return process.await(cancellation, () -> killAllIn(spec.rootfs()));
        } finally {
            killAllIn(spec.rootfs());
        }
    }

    private void refuseWhatItCannot(ProcessSpec spec) throws SandboxException {
        if (!mounts && !spec.mounts().isEmpty()) {
            throw new SandboxException(
                    "cannot use RUN --mount: mounting is not permitted here (see `layerbook doctor`);"
                            + " COPY the files, or remove the option");
        }
        if (spec.network() == ProcessSpec.Network.NONE) {
            throw new SandboxException(
                    "cannot run without a network: containers are not available here" + " (see `layerbook doctor`)");
        }
    }

    private List<String> command(ProcessSpec spec) throws SandboxException, IOException {
        ProcessSpec.Identity user = spec.user();
        List<String> command = new ArrayList<>(Rlimits.prefix(spec));
        boolean onlyOneId = privileges.uids().count() == 1;
        if (!onlyOneId) {
            // nsenter itself would drop the additional groups.
            command.addAll(List.of(tools.setpriv().toString(), "--regid=" + user.gid(), groups(user), "--"));
        }
        command.addAll(List.of(
                tools.nsenter().toString(),
                "--root=" + spec.rootfs(),
                "--wd=" + RootedPath.resolve(spec.rootfs(), spec.cwd())));
        if (!onlyOneId) {
            command.add("--setuid=" + user.uid());
        }
        command.add("--");
        command.addAll(spec.argv());
        return command;
    }

    private static String groups(ProcessSpec.Identity user) {
        return user.additionalGids().isEmpty()
                ? "--clear-groups"
                : user.additionalGids().stream().map(String::valueOf).collect(Collectors.joining(",", "--groups=", ""));
    }

    /** Every process whose root is this directory, until none is left: they cannot leave it. */
    private static void killAllIn(Path rootfs) {
        try {
            Path real = rootfs.toRealPath();
            boolean found = true;
            while (found) {
                found = false;
                try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
                    for (Path each : all) {
                        if (isRoot(each.resolve("root"), real)) {
                            found |= Processes.kill(
                                    Integer.parseInt(each.getFileName().toString()), Processes.SIGKILL);
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isRoot(Path link, Path rootfs) {
        try {
            return Files.readSymbolicLink(link).equals(rootfs);
        } catch (IOException goneOrForbidden) {
            return false;
        }
    }

    /** Whether what runs finds the common devices. */
    public boolean hasDevices() {
        return mounts || devices == DeviceFiles.USABLE;
    }

    private String weaknesses() {
        List<String> weaker = new ArrayList<>(List.of("processes can see and signal those outside"));
        if (privileges.uids().count() == 1) {
            weaker.add("every process runs as root");
        }
        if (!mounts) {
            weaker.add("no /proc");
        }
        if (!hasDevices()) {
            weaker.add("no devices (/dev/null is a file)");
        }
        weaker.add(mounts ? "no --network=none" : "no RUN --mount or --network=none");
        return String.join(", ", weaker);
    }

    @Override
    public String description() {
        return "chroot (" + weaknesses() + ")";
    }

    @Override
    public Optional<String> weaker() {
        return Optional.of("RUN uses a chroot instead of a container: " + weaknesses());
    }
}
