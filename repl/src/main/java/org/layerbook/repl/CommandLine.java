package org.layerbook.repl;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.layerbook.interpreter.command.option.OptionException;
import org.layerbook.interpreter.command.option.OptionHelp;
import org.layerbook.interpreter.command.option.OptionParser;
import org.layerbook.interpreter.command.option.OptionParser.Parsed;
import org.layerbook.interpreter.command.option.OptionSpec;

/** Reads the command line: finds the command, reads its options, answers requests for help, or runs it. */
final class CommandLine {
    /** The exit status when the command line cannot be read. */
    static final int WRONG = 2;

    private static final int COLUMNS = 79;
    private static final OptionSpec HELP = OptionSpec.toggle('h', "help", "Print help");

    private final Command top;
    private final List<Command> commands;

    /** @param top what runs when the first words name none of {@code commands} */
    CommandLine(Command top, List<Command> commands) {
        this.top = top;
        this.commands = List.copyOf(commands);
    }

    /** @return the exit status */
    int run(String[] words, CliContext context) throws IOException {
        List<String> all = Arrays.asList(words);
        Command command = commands.stream()
                .filter(c -> startsWith(all, c))
                .max(Comparator.comparing(c -> c.path().length()))
                .orElse(top);
        List<String> rest = command == top ? all : all.subList(command.path().split(" ").length, all.size());
        Parsed given;
        try {
            given = OptionParser.parse(withHelp(command), rest, true);
        } catch (OptionException e) {
            return wrong(command, e.getMessage(), context);
        }
        if (given.options().on(HELP.name())) {
            context.output().stdout(help(command));
            return 0;
        }
        int count = given.arguments().size();
        if (count < command.least() || count > command.most()) {
            return wrong(command, countProblem(command, given.arguments()), context);
        }
        return command.action().run(given, context);
    }

    private static boolean startsWith(List<String> words, Command command) {
        List<String> path = List.of(command.path().split(" "));
        return words.size() >= path.size() && words.subList(0, path.size()).equals(path);
    }

    private static List<OptionSpec> withHelp(Command command) {
        return Stream.concat(command.options().stream(), Stream.of(HELP)).toList();
    }

    private static int wrong(Command command, String message, CliContext context) {
        context.output().stderr("layerbook: " + message + "\nSee `" + command.shown() + " --help`.\n");
        return WRONG;
    }

    private String countProblem(Command command, List<String> arguments) {
        if (arguments.size() < command.least()) {
            return "`" + command.shown() + "` needs " + command.usage().replaceFirst("^\\[OPTIONS\\] ", "");
        }
        String extra = arguments.get(command.most());
        return command == top
                ? "unknown command `" + extra + "`: run a cell with -c"
                : "unexpected argument `" + extra + "`";
    }

    private String help(Command command) {
        var text = new StringBuilder("Usage:  " + command.shown());
        text.append(command.usage().isEmpty() ? "" : " " + command.usage()).append("\n\n");
        text.append(command.summary()).append('\n');
        if (command == top) {
            text.append("\nCommands:\n");
            int width = commands.stream().mapToInt(c -> c.path().length()).max().orElse(0) + 3;
            for (Command each : commands) {
                String first = each.summary().lines().findFirst().orElse("");
                text.append("  ")
                        .append(each.path())
                        .append(" ".repeat(width - each.path().length()))
                        .append(first)
                        .append('\n');
            }
        }
        text.append("\nOptions:\n").append(OptionHelp.text(withHelp(command), COLUMNS));
        if (!command.statuses().isEmpty()) {
            text.append("\nExit status:\n");
            var lines = new ArrayList<>(command.statuses());
            lines.add(WRONG + "        invalid command line");
            lines.forEach(line -> text.append("  ").append(line).append('\n'));
        }
        return text.toString();
    }
}
