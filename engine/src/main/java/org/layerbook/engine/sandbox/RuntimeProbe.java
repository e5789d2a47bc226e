package org.layerbook.engine.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds out whether an OCI runtime works on this machine by using it. It starts a container whose program does not exist:
 * when that is its only complaint, everything before (namespaces, mounts, filters) has worked, and no program of an image
 * was needed.
 */
final class RuntimeProbe {
    private static final String PROGRAM = "/layerbook-probe";

    private final Privileges privileges;
    private final Path directory;

    /** @param directory for the attempt; what it makes there is taken away again */
    RuntimeProbe(Privileges privileges, Path directory) {
        this.privileges = privileges;
        this.directory = directory;
    }

    sealed interface Answer {
        record Works(OciRuntime runtime) implements Answer {}

        record Fails(String reason) implements Answer {}
    }

    /** Tries the full set of protections first, then less. */
    Answer probe(Path program) throws IOException {
        String version = version(program);
        String name = program.getFileName().toString().contains("crun") ? "crun" : "runc";
        List<String> reasons = new ArrayList<>();
        for (boolean cgroups : privileges.inUserNamespace() ? List.of(false) : List.of(true, false)) {
            for (boolean seccomp : List.of(true, false)) {
                OciRuntime candidate = new OciRuntime(name, program, version, cgroups, seccomp);
                Optional<String> failure = failure(candidate);
                if (failure.isEmpty()) {
                    return new Answer.Works(candidate);
                }
                reasons.add(failure.get());
            }
        }
        return new Answer.Fails(reasons.getFirst());
    }

    private Optional<String> failure(OciRuntime runtime) throws IOException {
        Path attempt = Files.createTempDirectory(directory, "probe");
        try {
            Path root = Files.createDirectory(attempt.resolve("rootfs"));
            ProcessSpec spec = new ProcessSpec(
                    root,
                    false,
                    List.of(PROGRAM),
                    List.of(),
                    "/",
                    ProcessSpec.Identity.ROOT,
                    List.of(),
                    ProcessSpec.Network.HOST,
                    Optional.empty(),
                    List.of());
            ByteArrayOutputStream errors = new ByteArrayOutputStream();
            OciRuntimeSandbox sandbox = new OciRuntimeSandbox(
                    runtime,
                    privileges,
                    attempt,
                    "probe-" + ProcessHandle.current().pid(),
                    Wards.none());
            ExitStatus status = sandbox.runWithoutLookup(
                    spec, ProcessIo.outputOnly(new ByteArrayOutputStream(), errors), new Cancellation());
            return status.code() == ProgramLookup.NOT_FOUND
                    ? Optional.empty()
                    : Optional.of("it ended with status " + status.code() + ": "
                            + errors.toString(StandardCharsets.UTF_8).strip());
        } catch (SandboxException e) {
            return Optional.of(e.getMessage());
        } finally {
            Trees.delete(attempt);
        }
    }

    private static String version(Path program) throws IOException {
        Process process = new ProcessBuilder(program.toString(), "--version")
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Uninterruptibly.waitFor(process);
        // "runc version 1.1.5+ds1", "crun version 1.8.1"
        return text.lines()
                .findFirst()
                .map(l -> l.replaceFirst("^.*version ", ""))
                .orElse("of unknown version");
    }
}
