package org.layerbook.interpreter.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.sandbox.Emulators;
import org.layerbook.engine.store.Builders.Entry;
import org.layerbook.engine.store.Builders.Known;
import org.layerbook.engine.store.Builders.Status;
import org.layerbook.interpreter.command.CommandSpec.Arity;
import org.layerbook.interpreter.command.CommandSpec.Body;
import org.layerbook.interpreter.command.CommandSpec.Completes;
import org.layerbook.interpreter.command.CommandSpec.Invocation;
import org.layerbook.interpreter.command.CommandSpec.Outcome;
import org.layerbook.interpreter.command.CommandSpec.Spelling;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;
import org.layerbook.interpreter.report.TextReport;
import org.layerbook.interpreter.view.TabWriter;

/**
 * {@code docker buildx create}, {@code inspect}, {@code ls}, {@code rm}, {@code stop} and {@code use}: builders are names,
 * and whichever is used, it is this process that builds.
 */
final class BuilderCommands {
    static final OptionSpec BUILDER = OptionSpec.text("builder", "Override the configured builder instance");

    static final CommandSpec CREATE = spec(
            "create",
            "[OPTIONS] [CONTEXT|ENDPOINT]",
            "Create a new builder instance",
            Arity.atMost(1),
            List.of(
                    OptionSpec.toggle("append", "Append a node to builder instead of changing it"),
                    OptionSpec.toggle("bootstrap", "Boot builder after creation"),
                    OptionSpec.text("buildkitd-config", "BuildKit daemon config file"),
                    OptionSpec.text("buildkitd-flags", "BuildKit daemon flags"),
                    OptionSpec.text("config", "BuildKit daemon config file").hiddenFromHelp(),
                    OptionSpec.text("driver", "Driver to use (available: \"docker-container\")"),
                    OptionSpec.of(Kind.LIST, "stringArray", "driver-opt", "Options for the driver"),
                    OptionSpec.toggle("leave", "Remove a node from builder instead of changing it"),
                    OptionSpec.text("name", "Builder instance name"),
                    OptionSpec.text("node", "Create/modify node with given name"),
                    OptionSpec.of(Kind.LIST, "stringArray", "platform", "Fixed platforms for current node"),
                    OptionSpec.toggle("use", "Set the current builder instance")),
            BuilderCommands::create);

    static final CommandSpec INSPECT = spec(
            "inspect",
            "[NAME]",
            "Inspect current builder instance",
            Arity.atMost(1),
            List.of(OptionSpec.toggle("bootstrap", "Ensure builder has booted before inspecting"), BUILDER),
            BuilderCommands::inspect);

    static final CommandSpec LIST = spec(
            "ls",
            "[OPTIONS]",
            "List builder instances",
            Arity.NONE,
            List.of(OptionSpec.toggle("no-trunc", "Don't truncate output"), BUILDER.hiddenFromHelp()),
            BuilderCommands::list);

    static final CommandSpec REMOVE = spec(
            "rm",
            "[OPTIONS] [NAME] [NAME...]",
            "Remove one or more builder instances",
            Arity.atLeast(0),
            List.of(
                    OptionSpec.toggle("all-inactive", "Remove all inactive builders"),
                    BUILDER,
                    OptionSpec.toggle('f', "force", "Do not prompt for confirmation"),
                    OptionSpec.toggle("keep-daemon", "Keep the BuildKit daemon running"),
                    OptionSpec.toggle("keep-state", "Keep BuildKit state")),
            BuilderCommands::remove);

    static final CommandSpec STOP =
            spec("stop", "[NAME]", "Stop builder instance", Arity.atMost(1), List.of(BUILDER), BuilderCommands::stop);

    static final CommandSpec USE = spec(
            "use",
            "[OPTIONS] NAME",
            "Set the current builder instance",
            Arity.atMost(1),
            List.of(
                    BUILDER,
                    OptionSpec.toggle("default", "Set builder as default for current context"),
                    OptionSpec.toggle("global", "Builder persists context changes")),
            BuilderCommands::use);

    /** The builder that is always there. */
    private static final Entry ALWAYS = new Entry("default", "docker", Status.RUNNING);

    private static final String CONTAINER = "docker-container";
    private static final String SOCKET = "unix:///var/run/docker.sock";
    private static final String ENDPOINT = "this process";
    private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9._-]*");
    private static final List<String> WITHOUT_EFFECT =
            List.of("buildkitd-config", "buildkitd-flags", "config", "driver-opt", "node", "platform");
    private static final List<String> FIRST =
            List.of("amber", "brisk", "candid", "deft", "early", "fair", "glad", "keen", "lucid", "mellow", "quiet");
    private static final List<String> LAST = List.of(
            "abel", "bessel", "cantor", "dirac", "erdos", "fermat", "galois", "hamilton", "jacobi", "kepler", "lamarr");

    private BuilderCommands() {}

    private static CommandSpec spec(
            String word, String usage, String summary, Arity arity, List<OptionSpec> options, Body body) {
        return new CommandSpec(
                List.of(Spelling.of("buildx " + word)), usage, summary, arity, options, Completes.NOTHING, body);
    }

    /** Refuses a {@code --builder} that is not there. */
    static void check(Invocation invocation) throws CommandException, IOException {
        find(invocation.services().store().builders().read(), chosen(invocation));
    }

    /** Before a build: refuses a builder that is not there, and remembers that the one which is has been used. */
    static void boot(Invocation invocation) throws CommandException, IOException {
        set(invocation, chosen(invocation), Status.RUNNING);
    }

    /** What the command line names. */
    private static Optional<String> chosen(Invocation invocation) throws IOException {
        Optional<String> argument = invocation.shownAs().endsWith(" build")
                ? Optional.empty()
                : invocation.arguments().stream().findFirst();
        Optional<String> named = argument.or(() -> invocation.options().nonEmpty("builder"));
        return named.isPresent() ? named : ofEnvironment(invocation);
    }

    /** What the environment names, if it is known here: the same variable may be meant for Docker's own buildx. */
    private static Optional<String> ofEnvironment(Invocation invocation) throws IOException {
        String name = invocation.context().environment().getOrDefault("BUILDX_BUILDER", "");
        if (name.isEmpty()) {
            return Optional.empty();
        }
        boolean known = name.equals(ALWAYS.name())
                || invocation
                        .store()
                        .builders()
                        .read()
                        .find(name.toLowerCase(Locale.ROOT))
                        .isPresent();
        return known ? Optional.of(name) : Optional.empty();
    }

    private static Entry find(Known known, Optional<String> chosen) throws CommandException {
        if (chosen.isEmpty()) {
            return known.current().flatMap(known::find).orElse(ALWAYS);
        }
        String name = chosen.get();
        if (name.equals(ALWAYS.name())) {
            return ALWAYS;
        }
        Optional<Entry> found = known.find(checked(name));
        if (found.isEmpty()) {
            throw failed("no builder \"" + name + "\" found");
        }
        return found.get();
    }

    private static String checked(String name) throws CommandException {
        if (!NAME.matcher(name).matches()) {
            throw failed("invalid name " + name
                    + ", name needs to start with a letter and may not contain symbols, except ._-");
        }
        return name.toLowerCase(Locale.ROOT);
    }

    private static CommandException failed(String message) {
        return new CommandException("ERROR: " + message, 1);
    }

    private static Entry set(Invocation invocation, Optional<String> chosen, Status status)
            throws CommandException, IOException {
        Entry found = find(invocation.store().builders().read(), chosen);
        if (found.equals(ALWAYS) || found.status() == status) {
            return found;
        }
        // It may have gone meanwhile.
        invocation
                .store()
                .builders()
                .<CommandException>update(known ->
                        known.with(find(known, Optional.of(found.name())).with(status)));
        return found.with(status);
    }

    private static Outcome create(Invocation invocation) throws CommandException, IOException {
        var options = invocation.options();
        Optional<String> asked = options.nonEmpty("name");
        if (asked.filter(ALWAYS.name()::equals).isPresent()) {
            throw failed("default is a reserved name and cannot be used to identify builder instance");
        }
        refuse(invocation);
        String driver = options.nonEmpty("driver").orElse(CONTAINER);
        Optional<String> name = asked.isPresent() ? Optional.of(checked(asked.get())) : Optional.empty();
        var made = new ArrayList<String>();
        invocation.store().builders().<CommandException>update(known -> {
            if (name.flatMap(known::find).isPresent()) {
                throw failed("existing instance for \"" + name.get()
                        + "\" but no append mode, specify the node name to make changes for existing instances");
            }
            String its = name.orElseGet(() -> generated(known));
            made.add(its);
            var status = options.on("bootstrap") ? Status.RUNNING : Status.INACTIVE;
            Known after = known.with(new Entry(its, driver, status));
            return options.on("use") ? after.using(Optional.of(its)) : after;
        });
        for (String option : WITHOUT_EFFECT) {
            if (options.given(option)) {
                invocation
                        .context()
                        .printError(
                                "WARNING: --" + option
                                        + " has no effect in Layerbook: builds run in this process, not in a BuildKit daemon\n");
            }
        }
        invocation.context().print(made.getFirst() + "\n");
        return Outcome.DONE;
    }

    /** What would be a builder somewhere else. */
    private static void refuse(Invocation invocation) throws CommandException {
        var options = invocation.options();
        Optional<String> driver = options.nonEmpty("driver");
        Optional<String> endpoint = invocation.arguments().stream().findFirst();
        String what;
        if (options.on("append") || options.on("leave")) {
            what = options.on("append") ? "--append" : "--leave";
        } else if (driver.filter(one -> !one.equals(CONTAINER) && !one.equals(ALWAYS.driver()))
                .isPresent()) {
            what = "--driver " + driver.get();
        } else if (endpoint.filter(one -> !one.equals(ALWAYS.name()) && !one.equals(SOCKET))
                .isPresent()) {
            what = "endpoint " + endpoint.get();
        } else {
            return;
        }
        throw failed(what + " is not part of Layerbook: there is one builder here, this process, with one node;"
                + " `docker buildx create --name NAME --use` gives it a name, and"
                + " `docker buildx build --platform` builds for other platforms without more nodes");
    }

    private static String generated(Known known) {
        var random = ThreadLocalRandom.current();
        String name = FIRST.get(random.nextInt(FIRST.size())) + "_" + LAST.get(random.nextInt(LAST.size()));
        return known.find(name).isEmpty()
                ? name
                : name
                        + Stream.iterate(2, i -> i + 1)
                                .filter(i -> known.find(name + i).isEmpty())
                                .findFirst()
                                .orElseThrow();
    }

    private static Outcome use(Invocation invocation) throws CommandException, IOException {
        String name = invocation.arguments().stream()
                .findFirst()
                .or(() -> invocation.options().text("builder"))
                .orElse("");
        invocation.store().builders().<CommandException>update(known -> {
            if (name.equals(ALWAYS.name())) {
                return known.using(Optional.empty());
            }
            String checked = checked(name);
            if (known.find(checked).isEmpty()) {
                throw failed("failed to find instance \"" + name + "\": no builder \"" + name + "\" found");
            }
            return known.using(Optional.of(checked));
        });
        return Outcome.DONE;
    }

    private static Outcome stop(Invocation invocation) throws CommandException, IOException {
        Entry found = find(invocation.store().builders().read(), chosen(invocation));
        if (found.status() == Status.RUNNING) {
            set(invocation, Optional.of(found.name()), Status.STOPPED);
        }
        return Outcome.DONE;
    }

    private static Outcome remove(Invocation invocation) throws CommandException, IOException {
        var options = invocation.options();
        List<String> names = invocation.arguments();
        if (options.on("all-inactive")) {
            if (!names.isEmpty()) {
                throw failed("cannot specify builder name when --all-inactive is set");
            }
            String question = "WARNING! This will remove all builders that are not in running state."
                    + " Are you sure you want to continue? [y/N] ";
            if (options.on("force") || Confirmation.ask(invocation.context(), question, invocation.shownAs())) {
                removeInactive(invocation);
            }
            return Outcome.DONE;
        }
        if (names.size() < 2) {
            remove(invocation, chosen(invocation));
            return Outcome.DONE;
        }
        boolean failed = false;
        for (String name : names) {
            try {
                remove(invocation, Optional.of(name));
            } catch (CommandException e) {
                failed = true;
                String why = e.getMessage().substring("ERROR: ".length());
                invocation.context().printError("failed to remove " + name + ": " + why + "\n");
            }
        }
        if (failed) {
            throw failed("failed to remove one or more builders");
        }
        return Outcome.DONE;
    }

    private static void remove(Invocation invocation, Optional<String> chosen) throws CommandException, IOException {
        var gone = new ArrayList<String>();
        invocation.store().builders().<CommandException>update(known -> {
            Entry found = find(known, chosen);
            if (found.equals(ALWAYS)) {
                throw failed(
                        "context builder cannot be removed, run `docker context rm default` to remove this context");
            }
            gone.add(found.name());
            return known.without(found.name());
        });
        invocation.context().printError(gone.getFirst() + " removed\n");
    }

    private static void removeInactive(Invocation invocation) throws IOException {
        var gone = new ArrayList<String>();
        invocation.store().builders().<RuntimeException>update(known -> {
            Known after = known;
            for (Entry entry : known.entries()) {
                if (entry.status() != Status.RUNNING) {
                    gone.add(entry.name());
                    after = after.without(entry.name());
                }
            }
            return after;
        });
        for (String name : gone) {
            invocation.context().printError(name + " removed\n");
        }
    }

    private static Outcome inspect(Invocation invocation) throws CommandException, IOException {
        Entry entry = invocation.options().on("bootstrap")
                ? set(invocation, chosen(invocation), Status.RUNNING)
                : find(invocation.store().builders().read(), chosen(invocation));
        var node = new StringBuilder();
        node.append("Name:\t").append(node(entry)).append("\nEndpoint:\t").append(ENDPOINT);
        node.append("\nStatus:\t").append(status(entry)).append('\n');
        if (entry.status() == Status.RUNNING) {
            node.append("BuildKit version:\t").append(DockerVersion.layerbook());
            node.append("\nPlatforms:\t").append(platforms()).append('\n');
        }
        String head = "Name:\t" + entry.name() + "\nDriver:\t" + entry.driver() + "\n";
        return new Outcome.Show(
                new TextReport(TabWriter.align(head, 0, 1) + "\nNodes:\n" + TabWriter.align(node.toString(), 0, 1)));
    }

    private static Outcome list(Invocation invocation) throws CommandException, IOException {
        Known known = invocation.store().builders().read();
        Entry current = find(known, chosen(invocation));
        var text = new StringBuilder("NAME/NODE\tDRIVER/ENDPOINT\tSTATUS\tBUILDKIT\tPLATFORMS\n");
        for (Entry entry :
                Stream.concat(known.entries().stream(), Stream.of(ALWAYS)).toList()) {
            boolean runs = entry.status() == Status.RUNNING;
            text.append(entry.name()).append(entry.equals(current) ? "*\t" : "\t");
            text.append(entry.driver()).append("\t\t\t\n");
            text.append(" \\_ ").append(node(entry)).append("\t \\_ ").append(ENDPOINT);
            text.append('\t').append(status(entry)).append('\t');
            text.append(runs ? DockerVersion.layerbook() + "\t" + platforms() : "\t")
                    .append('\n');
        }
        return new Outcome.Show(new TextReport(TabWriter.table(text.toString())));
    }

    private static String node(Entry entry) {
        return entry.equals(ALWAYS) ? entry.name() : entry.name() + "0";
    }

    private static String status(Entry entry) {
        return entry.status().name().toLowerCase(Locale.ROOT);
    }

    /** Those whose programs RUN can run here: the machine's own, then the emulated ones. */
    private static String platforms() {
        Platform host = Platform.host();
        Stream<String> others = Stream.of(
                        "amd64", "arm64", "riscv64", "ppc64le", "s390x", "386", "mips64le", "loong64", "arm")
                .filter(name -> !name.equals(host.architecture()))
                .filter(name -> name.equals("386") && host.architecture().equals("amd64")
                        || Emulators.OF_KERNEL.find(name).isPresent())
                .map(name -> Platform.parse("linux/" + name).toString());
        return Stream.concat(Stream.of(host.toString()), others).collect(Collectors.joining(", "));
    }
}
