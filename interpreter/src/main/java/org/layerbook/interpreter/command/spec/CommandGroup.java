package org.layerbook.interpreter.command.spec;

import java.util.List;
import org.layerbook.interpreter.command.option.OptionSpec;

/** A management word: {@code docker image}. Its commands are those whose path begins with it. */
public record CommandGroup(String path, String summary, List<OptionSpec> options) {
    public CommandGroup {
        options = List.copyOf(options);
    }

    public static CommandGroup of(String path, String summary) {
        return new CommandGroup(path, summary, List.of());
    }
}
