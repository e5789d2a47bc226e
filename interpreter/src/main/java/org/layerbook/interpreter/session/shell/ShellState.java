package org.layerbook.interpreter.session.shell;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Takes the folder and the variables of one shell over to the next, as if there were only one: {@code ID=$(docker images
 * -q)} in one line, {@code docker rmi $ID} in another. The shell leaves both in a file when it ends, its options too, of
 * which only {@code -e} is taken over.
 */
public final class ShellState {
    private static final Path BASH = Path.of("/bin/bash");
    /** A trap of the text's own goes before ours: then nothing is taken over. */
    private static final String SCRIPT = "set -a %2$s\n"
            + "trap '{ printf \"%%s\\0\" \"$PWD\" \"$-\"; cat /proc/self/environ; } >'\"'%1$s'\"' 2>/dev/null' EXIT\n"
            + "eval \"$1\"\n"
            + "set -- $?; : >'%1$s.end'; exit $1";

    private static final Set<String> OF_THE_SHELL = Set.of("_", "SHLVL", "PWD", "OLDPWD", "PATH");

    private ShellState() {}

    /** @param left the file, absolute; without quotes in its path */
    public static List<String> argv(String text, Path left, boolean errexit) {
        return List.of(shell(), "-c", SCRIPT.formatted(left, errexit ? "-e" : ""), shell(), text);
    }

    /** Whether the shell ended before its text did: by {@code exit}, or under {@code set -e}. */
    public static boolean exited(Path left) {
        return Files.notExists(left.resolveSibling(left.getFileName() + ".end"));
    }

    /** The host's bash, which is what most shell text is written for, else its {@code sh}. */
    static String shell() {
        return Files.isExecutable(BASH) ? BASH.toString() : "/bin/sh";
    }

    /**
     * @param left as the shell wrote it; where it wrote none, nothing has changed
     * @param given the environment that the shell was started with, which differs from the user's in its PATH
     */
    public static ShellContext after(Path left, ShellContext shell, Map<String, String> given) throws IOException {
        if (Files.notExists(left)) {
            return shell;
        }
        String text = new String(Files.readAllBytes(left), StandardCharsets.UTF_8);
        List<String> parts = List.of(text.split("\0"));
        Map<String, String> now = variables(parts.subList(2, parts.size()));
        var changed = new HashMap<>(shell.environment());
        for (var variable : now.entrySet()) {
            String name = variable.getKey();
            if (!OF_THE_SHELL.contains(name) && !Objects.equals(variable.getValue(), given.get(name))) {
                changed.put(name, variable.getValue());
            }
        }
        given.keySet().stream()
                .filter(name -> !now.containsKey(name) && !OF_THE_SHELL.contains(name))
                .forEach(changed::remove);
        Path folder = Path.of(parts.getFirst());
        ShellContext after = shell.withErrexit(parts.get(1).contains("e"));
        if (!folder.equals(shell.directory()) && Files.isDirectory(folder)) {
            changed.put("OLDPWD", shell.directory().toString());
            changed.put("PWD", folder.toString());
            return after.with(changed).in(folder);
        }
        return after.with(changed);
    }

    private static Map<String, String> variables(List<String> lines) {
        var variables = new HashMap<String, String>();
        for (String line : lines) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                variables.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return variables;
    }
}
