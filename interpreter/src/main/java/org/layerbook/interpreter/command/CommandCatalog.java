package org.layerbook.interpreter.command;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.layerbook.interpreter.Interpreter.Candidate;
import org.layerbook.interpreter.command.option.OptionCompletion;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.spec.CommandGroup;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandTable;
import org.layerbook.interpreter.command.spec.CommandTable.Found;
import org.layerbook.interpreter.command.spec.DockerWords;
import org.layerbook.interpreter.command.spec.GlobalOptions;
import org.layerbook.interpreter.command.spec.HelpText;

/** Help and completion out of the command table. */
public final class CommandCatalog implements DockerWords {
    private final CommandTable table;

    public CommandCatalog() {
        this(Commands.table());
    }

    CommandCatalog(CommandTable table) {
        this.table = table;
    }

    @Override
    public Set<String> commands() {
        var words = new TreeSet<String>();
        table.paths().forEach(path -> words.add(path.split(" ")[0]));
        words.addAll(MissingCommands.names());
        return words;
    }

    @Override
    public Optional<String> help(String path) {
        if (path.isBlank()) {
            return Optional.of(HelpText.top(table));
        }
        return table.group(path)
                .map(group -> HelpText.group(group, table))
                .or(() -> table.command(path).map(HelpText::command));
    }

    @Override
    public List<Candidate> complete(List<String> words, Arguments arguments) {
        String typed = words.getLast();
        List<String> before = words.subList(0, words.size() - 1);
        int at = skipOptions(before, GlobalOptions.ALL);
        if (at > before.size()) {
            return values(OptionCompletion.named(before.getLast(), GlobalOptions.ALL), "", typed, arguments);
        }
        if (at == before.size()) {
            return typed.startsWith("-") ? OptionCompletion.names(GlobalOptions.ALL, typed) : below("", typed);
        }
        String first = before.get(at);
        Optional<CommandGroup> group = table.group(first);
        if (group.isPresent() && at + 1 == before.size()) {
            return typed.startsWith("-") ? List.of() : below(first, typed);
        }
        String path = group.isPresent() ? first + " " + before.get(at + 1) : first;
        List<String> rest = before.subList(at + (group.isPresent() ? 2 : 1), before.size());
        return table.command(path)
                .map(found -> inCommand(found, rest, typed, arguments))
                .orElse(List.of());
    }

    /** Where the first word stands that is no option; behind the end when a value is still to come. */
    private static int skipOptions(List<String> words, List<OptionSpec> specs) {
        int at = 0;
        while (at < words.size() && words.get(at).startsWith("-")) {
            at += takesValue(words.get(at), specs) ? 2 : 1;
        }
        return at;
    }

    private static boolean takesValue(String word, List<OptionSpec> specs) {
        return !word.contains("=")
                && OptionCompletion.named(word, specs)
                        .filter(OptionSpec::takesValue)
                        .isPresent();
    }

    private List<Candidate> below(String group, String typed) {
        var found = new LinkedHashMap<String, Candidate>();
        table.under(group).forEach((name, summary) -> found.put(name, new Candidate(name, "command", summary)));
        String prefix = group.isEmpty() ? "" : group + " ";
        table.groups().stream()
                .filter(one -> one.path().startsWith(prefix) && one.path().indexOf(' ', prefix.length()) < 0)
                .map(one -> new Candidate(one.path().substring(prefix.length()), "command", one.summary()))
                .forEach(candidate -> found.put(candidate.text(), candidate));
        return found.values().stream()
                .filter(candidate -> candidate.text().startsWith(typed))
                .sorted(Comparator.comparing(Candidate::text))
                .toList();
    }

    private List<Candidate> inCommand(Found found, List<String> before, String typed, Arguments arguments) {
        List<OptionSpec> specs = found.spec().options();
        if (!before.isEmpty() && before.getLast().startsWith("-") && takesValue(before.getLast(), specs)) {
            return values(OptionCompletion.named(before.getLast(), specs), "", typed, arguments);
        }
        if (typed.startsWith("--") && typed.contains("=")) {
            String name = typed.substring(0, typed.indexOf('='));
            return values(
                    OptionCompletion.named(name, specs), name + "=", typed.substring(name.length() + 1), arguments);
        }
        return typed.startsWith("-")
                ? OptionCompletion.names(specs, typed)
                : argument(found.spec(), given(before, specs), typed, arguments);
    }

    /** How many arguments stand there already. */
    private static int given(List<String> words, List<OptionSpec> specs) {
        int arguments = 0;
        for (int i = 0; i < words.size(); i++) {
            if (!words.get(i).startsWith("-")) {
                arguments++;
            } else if (takesValue(words.get(i), specs)) {
                i++;
            }
        }
        return arguments;
    }

    private static List<Candidate> argument(CommandSpec spec, int given, String typed, Arguments arguments) {
        int most = spec.arguments().most();
        if (most >= 0 && given >= most) {
            return List.of();
        }
        return switch (spec.completes()) {
            case NOTHING -> List.of();
            case IMAGE -> arguments.images(typed);
            case ONE_IMAGE -> given == 0 ? arguments.images(typed) : List.of();
            case FILE -> given == 0 ? arguments.paths(typed, false) : List.of();
            case FOLDER -> arguments.paths(typed, true);
        };
    }

    /** @param head what stands before the value in the same word */
    private static List<Candidate> values(Optional<OptionSpec> option, String head, String typed, Arguments arguments) {
        return option.stream()
                .flatMap(spec -> OptionCompletion.values(spec, typed, arguments))
                .map(one -> new Candidate(head + one.text(), one.type(), one.description()))
                .toList();
    }
}
