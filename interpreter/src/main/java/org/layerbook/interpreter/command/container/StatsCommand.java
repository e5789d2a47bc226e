package org.layerbook.interpreter.command.container;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.container.ContainerProcesses;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.ContainerUsage;
import org.layerbook.engine.container.state.Containers;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.Rendered;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.OutputFormat;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.view.layout.DockerUnits;

/** {@code docker stats}. */
public final class StatsCommand {
    public static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.of("container stats"), Spelling.of("stats")),
            "[OPTIONS] [CONTAINER...]",
            "Display a live stream of container(s) resource usage statistics",
            Arity.atLeast(0),
            List.of(
                    OptionSpec.toggle('a', "all", "Show all containers (default shows just running)"),
                    OutputFormat.option(),
                    OptionSpec.toggle("no-stream", "Disable streaming stats and only pull the first result"),
                    OptionSpec.toggle("no-trunc", "Do not truncate output")),
            Completes.NOTHING,
            invocation -> {
                try {
                    return new StatsCommand(invocation).run();
                } catch (ContainerException e) {
                    throw new CommandException(ContainerCommands.DAEMON + e.getMessage(), 1);
                }
            });

    private static final String TABLE =
            "table {{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}"
                    + "\t{{.BlockIO}}\t{{.PIDs}}";
    private static final Map<String, String> HEADINGS = Map.of(
            "BlockIO", "BLOCK I/O",
            "CPUPerc", "CPU %",
            "Container", "CONTAINER",
            "ID", "CONTAINER ID",
            "MemPerc", "MEM %",
            "MemUsage", "MEM USAGE / LIMIT",
            "Name", "NAME",
            "NetIO", "NET I/O",
            "PIDs", "PIDS");
    private static final int PERIOD_MS = 1000;
    private static final int STEP_MS = 20;

    private final Invocation invocation;
    private final Containers containers;
    private final OutputFormat format;
    private final Map<String, ContainerUsage> before = new LinkedHashMap<>();

    private StatsCommand(Invocation invocation) {
        this.invocation = invocation;
        this.containers = invocation.services().containers().containers();
        this.format = OutputFormat.of(invocation.options().nonEmpty("format"))
                .orElseGet(() -> OutputFormat.of(Optional.of(TABLE)).orElseThrow());
    }

    /** @param asked as the command line names it; the short ID where it names none */
    private record Chosen(String asked, Container container) {}

    private Outcome run() throws CommandException, IOException {
        Optional<CellOutput.Display> display = Optional.empty();
        boolean streams = !invocation.options().on("no-stream");
        measure(chosen());
        do {
            // Processor time is shown as a share, for which two measurements are needed.
            sleep();
            List<Chosen> chosen = chosen();
            String text = format.rows(HEADINGS, rows(chosen, measure(chosen)));
            if (streams && invocation.context().display().isPresent()) {
                display = Optional.of(show(text, display));
            } else {
                invocation.context().print(streams ? "\033[2J\033[H" + text : text);
            }
        } while (streams && !invocation.context().cancellation().isCancelled());
        return Outcome.DONE;
    }

    private CellOutput.Display show(String text, Optional<CellOutput.Display> display) {
        Rendered rendered = Rendered.text(text.stripTrailing());
        if (display.isEmpty()) {
            return invocation.context().display().orElseThrow().live(rendered);
        }
        display.get().update(rendered);
        return display.get();
    }

    private List<Chosen> chosen() throws IOException {
        var chosen = new ArrayList<Chosen>();
        if (invocation.arguments().isEmpty()) {
            for (Container container : containers.list()) {
                if (invocation.options().on("all") || container.state().isRunning()) {
                    chosen.add(new Chosen(container.shortId(), container));
                }
            }
        }
        for (String argument : invocation.arguments()) {
            chosen.add(new Chosen(argument, containers.get(argument)));
        }
        return chosen;
    }

    private Map<String, ContainerUsage> measure(List<Chosen> chosen) throws IOException {
        var usages = new LinkedHashMap<String, ContainerUsage>();
        if (chosen.isEmpty()) {
            return usages;
        }
        ContainerProcesses processes = ContainerCommands.runtime(invocation).processes();
        for (Chosen each : chosen) {
            try {
                processes
                        .usage(each.container())
                        .ifPresent(usage -> usages.put(each.container().id(), usage));
            } catch (ContainerException e) {
                continue; // it has ended just now
            }
        }
        usages.forEach(before::putIfAbsent);
        return usages;
    }

    private List<GoStruct> rows(List<Chosen> chosen, Map<String, ContainerUsage> usages) {
        var rows = chosen.stream()
                .map(each -> row(
                        each, Optional.ofNullable(usages.get(each.container().id()))))
                .toList();
        before.putAll(usages);
        return rows;
    }

    private GoStruct row(Chosen chosen, Optional<ContainerUsage> usage) {
        Container container = chosen.container();
        boolean full = invocation.options().on("no-trunc");
        ContainerUsage none = new ContainerUsage(0, 0, 0, 0, 0, 0, 0, 0, 0);
        ContainerUsage now = usage.orElse(none);
        return GoStruct.context("*container.statsContext")
                .field("BlockIO", DockerUnits.size(now.read()) + " / " + DockerUnits.size(now.written()))
                .field(
                        "CPUPerc",
                        percent(usage.map(u -> u.cpuPercent(before.get(container.id())))
                                .orElse(0.0)))
                .field("Container", chosen.asked())
                .field("ID", full ? container.id() : container.shortId())
                .field("MemPerc", percent(now.memoryPercent()))
                .field(
                        "MemUsage",
                        DockerUnits.binarySize(now.memory()) + " / " + DockerUnits.binarySize(now.memoryLimit()))
                .field("Name", container.name())
                .field("NetIO", DockerUnits.size(now.received()) + " / " + DockerUnits.size(now.sent()))
                .field("PIDs", Long.toString(now.pids()))
                .build();
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.2f%%", value);
    }

    private void sleep() throws IOException {
        for (int slept = 0;
                slept < PERIOD_MS && !invocation.context().cancellation().isCancelled();
                slept += STEP_MS) {
            try {
                Thread.sleep(STEP_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new java.io.InterruptedIOException();
            }
        }
    }
}
