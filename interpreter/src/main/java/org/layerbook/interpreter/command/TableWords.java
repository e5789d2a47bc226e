package org.layerbook.interpreter.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.layerbook.interpreter.Interpreter.Candidate;
import org.layerbook.interpreter.command.CommandTable.Found;
import org.layerbook.interpreter.command.option.OptionSpec;

/** What can be known of docker's commands from their table alone. */
public final class TableWords implements DockerWords {
    private final CommandTable table;

    public TableWords() {
        this(Commands.table());
    }

    TableWords(CommandTable table) {
        this.table = table;
    }

    @Override
    public Set<String> commands() {
        var names = new TreeSet<String>();
        table.paths().forEach(path -> names.add(firstWord(path)));
        names.addAll(MissingCommands.names());
        return names;
    }

    @Override
    public Optional<String> help(String path) {
        if (path.isEmpty()) {
            return Optional.of(HelpText.top(table));
        }
        return table.command(path)
                .map(HelpText::command)
                .or(() -> table.group(path).map(group -> HelpText.group(group, table)));
    }

    @Override
    public List<Candidate> complete(List<String> words, Arguments arguments) {
        String last = words.getLast();
        List<String> before = words.subList(0, words.size() - 1);
        Optional<CommandGroup> group = before.isEmpty() ? Optional.empty() : table.group(before.getFirst());
        int depth = group.isPresent() ? 2 : 1;
        if (before.size() < depth) {
            return under(group.map(CommandGroup::path).orElse(""), last);
        }
        return table.command(String.join(" ", before.subList(0, depth)))
                .map(found -> argument(found, before.subList(depth, before.size()), last, arguments))
                .orElse(List.of());
    }

    private List<Candidate> under(String group, String prefix) {
        var candidates = new ArrayList<Candidate>();
        table.under(group).forEach((name, spec) -> candidates.add(new Candidate(name, "command", spec.summary())));
        if (group.isEmpty()) {
            table.groups().forEach(g -> candidates.add(new Candidate(g.path(), "command", g.summary())));
        }
        candidates.removeIf(Predicate.not(c -> c.text().startsWith(prefix)));
        return List.copyOf(candidates);
    }

    private static List<Candidate> argument(Found found, List<String> before, String last, Arguments arguments) {
        Optional<OptionSpec> open = before.isEmpty() ? Optional.empty() : valueOption(found.spec(), before.getLast());
        if (open.isPresent()) {
            return open.get().name().contains("file") || open.get().name().equals("output")
                    ? arguments.paths(last, false)
                    : List.of();
        }
        if (last.startsWith("-")) {
            return found.spec().options().stream()
                    .filter(option -> !option.hidden() && ("--" + option.name()).startsWith(last))
                    .map(option -> new Candidate("--" + option.name(), "flag", firstLine(option.help())))
                    .toList();
        }
        boolean isFirst = before.stream().allMatch(word -> word.startsWith("-"));
        return switch (found.spec().completes()) {
            case NOTHING -> List.of();
            case IMAGE -> arguments.images(last);
            case ONE_IMAGE -> isFirst ? arguments.images(last) : List.of();
            case FILE -> arguments.paths(last, false);
            case FOLDER -> arguments.paths(last, true);
        };
    }

    /** The option that {@code word} is, if what follows it is its value. */
    private static Optional<OptionSpec> valueOption(CommandSpec spec, String word) {
        return spec.options().stream()
                .filter(option -> option.kind() != OptionSpec.Kind.SWITCH)
                .filter(option -> word.equals("--" + option.name())
                        || option.shorthand().filter(s -> word.equals("-" + s)).isPresent())
                .findFirst();
    }

    private static String firstWord(String path) {
        int blank = path.indexOf(' ');
        return blank < 0 ? path : path.substring(0, blank);
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
