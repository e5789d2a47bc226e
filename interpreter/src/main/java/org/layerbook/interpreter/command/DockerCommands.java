package org.layerbook.interpreter.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionException;
import org.layerbook.interpreter.command.option.OptionParser;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.Options;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandGroup;
import org.layerbook.interpreter.command.spec.CommandServices;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandTable;
import org.layerbook.interpreter.command.spec.CommandTable.Found;
import org.layerbook.interpreter.command.spec.DockerErrors;
import org.layerbook.interpreter.command.spec.DockerVersion;
import org.layerbook.interpreter.command.spec.DockerWords;
import org.layerbook.interpreter.command.spec.GlobalOptions;
import org.layerbook.interpreter.command.spec.HelpText;

/**
 * Docker's commands, read and answered as the docker client 28 does, on the images of the store and the session. Safe to
 * be asked for help and completion from any thread; each {@link #run} has its own context.
 */
public final class DockerCommands {
    private static final int USAGE_FAULT = 125;
    private static final OptionSpec HELP = OptionSpec.help(Optional.of('h'));

    private final CommandTable table = Commands.table();
    private final DockerWords known = new CommandCatalog(table);
    private final CommandServices services;

    public DockerCommands(CommandServices services) {
        this.services = services;
    }

    /**
     * Runs a command line. What it has to say goes to the context's streams; a result that has more forms than text goes to
     * the context's display, where there is one.
     *
     * @param words without {@code docker}
     * @return the exit status
     * @throws CommandException when it failed; its message, which may be of several lines, is not yet printed
     */
    public int run(List<String> words, CommandContext context) throws CommandException {
        try {
            return dispatch(words, context);
        } catch (IOException e) {
            throw new CommandException(DockerErrors.sentence(e), 1);
        } catch (UncheckedIOException e) {
            throw new CommandException(DockerErrors.sentence(e.getCause()), 1);
        }
    }

    private int dispatch(List<String> words, CommandContext context) throws CommandException, IOException {
        String usage = "Usage:  docker [OPTIONS] COMMAND [ARG...]";
        var global = parse(with(GlobalOptions.ALL, HELP), words, false, "docker", usage);
        GlobalOptions.check(global.options());
        if (global.options().on("version")) {
            context.print("Docker version " + DockerVersion.CLIENT + ", build layerbook\n");
            return 0;
        }
        List<String> rest = global.arguments();
        if (rest.isEmpty()) {
            String help = HelpText.top(table) + "\n";
            if (global.options().on("help")) {
                context.print(help);
            } else {
                // Nobody has asked for it.
                context.printError(help);
            }
            return 0;
        }
        if (global.options().on("help")) {
            rest = new ArrayList<>(rest);
            rest.addFirst("help");
        }
        if (rest.getFirst().equals("help")) {
            context.print(help(rest.subList(1, rest.size())) + "\n");
            return 0;
        }
        return command(rest, context);
    }

    private String help(List<String> topic) throws CommandException {
        Optional<String> text = known.help(String.join(" ", topic));
        if (text.isPresent()) {
            return text.get();
        }
        Optional<String> missing = MissingCommands.sentence(topic.getFirst());
        boolean inGroup = topic.size() > 1 && table.group(topic.getFirst()).isPresent();
        throw new CommandException(
                missing.orElse("unknown help topic: " + (inGroup ? topic.get(1) : String.join(" ", topic))), 1);
    }

    private int command(List<String> words, CommandContext context) throws CommandException, IOException {
        String first = words.getFirst();
        Optional<CommandGroup> group = table.group(first);
        if (group.isPresent()) {
            return inGroup(group.get(), words.subList(1, words.size()), context);
        }
        return run(find(first, ""), words.subList(1, words.size()), context);
    }

    private int inGroup(CommandGroup group, List<String> words, CommandContext context)
            throws CommandException, IOException {
        String name = "docker " + group.path();
        String use = "Usage:  " + name + group.usage();
        var parsed = parse(with(group.options(), HELP), words, false, name, use);
        if (parsed.arguments().isEmpty() || parsed.options().on("help")) {
            String help = deprecated(words) + HelpText.group(group, table) + "\n";
            if (parsed.options().on("help")) {
                context.print(help);
            } else {
                // Nobody has asked for it.
                context.printError(help);
            }
            return 0;
        }
        List<String> rest = parsed.arguments();
        String path = group.path() + " " + rest.getFirst();
        Optional<CommandGroup> inner = table.group(path);
        if (inner.isPresent()) {
            return inGroup(inner.get(), rest.subList(1, rest.size()), context);
        }
        if (table.command(path).isEmpty() && MissingCommands.sentence(path).isEmpty()) {
            // A wrong option anywhere is told before a wrong command.
            parse(with(group.options(), HELP), words, true, name, use);
        }
        Found found = find(path, use + "\n\n");
        var its = new ArrayList<>(handedOn(parsed.options(), found.spec()));
        its.addAll(rest.subList(1, rest.size()));
        return run(found, its, context);
    }

    /** A group's options are those of its commands too, where they make a difference to them. */
    private static List<String> handedOn(Options given, CommandSpec spec) {
        return given.values().keySet().stream()
                .filter(name ->
                        spec.options().stream().anyMatch(option -> option.name().equals(name)))
                .map(name -> "--" + name + "=" + given.text(name).orElse(""))
                .toList();
    }

    private Found find(String path, String usage) throws CommandException {
        Optional<Found> found = table.command(path);
        if (found.isPresent()) {
            return found.get();
        }
        Optional<String> missing = MissingCommands.sentence(path);
        if (missing.isPresent()) {
            throw new CommandException(missing.get(), 1);
        }
        int blank = path.lastIndexOf(' ');
        String parent = blank < 0 ? "docker" : "docker " + path.substring(0, blank);
        throw new CommandException(
                "docker: unknown command: docker " + path + "\n\n" + usage + "Run '" + parent
                        + " --help' for more information",
                1);
    }

    private int run(Found found, List<String> words, CommandContext context) throws CommandException, IOException {
        String name = found.shownAs();
        String usage = HelpText.usageLine(found);
        boolean interspersed = found.spec().arguments().optionsBetween();
        var parsed = parse(with(found.spec().options(), HELP), words, interspersed, name, usage);
        if (parsed.options().on("help")) {
            context.print(deprecated(words) + HelpText.command(found) + "\n");
            return 0;
        }
        Arity arity = found.spec().arguments();
        Optional<String> fault = arity.fault(parsed.arguments().size());
        if (fault.isPresent()) {
            // The client says "See" where a least number is asked for, and "Run" everywhere else.
            String verb = arity.most() < 0 ? "See" : "Run";
            throw new CommandException(
                    "docker: '" + name + "' " + fault.get() + "\n\n" + usage + "\n\n" + verb + " '" + name
                            + " --help' for more information",
                    1);
        }
        var invocation = new Invocation(name, parsed.options(), parsed.arguments(), services, context);
        return switch (found.spec().body().run(invocation)) {
            case Outcome.Done done -> done.exitStatus();
            case Outcome.Show show -> {
                invocation.show(show.report());
                yield 0;
            }
        };
    }

    private static String deprecated(List<String> words) {
        return words.contains("-h") ? "Flag shorthand -h has been deprecated, use --help\n" : "";
    }

    private static OptionParser.Parsed parse(
            List<OptionSpec> specs, List<String> words, boolean interspersed, String name, String usage)
            throws CommandException {
        try {
            return OptionParser.parse(specs, words, interspersed);
        } catch (OptionException e) {
            throw new CommandException(
                    e.getMessage() + "\n\n" + usage + "\n\nRun '" + name + " --help' for more information",
                    USAGE_FAULT);
        }
    }

    private static List<OptionSpec> with(List<OptionSpec> specs, OptionSpec more) {
        var all = new ArrayList<>(specs);
        boolean taken = specs.stream().anyMatch(spec -> spec.shorthand().equals(more.shorthand()));
        all.add(taken ? OptionSpec.toggle(more.name(), more.help()).hiddenFromHelp() : more);
        return all;
    }
}
