package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.RootedPath;

/**
 * Whether a root file system has the program a spec names, before anything is started: so the answer 127 or 126 is exact
 * and costs no container. The rules are those of the runtimes: a name with a slash is that file, from the working
 * directory on; any other is looked for in {@code PATH}.
 */
final class ProgramLookup {
    static final int NOT_FOUND = 127;
    static final int NOT_EXECUTABLE = 126;

    private static final List<String> MADE_BY_THE_KERNEL = List.of("/proc", "/sys", "/dev");

    private ProgramLookup() {}

    /** Why it cannot run. */
    record Failure(int status, String message) {}

    /** Empty where it can be started, or where a mount may bring it and only the attempt can tell. */
    static Optional<Failure> check(ProcessSpec spec) throws IOException {
        String program = spec.argv().getFirst();
        if (program.contains("/")) {
            String path = program.startsWith("/") ? program : spec.cwd() + "/" + program;
            return isUnderMount(spec, path) ? Optional.empty() : checkFile(spec.rootfs(), path, program);
        }
        for (String directory : searchPath(spec.env())) {
            String candidate = (directory.isEmpty() ? spec.cwd() : directory) + "/" + program;
            if (isUnderMount(spec, candidate)
                    || checkFile(spec.rootfs(), candidate, program).isEmpty()) {
                return Optional.empty();
            }
        }
        return Optional.of(new Failure(NOT_FOUND, "exec: \"" + program + "\": executable file not found in $PATH"));
    }

    private static List<String> searchPath(List<String> env) {
        return env.stream()
                .filter(e -> e.startsWith("PATH="))
                .reduce((first, second) -> second)
                .map(e -> List.of(e.substring("PATH=".length()).split(":", -1)))
                .orElse(List.of());
    }

    private static Optional<Failure> checkFile(Path rootfs, String path, String asWritten) throws IOException {
        Optional<FileStat> found = LinuxFiles.lstatIfExists(RootedPath.resolve(rootfs, path));
        if (found.isEmpty()) {
            return Optional.of(new Failure(
                    NOT_FOUND, "exec: \"" + asWritten + "\": stat " + path + ": no such file or directory"));
        }
        if (found.get().isDirectory() || (found.get().permissions() & 0111) == 0) {
            return Optional.of(new Failure(NOT_EXECUTABLE, "exec: \"" + asWritten + "\": permission denied"));
        }
        return Optional.empty();
    }

    private static boolean isUnderMount(ProcessSpec spec, String path) throws IOException {
        String real = "/" + spec.rootfs().relativize(RootedPath.resolve(spec.rootfs(), path));
        for (ProcessSpec.Mount mount : spec.mounts()) {
            String target = "/" + spec.rootfs().relativize(RootedPath.resolve(spec.rootfs(), mount.target()));
            if (isAtOrBelow(real, target)) {
                return true;
            }
        }
        return MADE_BY_THE_KERNEL.stream().anyMatch(m -> isAtOrBelow(real, m));
    }

    private static boolean isAtOrBelow(String path, String directory) {
        return path.equals(directory) || path.startsWith(directory.equals("/") ? "/" : directory + "/");
    }
}
