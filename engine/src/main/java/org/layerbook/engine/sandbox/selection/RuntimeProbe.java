package org.layerbook.engine.sandbox.selection;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.concurrent.Uninterruptibly;
import org.layerbook.engine.sandbox.OciRuntime;
import org.layerbook.engine.sandbox.OciRuntimeSandbox;
import org.layerbook.engine.sandbox.Privileges;
import org.layerbook.engine.sandbox.ProcessRecords;

/** Finds out whether an OCI runtime works on this machine by running a command in a container of it. */
final class RuntimeProbe {
    private final Privileges privileges;
    private final Path scratch;
    private final Path roots;

    /**
     * @param scratch for bundles and the runtime's state
     * @param roots where root file systems lie
     */
    RuntimeProbe(Privileges privileges, Path scratch, Path roots) {
        this.privileges = privileges;
        this.scratch = scratch;
        this.roots = roots;
    }

    sealed interface Answer {
        record Works(OciRuntime runtime) implements Answer {}

        record Fails(String reason) implements Answer {}
    }

    /** Tries the full set of protections first, then less. */
    Answer probe(Path program) throws IOException {
        String version = version(program);
        List<String> reasons = new ArrayList<>();
        for (OciRuntime candidate : candidates(program, version)) {
            OciRuntimeSandbox sandbox = new OciRuntimeSandbox(
                    candidate,
                    privileges,
                    scratch,
                    "probe-" + ProcessHandle.current().pid(),
                    ProcessRecords.none());
            Optional<String> failure = SandboxTrial.failure(sandbox, roots);
            if (failure.isEmpty()) {
                return new Answer.Works(candidate);
            }
            reasons.add(failure.get());
        }
        return new Answer.Fails(reasons.getFirst());
    }

    /** Control groups are for the machine's root, and a masked /proc is in the way of others only. */
    private List<OciRuntime> candidates(Path program, String version) {
        String name = program.getFileName().toString().contains("crun") ? "crun" : "runc";
        boolean inside = privileges.inUserNamespace();
        List<OciRuntime> candidates = new ArrayList<>();
        for (boolean ownProc : inside ? List.of(true, false) : List.of(true)) {
            for (boolean cgroups : inside ? List.of(false) : List.of(true, false)) {
                for (boolean seccomp : List.of(true, false)) {
                    candidates.add(new OciRuntime(name, program, version, cgroups, seccomp, ownProc));
                }
            }
        }
        return candidates;
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
