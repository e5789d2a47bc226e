package org.layerbook.interpreter.command.builder;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.sandbox.Emulators;
import org.layerbook.engine.store.Builders.Entry;
import org.layerbook.engine.store.Builders.Known;
import org.layerbook.engine.store.Builders.Status;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Body;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.DockerVersion;
import org.layerbook.interpreter.report.TextReport;
import org.layerbook.interpreter.view.layout.TabWriter;

/** {@code docker buildx inspect}, {@code ls}, {@code stop} and {@code use}. */
public final class BuilderCommands {
    public static final OptionSpec BUILDER = OptionSpec.text("builder", "Override the configured builder instance");

    public static final CommandSpec INSPECT = spec(
            "inspect",
            "[NAME]",
            "Inspect current builder instance",
            Arity.atMost(1),
            List.of(OptionSpec.toggle("bootstrap", "Ensure builder has booted before inspecting"), BUILDER),
            BuilderCommands::inspect);

    public static final CommandSpec LIST = spec(
            "ls",
            "[OPTIONS]",
            "List builder instances",
            Arity.NONE,
            List.of(OptionSpec.toggle("no-trunc", "Don't truncate output"), BUILDER.hiddenFromHelp()),
            BuilderCommands::list);

    public static final CommandSpec STOP =
            spec("stop", "[NAME]", "Stop builder instance", Arity.atMost(1), List.of(BUILDER), BuilderCommands::stop);

    public static final CommandSpec USE = spec(
            "use",
            "[OPTIONS] NAME",
            "Set the current builder instance",
            Arity.atMost(1),
            List.of(
                    BUILDER,
                    OptionSpec.toggle("default", "Set builder as default for current context"),
                    OptionSpec.toggle("global", "Builder persists context changes")),
            BuilderCommands::use);

    private static final String ENDPOINT = "this process";

    private BuilderCommands() {}

    /** Of {@code docker buildx WORD}. */
    static CommandSpec spec(
            String word, String usage, String summary, Arity arity, List<OptionSpec> options, Body body) {
        return new CommandSpec(
                List.of(Spelling.of("buildx " + word)), usage, summary, arity, options, Completes.NOTHING, body);
    }

    private static Outcome use(Invocation invocation) throws CommandException, IOException {
        String name = invocation.arguments().stream()
                .findFirst()
                .or(() -> invocation.options().text("builder"))
                .orElse("");
        invocation.store().builders().<CommandException>update(known -> {
            if (name.equals(BuilderNames.ALWAYS.name())) {
                return known.using(Optional.empty());
            }
            String checked = BuilderNames.checked(name);
            if (known.find(checked).isEmpty()) {
                throw BuilderNames.failed(
                        "failed to find instance \"" + name + "\": no builder \"" + name + "\" found");
            }
            return known.using(Optional.of(checked));
        });
        return Outcome.DONE;
    }

    private static Outcome stop(Invocation invocation) throws CommandException, IOException {
        Entry found = BuilderNames.find(invocation.store().builders().read(), BuilderNames.chosen(invocation));
        if (found.status() == Status.RUNNING) {
            BuilderNames.set(invocation, Optional.of(found.name()), Status.STOPPED);
        }
        return Outcome.DONE;
    }

    private static Outcome inspect(Invocation invocation) throws CommandException, IOException {
        Entry entry = invocation.options().on("bootstrap")
                ? BuilderNames.set(invocation, BuilderNames.chosen(invocation), Status.RUNNING)
                : BuilderNames.find(invocation.store().builders().read(), BuilderNames.chosen(invocation));
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
        Entry current = BuilderNames.find(known, BuilderNames.chosen(invocation));
        var text = new StringBuilder("NAME/NODE\tDRIVER/ENDPOINT\tSTATUS\tBUILDKIT\tPLATFORMS\n");
        for (Entry entry : Stream.concat(known.entries().stream(), Stream.of(BuilderNames.ALWAYS))
                .toList()) {
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
        return entry.equals(BuilderNames.ALWAYS) ? entry.name() : entry.name() + "0";
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
