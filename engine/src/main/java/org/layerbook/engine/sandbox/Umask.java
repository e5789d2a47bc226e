package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a process of an image makes has the same permissions whoever builds: it runs with umask 022, as docker's do, and
 * so does the runtime, which makes the folders to mount onto. The user's own umask holds for files of the host.
 */
final class Umask {
    static final int OF_IMAGES = 0022;

    /** What a shell exports by itself is no part of the process's environment. */
    private static final String SET = "umask 022; unset PWD OLDPWD SHLVL _; exec \"$@\"";

    private Umask() {}

    /** Changes what {@code builder} starts. Costs a shell, so it is done only where the user's umask is another. */
    static void set(ProcessBuilder builder) throws IOException {
        set(builder, current());
    }

    static void set(ProcessBuilder builder, Optional<Integer> current) {
        if (current.filter(mask -> mask == OF_IMAGES).isPresent()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", SET, "sh"));
        command.addAll(builder.command());
        builder.command(command);
    }

    /** Empty where the kernel does not say (before 4.7). */
    private static Optional<Integer> current() throws IOException {
        String prefix = "Umask:";
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> Integer.parseInt(line.substring(prefix.length()).strip(), 8))
                .findFirst();
    }
}
