package org.layerbook.engine.host;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A program to run as the user, on the host.
 *
 * @param argv the program (looked up on {@code PATH} of {@code environment} where it has no slash) and its arguments
 * @param directory where it starts; absolute
 * @param environment the whole of it; begin with {@link HostCommands#environment()}
 */
public record HostCommand(List<String> argv, Path directory, Map<String, String> environment) {
    public HostCommand {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("a command needs a program");
        }
    }

    /** {@code script} in the POSIX shell, as {@code !} and {@code %%sh} mean it. */
    public static HostCommand shell(String script, Path directory, Map<String, String> environment) {
        return new HostCommand(List.of("/bin/sh", "-c", script), directory, environment);
    }
}
