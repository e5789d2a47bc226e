package org.layerbook.interpreter.command.spec;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerbook.engine.store.Store;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.Options;
import org.layerbook.interpreter.report.Report;
import org.layerbook.interpreter.view.Views;
import org.layerbook.interpreter.view.layout.ViewOptions;

/**
 * A docker command as data: how it is spelled, what it takes, what help says, and what it does.
 *
 * @param spellings every way to write it, in the order in which help lists them
 * @param usage what follows the command's name in the usage line
 * @param arguments how many it takes
 * @param completes what its arguments are, for completion
 */
public record CommandSpec(
        List<Spelling> spellings,
        String usage,
        String summary,
        Arity arguments,
        List<OptionSpec> options,
        Completes completes,
        Body body) {
    public CommandSpec {
        spellings = List.copyOf(spellings);
        boolean ofBuildx =
                spellings.stream().anyMatch(spelling -> spelling.path().startsWith(BUILDX));
        options = ofBuildx ? Stream.concat(options.stream(), Stream.of(DEBUG)).toList() : List.copyOf(options);
    }

    private static final String BUILDX = "buildx ";
    /** Every command of buildx takes it; there is nothing more to tell here. */
    private static final OptionSpec DEBUG = OptionSpec.toggle('D', "debug", "Enable debug logging");

    /**
     * @param path the words after {@code docker}: {@code "image ls"}
     * @param aliases other last words: {@code list}
     * @param shownAs the path that usage and messages show instead
     * @param listedAs what the list of commands says of it, when not the command's summary
     * @param hidden no list has it and no completion
     */
    public record Spelling(
            String path, List<String> aliases, Optional<String> shownAs, Optional<String> listedAs, boolean hidden) {
        public static Spelling of(String path, String... aliases) {
            return new Spelling(path, List.of(aliases), Optional.empty(), Optional.empty(), false);
        }

        public static Spelling shownAs(String shown, String path, String... aliases) {
            return new Spelling(path, List.of(aliases), Optional.of(shown), Optional.empty(), false);
        }

        public static Spelling hidden(String path) {
            return new Spelling(path, List.of(), Optional.empty(), Optional.empty(), true);
        }

        public Spelling listedAs(String summary) {
            return new Spelling(path, aliases, shownAs, Optional.of(summary), hidden);
        }

        /** All full paths. */
        List<String> paths() {
            String parent = path.contains(" ") ? path.substring(0, path.lastIndexOf(' ') + 1) : "";
            var paths = new java.util.ArrayList<String>();
            paths.add(path);
            aliases.forEach(alias -> paths.add(parent + alias));
            return paths;
        }
    }

    /** What an argument is. */
    public enum Completes {
        NOTHING,
        IMAGE,
        /** An image first, then nothing. */
        ONE_IMAGE,
        FILE,
        FOLDER
    }

    /** @param most -1 for any number */
    public record Arity(int least, int most) {
        public static final Arity NONE = new Arity(0, 0);

        public static Arity exactly(int number) {
            return new Arity(number, number);
        }

        public static Arity atLeast(int number) {
            return new Arity(number, -1);
        }

        public static Arity atMost(int number) {
            return new Arity(0, number);
        }

        /** What is wrong with {@code given} arguments, and the verb with which docker points to help; empty when nothing is. */
        public Optional<String> fault(int given) {
            if (given >= least && (most < 0 || given <= most)) {
                return Optional.empty();
            }
            if (most == 0) {
                return Optional.of("accepts no arguments");
            }
            if (most == least) {
                return Optional.of("requires " + count(least));
            }
            if (most < 0) {
                return Optional.of("requires at least " + count(least));
            }
            String range = least == 0 ? "at most " + count(most) : "at least " + least + " and at most " + count(most);
            return Optional.of("requires " + range);
        }

        private static String count(int number) {
            return number + (number == 1 ? " argument" : " arguments");
        }
    }

    /** What a command does. It prints to the context's streams, or gives a report to be shown. */
    @FunctionalInterface
    public interface Body {
        /** @throws CommandException with what docker would print, and its exit status */
        Outcome run(Invocation invocation) throws CommandException, IOException;
    }

    /** @param shownAs the command as messages name it, {@code "docker images"} */
    public record Invocation(
            String shownAs, Options options, List<String> arguments, CommandServices services, CommandContext context) {
        /** A pipe's width, where docker cannot ask a terminal. */
        private static final int COLUMNS = 80;

        public Invocation {
            arguments = List.copyOf(arguments);
        }

        public Store store() {
            return services.store();
        }

        public Instant now() {
            return services.clock().instant();
        }

        public ZoneId zone() {
            return services.clock().getZone();
        }

        /** Shows a report: in all its forms where there is a display, else as text on standard output. */
        public void show(Report report) throws IOException {
            if (context.display().isPresent()) {
                CellOutput display = context.display().get();
                display.display(Views.render(report, new ViewOptions(display.columns(), now(), zone())));
                return;
            }
            String text = Views.text(report, new ViewOptions(COLUMNS, now(), zone()));
            context.print(text.isEmpty() || text.endsWith("\n") ? text : text + "\n");
        }
    }

    /** How a command ended that did not fail. */
    public sealed interface Outcome {
        Outcome DONE = new Done(0);

        record Show(Report report) implements Outcome {}

        /** What there was to say is on the streams. */
        record Done(int exitStatus) implements Outcome {}
    }

    /** Whether options may stand behind arguments; {@code docker tag} takes what follows the first one as names. */
    public boolean optionsAnywhere() {
        return spellings.stream()
                .noneMatch(spelling ->
                        List.of("tag", "run", "create", "exec", "top").contains(spelling.path()));
    }

    /** The aliases line of help; empty when there is but one spelling. */
    String aliasLine() {
        var all = spellings.stream()
                .flatMap(spelling -> spelling.paths().stream())
                .map(path -> "docker " + path)
                .toList();
        return all.size() < 2 ? "" : all.stream().collect(Collectors.joining(", "));
    }
}
