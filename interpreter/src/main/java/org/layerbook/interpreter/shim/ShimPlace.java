package org.layerbook.interpreter.shim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where the shim of a session is.
 *
 * @param programs the folder with {@code docker}, {@code podman} and {@code sudo}, to be first on the PATH;
 *     empty where this process was started without the launcher
 * @param runtime a folder that only the user can enter, and that host commands see under the same path; empty: made
 *     when it is needed
 */
public record ShimPlace(Optional<Path> programs, Optional<Path> runtime) {
    /** As the launcher says. */
    public static ShimPlace of(Map<String, String> environment) {
        return new ShimPlace(
                Optional.ofNullable(environment.get("LAYERBOOK_LAUNCHER"))
                        .map(launcher -> Path.of(launcher).toAbsolutePath().resolveSibling("shim"))
                        .filter(programs -> Files.isExecutable(programs.resolve("docker"))),
                Optional.ofNullable(environment.get("LAYERBOOK_RUNTIME_DIR")).map(Path::of));
    }

    /** A new folder for the calls of one host command. */
    Path newCalls() throws IOException {
        return runtime.isPresent()
                ? Files.createTempDirectory(runtime.get(), "docker")
                : Files.createTempDirectory("layerbook-docker");
    }
}
