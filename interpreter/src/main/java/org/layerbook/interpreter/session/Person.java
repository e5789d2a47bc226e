package org.layerbook.interpreter.session;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The person's side of a session, which no cell that runs again takes back.
 *
 * @param directory where host commands and relative paths start; absolute
 * @param environment what host commands and {@code $VARIABLE} see
 * @param shellFallback whether a line that is nothing else is a command of the host's shell
 * @param errexit whether {@code set -e} is in force in the shell that the lines of cells share
 */
public record Person(Path directory, Map<String, String> environment, boolean shellFallback, boolean errexit) {
    public Person {
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    }

    Person in(Path folder) {
        return new Person(folder, environment, shellFallback, errexit);
    }

    Person with(Map<String, String> changed) {
        return new Person(directory, changed, shellFallback, errexit);
    }

    Person withShellFallback(boolean on) {
        return new Person(directory, environment, on, errexit);
    }

    Person withErrexit(boolean on) {
        return new Person(directory, environment, shellFallback, on);
    }

    Path resolve(String path) {
        return directory.resolve(path).normalize();
    }
}
