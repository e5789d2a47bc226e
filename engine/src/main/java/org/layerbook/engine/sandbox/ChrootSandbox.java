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
import org.layerbook.engine.linux.Processes;

/**
 * For root where no namespace may be made, as in many pods: {@code unshare --root}, which without a namespace only
 * changes root, directory and user. What remains of a run is found by its root directory and killed.
 */
public final class ChrootSandbox implements Sandbox {
    private final Wards wards;

    ChrootSandbox(Wards wards) {
        this.wards = wards;
    }

    @Override
    public ExitStatus run(ProcessSpec spec, ProcessIo io, Cancellation cancellation)
            throws SandboxException, IOException {
        if (cancellation.isCancelled()) {
            return ExitStatus.cancelled();
        }
        refuseWhatItCannot(spec);
        Optional<ProgramLookup.Failure> missing = ProgramLookup.check(spec);
        if (missing.isPresent()) {
            io.stderr().write((missing.get().message() + "\n").getBytes(StandardCharsets.UTF_8));
            return ExitStatus.of(missing.get().status());
        }
        try (ChrootFiles _ = ChrootFiles.prepare(spec)) {
            ProcessBuilder builder = new ProcessBuilder(command(spec));
            builder.environment().clear();
            for (String each : HomeOf.withHome(spec)) {
                int equals = each.indexOf('=');
                builder.environment().put(each.substring(0, equals), each.substring(equals + 1));
            }
            RunningProcess process =
                    RunningProcess.start(builder, io, p -> killAllIn(spec.rootfs()), wards, spec.rootfs());
            try {
                // What it left in the background would hold its output open.
                return process.await(cancellation, () -> killAllIn(spec.rootfs()));
            } finally {
                killAllIn(spec.rootfs());
            }
        }
    }

    private static void refuseWhatItCannot(ProcessSpec spec) throws SandboxException {
        if (!spec.mounts().isEmpty()) {
            throw new SandboxException("RUN --mount needs a mount, and this process may not mount (it runs in a"
                    + " chroot only, without namespaces)");
        }
        if (spec.network() == ProcessSpec.Network.NONE) {
            throw new SandboxException(
                    "a process without network needs a network namespace, which this process may" + " not make");
        }
    }

    private static List<String> command(ProcessSpec spec) throws SandboxException {
        List<String> command = new ArrayList<>(Rlimits.prefix(spec));
        command.addAll(List.of("/usr/bin/unshare", "--root=" + spec.rootfs(), "--wd=" + spec.cwd()));
        command.add("--setgid=" + spec.user().gid());
        command.add("--setuid=" + spec.user().uid());
        command.add("--");
        command.addAll(spec.argv());
        return command;
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

    @Override
    public String description() {
        return "chroot (no namespaces may be made here: processes see and may disturb those of this machine, there is no"
                + " /proc, RUN --mount and --network=none are refused)";
    }
}
