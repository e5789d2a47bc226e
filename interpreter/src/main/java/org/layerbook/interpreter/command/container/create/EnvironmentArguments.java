package org.layerbook.interpreter.command.container.create;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;

/** {@code --env} and {@code --env-file}. */
public final class EnvironmentArguments {
    private final Invocation invocation;
    private final String prefix;
    private final int exitStatus;

    /** @param prefix of messages about files; @param exitStatus where one cannot be read */
    public EnvironmentArguments(Invocation invocation, String prefix, int exitStatus) {
        this.invocation = invocation;
        this.prefix = prefix;
        this.exitStatus = exitStatus;
    }

    /** The variables before, with what the options change. */
    public List<String> over(List<String> before) throws CommandException, IOException {
        var all = new LinkedHashMap<String, String>();
        before.forEach(entry -> all.put(name(entry), entry));
        for (String file : invocation.options().list("env-file")) {
            for (String line : lines(file)) {
                add(all, line);
            }
        }
        for (String entry : invocation.options().list("env")) {
            if (entry.isEmpty() || entry.startsWith("=")) {
                throw SpecReader.invalid("env", entry, "invalid environment variable: " + entry);
            }
            add(all, entry);
        }
        return List.copyOf(all.values());
    }

    /** A name alone stands for the user's own value; without one it is taken out. */
    private void add(Map<String, String> all, String entry) {
        if (entry.contains("=")) {
            all.put(name(entry), entry);
            return;
        }
        Optional.ofNullable(invocation.context().environment().get(entry))
                .ifPresentOrElse(value -> all.put(entry, entry + "=" + value), () -> all.remove(entry));
    }

    public static String name(String entry) {
        int equals = entry.indexOf('=');
        return equals < 0 ? entry : entry.substring(0, equals);
    }

    /** Those of a file that say something. */
    List<String> lines(String file) throws CommandException, IOException {
        Path path = invocation.context().resolve(file);
        if (!Files.exists(path)) {
            throw new CommandException(prefix + "open " + file + ": no such file or directory", exitStatus);
        }
        var lines = new ArrayList<String>();
        for (String line : Files.readString(path, StandardCharsets.UTF_8).split("\r?\n")) {
            String text = line.stripLeading();
            if (!text.isEmpty() && !text.startsWith("#")) {
                String name = name(text);
                if (name.chars().anyMatch(Character::isWhitespace)) {
                    throw new CommandException(
                            prefix + "invalid env file (" + file + "): variable '" + name + "' contains whitespaces",
                            exitStatus);
                }
                lines.add(text);
            }
        }
        return lines;
    }
}
