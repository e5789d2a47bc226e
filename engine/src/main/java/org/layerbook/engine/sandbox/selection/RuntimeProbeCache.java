package org.layerbook.engine.sandbox.selection;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.linux.AtomicFile;
import org.layerbook.engine.linux.RegularFile;
import org.layerbook.engine.sandbox.OciRuntime;

/**
 * Remembers in a small file which runtime worked, so that no start tries again. An answer counts for one program file and
 * in the same circumstances; only a runtime that works is remembered, so that a repaired machine is noticed.
 */
final class RuntimeProbeCache {
    private static final int FIELDS = 6;
    private static final int MOST_BYTES = 1 << 16;

    private final Path file;
    private final String circumstances;

    /** @param file made where it is missing, replaced atomically */
    RuntimeProbeCache(Path file, String circumstances) {
        this.file = file;
        this.circumstances = circumstances;
    }

    /** @param first the program that would be tried first: a newly installed better one is to be tried */
    Optional<OciRuntime> recall(Path first) throws IOException {
        List<String> lines = remembered();
        if (lines.size() != FIELDS || !lines.get(0).equals(key(first))) {
            return Optional.empty();
        }
        Path program = Path.of(lines.get(2));
        if (!lines.get(1).equals(key(program))) {
            return Optional.empty();
        }
        return Optional.of(new OciRuntime(
                lines.get(3),
                program,
                lines.get(4),
                lines.get(5).contains("cgroups"),
                lines.get(5).contains("seccomp"),
                lines.get(5).contains("proc")));
    }

    /** What cannot be read is not remembered. */
    private List<String> remembered() {
        try {
            byte[] content = RegularFile.read(file, MOST_BYTES).orElse(new byte[0]);
            return new String(content, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Where the file cannot be written (a full disk, a read-only one) the next start tries again. */
    void remember(Path first, OciRuntime runtime) throws IOException {
        List<String> lines = List.of(
                key(first),
                key(runtime.program()),
                runtime.program().toString(),
                runtime.name(),
                runtime.version(),
                (runtime.cgroups() ? "cgroups " : "")
                        + (runtime.seccomp() ? "seccomp " : "")
                        + (runtime.ownProc() ? "proc" : ""));
        try {
            write(lines);
        } catch (IOException e) {
            return;
        }
    }

    private void write(List<String> lines) throws IOException {
        Files.createDirectories(file.getParent());
        byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, AtomicFile.Access.PRIVATE, text);
    }

    private String key(Path program) throws IOException {
        if (!Files.exists(program)) {
            return program + " is missing";
        }
        return program.toRealPath() + " " + Files.size(program) + " "
                + Files.getLastModifiedTime(program).toMillis() + " " + circumstances;
    }
}
