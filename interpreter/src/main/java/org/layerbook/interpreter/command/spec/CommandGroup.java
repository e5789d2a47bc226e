package org.layerbook.interpreter.command.spec;

import java.util.List;
import org.layerbook.interpreter.command.option.OptionSpec;

/**
 * A management word: {@code docker image}. Its commands are those whose path begins with it.
 *
 * @param usage what follows the path in the usage line of errors: nothing, but for one group of docker's
 */
public record CommandGroup(String path, String summary, List<OptionSpec> options, String usage) {
    public CommandGroup {
        options = List.copyOf(options);
    }

    public static CommandGroup of(String path, String summary) {
        return new CommandGroup(path, summary, List.of(), "");
    }

    public CommandGroup withOption(OptionSpec option) {
        return new CommandGroup(path, summary, List.of(option), usage);
    }

    public CommandGroup withUsage(String shown) {
        return new CommandGroup(path, summary, options, " " + shown);
    }
}
