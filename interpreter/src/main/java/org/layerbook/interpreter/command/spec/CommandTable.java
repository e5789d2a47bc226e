package org.layerbook.interpreter.command.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The commands there are, found by the words a user types. Immutable. */
public final class CommandTable {
    private final Map<String, Found> commands = new LinkedHashMap<>();
    private final Map<String, CommandGroup> groups = new LinkedHashMap<>();

    public CommandTable(List<CommandGroup> groups, List<CommandSpec> specs) {
        groups.forEach(group -> this.groups.put(group.path(), group));
        for (CommandSpec spec : specs) {
            for (CommandSpec.Spelling spelling : spec.spellings()) {
                String shown = spelling.shownAs().orElse(spelling.path());
                for (String path : spelling.paths()) {
                    var found = new Found(
                            spec,
                            "docker " + shown,
                            spelling.listedAs().orElse(spec.summary()),
                            path.equals(spelling.path()) && !spelling.hidden());
                    if (commands.put(path, found) != null) {
                        throw new IllegalArgumentException("two commands are called docker " + path);
                    }
                }
            }
        }
    }

    /** @param summary for lists; @param listed whether this is the spelling that help lists, not an alias of it */
    public record Found(CommandSpec spec, String shownAs, String summary, boolean listed) {}

    public Optional<Found> command(String path) {
        return Optional.ofNullable(commands.get(path));
    }

    public Optional<CommandGroup> group(String path) {
        return Optional.ofNullable(groups.get(path));
    }

    public List<CommandGroup> groups() {
        return List.copyOf(groups.values());
    }

    /** What there is right under {@code group} (empty: at the top), by name, and what it does. */
    public Map<String, String> under(String group) {
        String prefix = group.isEmpty() ? "" : group + " ";
        var below = new TreeMap<String, String>();
        commands.forEach((path, found) -> {
            if (found.listed() && path.startsWith(prefix) && path.indexOf(' ', prefix.length()) < 0) {
                below.put(path.substring(prefix.length()), found.summary());
            }
        });
        return below;
    }

    /** Every path that can be typed, aliases included. */
    public List<String> paths() {
        var all = new ArrayList<>(groups.keySet());
        all.addAll(commands.keySet());
        return all;
    }
}
