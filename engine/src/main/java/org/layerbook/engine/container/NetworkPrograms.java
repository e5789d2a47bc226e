package org.layerbook.engine.container;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.sandbox.selection.Sandboxes;

/**
 * The programs that make networks.
 *
 * @param netavark connects containers with bridges
 * @param aardvark answers for their names; absent where networks have no names
 * @param slirp the way out; absent where containers reach only each other
 */
public record NetworkPrograms(Path netavark, Optional<Path> aardvark, Optional<Path> slirp) {
    /** Where podman's helpers are installed; they are on nobody's PATH. */
    private static final List<String> HELPERS =
            List.of("/usr/libexec/podman", "/usr/lib/podman", "/usr/local/libexec/podman", "/usr/local/lib/podman");

    /** Absent where netavark is not installed. */
    public static Optional<NetworkPrograms> find(Map<String, String> environment) {
        return program("netavark", environment)
                .map(netavark -> new NetworkPrograms(
                        netavark, program("aardvark-dns", environment), program("slirp4netns", environment)));
    }

    private static Optional<Path> program(String name, Map<String, String> environment) {
        return HELPERS.stream()
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .or(() -> Sandboxes.find(name, environment).stream().findFirst());
    }
}
