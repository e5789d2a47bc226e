package org.layerbook.interpreter.command.volume;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.layerbook.engine.container.Volume;
import org.layerbook.engine.container.Volumes;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.Filters;
import org.layerbook.interpreter.command.spec.OutputFormat;
import org.layerbook.interpreter.template.GoStruct;

/** {@code docker volume ls}. */
final class VolumeList {
    private static final Set<String> FILTERS = Set.of("dangling", "driver", "label", "name");
    private static final String RAW = "name: {{.Name}}\ndriver: {{.Driver}}\n";

    private VolumeList() {}

    static Outcome run(Invocation invocation) throws CommandException, IOException {
        var options = invocation.options();
        boolean quiet = options.on("quiet");
        Optional<OutputFormat> format = OutputFormat.of(options.text("format"), quiet ? "name: {{.Name}}" : RAW);
        List<GoStruct> rows = new ArrayList<>();
        for (Volume volume : options.on("cluster") ? List.<Volume>of() : chosen(invocation)) {
            rows.add(row(volume));
        }
        var otherwise = OutputFormat.of(Optional.of(quiet ? "{{.Name}}" : "table {{.Driver}}\t{{.Name}}"));
        invocation.context().print(format.or(() -> otherwise).orElseThrow().rows(headings(), rows));
        return Outcome.DONE;
    }

    private static List<Volume> chosen(Invocation invocation) throws CommandException, IOException {
        Filters filters = Filters.of(invocation.options().list("filter"), FILTERS);
        Optional<Boolean> dangling = filters.truth("dangling");
        Volumes volumes = invocation.services().containers().volumes();
        var found = new ArrayList<Volume>();
        for (Volume volume : volumes.list()) {
            boolean wanted = any(filters, "name", volume.name()::contains)
                    && any(filters, "driver", "local"::equals)
                    && filters.matchesLabels(volume.labels());
            if (wanted
                    && (dangling.isEmpty()
                            || dangling.get() == volumes.users(volume.name()).isEmpty())) {
                found.add(volume);
            }
        }
        return found;
    }

    private static boolean any(Filters filters, String name, Predicate<String> matches) {
        return filters.values(name).isEmpty() || filters.values(name).stream().anyMatch(matches);
    }

    private static Map<String, String> headings() {
        var headings = new LinkedHashMap<String, String>();
        headings.put("Availability", "AVAILABILITY");
        headings.put("Driver", "DRIVER");
        headings.put("Group", "GROUP");
        headings.put("Labels", "LABELS");
        headings.put("Links", "LINKS");
        headings.put("Mountpoint", "MOUNTPOINT");
        headings.put("Name", "VOLUME NAME");
        headings.put("Scope", "SCOPE");
        headings.put("Size", "SIZE");
        headings.put("Status", "STATUS");
        return headings;
    }

    static GoStruct row(Volume volume) {
        return row(volume, "N/A", "N/A");
    }

    static GoStruct row(Volume volume, String links, String size) {
        String labels = new TreeMap<>(volume.labels())
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(","));
        return GoStruct.context("*formatter.volumeContext")
                .field("Availability", "N/A")
                .field("Driver", "local")
                .field("Group", "N/A")
                .field("Labels", labels)
                .field("Links", links)
                .field("Mountpoint", volume.data().toString())
                .field("Name", volume.name())
                .field("Scope", "local")
                .field("Size", size)
                .field("Status", "N/A")
                .build();
    }
}
