package org.layerbook.interpreter.command.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.layerbook.interpreter.command.option.OptionHelp;
import org.layerbook.interpreter.command.spec.CommandTable.Found;

/** Help in docker's layout, for a terminal of 80 columns as docker assumes where it cannot ask. */
public final class HelpText {
    /** The commands that docker lists before all others. */
    private static final List<String> COMMON = List.of(
            "run", "exec", "ps", "build", "pull", "push", "images", "login", "logout", "search", "version", "info");

    private static final int COLUMNS = 79;

    private HelpText() {}

    public static String command(Found found) {
        CommandSpec spec = found.spec();
        var text = new StringBuilder();
        text.append(usageLine(found)).append("\n\n").append(spec.summary()).append('\n');
        if (!spec.aliasLine().isEmpty()) {
            text.append("\nAliases:\n  ").append(spec.aliasLine()).append('\n');
        }
        String options = OptionHelp.text(spec.options(), COLUMNS);
        if (!options.isEmpty()) {
            text.append("\nOptions:\n").append(options);
        }
        return text.toString().stripTrailing();
    }

    public static String usageLine(Found found) {
        return "Usage:  " + found.shownAs() + " " + found.spec().usage();
    }

    public static String group(CommandGroup group, CommandTable table) {
        var text = new StringBuilder("Usage:  docker " + group.path());
        text.append(group.options().isEmpty() ? " COMMAND\n\n" : " [OPTIONS] COMMAND\n\n");
        text.append(group.summary()).append('\n');
        if (!group.options().isEmpty()) {
            text.append("\nOptions:\n").append(OptionHelp.text(group.options(), COLUMNS));
        }
        section(text, "Commands", table.under(group.path()));
        text.append("\nRun 'docker ")
                .append(group.path())
                .append(" COMMAND --help' for more information on a command.");
        return text.toString();
    }

    public static String top(CommandTable table) {
        var all = table.under("");
        var common = new LinkedHashMap<String, String>();
        COMMON.stream().filter(all::containsKey).forEach(name -> common.put(name, all.remove(name)));
        var groups = new TreeMap<String, String>();
        table.groups().stream()
                .filter(group -> !group.path().contains(" "))
                .forEach(group -> groups.put(group.path(), group.summary()));
        var text = new StringBuilder("Usage:  docker [OPTIONS] COMMAND\n\n");
        text.append("Docker commands for the images in Layerbook's store\n");
        section(text, "Common Commands", common);
        section(text, "Management Commands", groups);
        section(text, "Commands", all);
        text.append("\nGlobal Options:\n").append(OptionHelp.text(GlobalOptions.ALL, COLUMNS));
        text.append("\nRun 'docker COMMAND --help' for more information on a command.\n");
        text.append("\n@ is the live image, @NAME a stage, @[N] the image after cell In[N]: docker history @");
        return text.toString();
    }

    private static void section(StringBuilder text, String title, Map<String, String> lines) {
        if (lines.isEmpty()) {
            return;
        }
        text.append('\n').append(title).append(":\n");
        int width = Math.max(
                11, lines.keySet().stream().mapToInt(String::length).max().orElse(0));
        lines.forEach((name, summary) -> text.append("  ")
                .append(name)
                .append(" ".repeat(width - name.length() + 1))
                .append(summary)
                .append('\n'));
    }
}
