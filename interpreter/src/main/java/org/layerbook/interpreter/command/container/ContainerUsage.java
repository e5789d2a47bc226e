package org.layerbook.interpreter.command.container;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.layerbook.engine.container.ContainerEngine;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerMount;
import org.layerbook.engine.golang.GoText;
import org.layerbook.engine.oci.Digest;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.view.ContainerStatus;
import org.layerbook.interpreter.view.layout.DockerUnits;
import org.layerbook.interpreter.view.layout.TabWriter;

/** What containers take up, for {@code docker system df}. */
public final class ContainerUsage {
    private static final int COMMAND_COLUMNS = 20;

    private final Invocation invocation;
    private final List<Entry> entries;

    private ContainerUsage(Invocation invocation, List<Entry> entries) {
        this.invocation = invocation;
        this.entries = entries;
    }

    /** @param size bytes of what it has changed */
    public record Entry(Container container, long size) {}

    public static ContainerUsage of(Invocation invocation) throws IOException {
        ContainerEngine engine = invocation.services().containers();
        var entries = new ArrayList<Entry>();
        for (Container container : engine.containers().list()) {
            entries.add(new Entry(container, engine.size(container)));
        }
        return new ContainerUsage(invocation, List.copyOf(entries));
    }

    public List<Entry> entries() {
        return entries;
    }

    public Set<Digest> images() {
        return entries.stream().map(entry -> entry.container().spec().image()).collect(Collectors.toSet());
    }

    public long of(Digest image) {
        return entries.stream()
                .filter(entry -> entry.container().spec().image().equals(image))
                .count();
    }

    public long running() {
        return entries.stream()
                .filter(entry -> entry.container().state().isRunning())
                .count();
    }

    public long size() {
        return entries.stream().mapToLong(Entry::size).sum();
    }

    public long reclaimable() {
        return entries.stream()
                .filter(entry -> !entry.container().state().isRunning())
                .mapToLong(Entry::size)
                .sum();
    }

    public String table() {
        var table = new StringBuilder("CONTAINER ID\tIMAGE\tCOMMAND\tLOCAL VOLUMES\tSIZE\tCREATED\tSTATUS\tNAMES\n");
        for (Entry entry : entries) {
            Container container = entry.container();
            table.append(String.join(
                            "\t",
                            container.shortId(),
                            container.spec().imageName(),
                            command(container),
                            Long.toString(volumes(container)),
                            DockerUnits.size(entry.size()),
                            DockerUnits.ago(container.spec().created(), invocation.now()),
                            ContainerStatus.text(container.state(), invocation.now()),
                            container.name()))
                    .append('\n');
        }
        return TabWriter.table(table.toString());
    }

    public List<GoStruct> documents() {
        return entries.stream()
                .map(entry -> GoStruct.context("*formatter.ContainerContext")
                        .field("Command", command(entry.container()))
                        .field("ID", entry.container().shortId())
                        .field("Image", entry.container().spec().imageName())
                        .field("LocalVolumes", Long.toString(volumes(entry.container())))
                        .field("Names", entry.container().name())
                        .field(
                                "RunningFor",
                                DockerUnits.ago(entry.container().spec().created(), invocation.now()))
                        .field("Size", DockerUnits.size(entry.size()))
                        .field("State", entry.container().state().status())
                        .field("Status", ContainerStatus.text(entry.container().state(), invocation.now()))
                        .build())
                .toList();
    }

    private static long volumes(Container container) {
        return container.spec().host().mounts().stream()
                .filter(ContainerMount.Volume.class::isInstance)
                .count();
    }

    private static String command(Container container) {
        var config = container.spec().config();
        var words = new ArrayList<>(config.entrypoint().orElse(List.of()));
        words.addAll(config.cmd().orElse(List.of()));
        String line = words.isEmpty()
                ? ""
                : words.getFirst()
                        + words.stream()
                                .skip(1)
                                .map(word -> word.contains(" ") ? " '" + word + "'" : " " + word)
                                .collect(Collectors.joining());
        return GoText.quote(line.length() > COMMAND_COLUMNS ? line.substring(0, COMMAND_COLUMNS - 1) + "…" : line);
    }
}
