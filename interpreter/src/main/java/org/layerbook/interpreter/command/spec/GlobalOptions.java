package org.layerbook.interpreter.command.spec;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;
import org.layerbook.interpreter.command.option.Options;

/**
 * The options before the command. They choose a daemon, and there is none: they are accepted, so that a tutorial's line
 * works, and change nothing.
 */
public final class GlobalOptions {
    private static final Set<String> LOG_LEVELS =
            Set.of("panic", "fatal", "error", "warn", "warning", "info", "debug", "trace");

    public static final List<OptionSpec> ALL = List.of(
            OptionSpec.text("config", "Location of client config files (not used)")
                    .files(),
            OptionSpec.text('c', "context", "Name of the context to use (not used: there is no daemon)"),
            OptionSpec.toggle('D', "debug", "Enable debug mode"),
            OptionSpec.of(Kind.LIST, "list", 'H', "host", "Daemon socket to connect to (not used: there is no daemon)"),
            OptionSpec.text(
                            'l',
                            "log-level",
                            "Set the logging level (\"debug\", \"info\", \"warn\", \"error\", \"fatal\") (default \"info\")")
                    .oneOf("debug", "info", "warn", "error", "fatal"),
            OptionSpec.toggle("tls", "Use TLS; implied by --tlsverify (not used)"),
            OptionSpec.text("tlscacert", "Trust certs signed only by this CA (not used)"),
            OptionSpec.text("tlscert", "Path to TLS certificate file (not used)"),
            OptionSpec.text("tlskey", "Path to TLS key file (not used)"),
            OptionSpec.toggle("tlsverify", "Use TLS and verify the remote (not used)"),
            OptionSpec.toggle('v', "version", "Print version information and quit"));

    private GlobalOptions() {}

    public static void check(Options options) throws CommandException {
        for (String level : options.list("log-level")) {
            if (!LOG_LEVELS.contains(level.toLowerCase(Locale.ROOT))) {
                throw new CommandException("Unable to parse logging level: " + level, 1);
            }
        }
    }
}
