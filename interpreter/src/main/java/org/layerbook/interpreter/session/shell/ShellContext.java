package org.layerbook.interpreter.session.shell;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The user's side of a session, which no cell that runs again takes back.
 *
 * @param directory where host commands and relative paths start; absolute
 * @param environment what host commands and {@code $VARIABLE} see
 * @param shellFallback whether a line that is nothing else is a command of the host's shell
 * @param errexit whether {@code set -e} is in force in the shell that the lines of cells share
 */
public record ShellContext(Path directory, Map<String, String> environment, boolean shellFallback, boolean errexit) {
    public ShellContext {
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    }

    public ShellContext in(Path folder) {
        return new ShellContext(folder, environment, shellFallback, errexit);
    }

    public ShellContext with(Map<String, String> changed) {
        return new ShellContext(directory, changed, shellFallback, errexit);
    }

    public ShellContext withShellFallback(boolean on) {
        return new ShellContext(directory, environment, on, errexit);
    }

    public ShellContext withErrexit(boolean on) {
        return new ShellContext(directory, environment, shellFallback, on);
    }

    public Path resolve(String path) {
        return directory.resolve(path).normalize();
    }
}
