package org.layerbook.interpreter.magic;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.layerbook.engine.host.HostCommand;
import org.layerbook.interpreter.command.option.Arity;

/** Magics that touch this host and the session's place on it. */
final class HostMagics {
    private HostMagics() {}

    static final List<Magic> ALL = List.of(
            MagicDefinition.line("cd")
                    .takes("[DIR]", Arity.atMost(1))
                    .summary("Change the session's directory")
                    .help("Relative paths, host commands and, without `%context`, COPY start from it. Without an"
                            + " argument, changes to the home directory.")
                    .completes((prefix, hints) -> hints.paths(prefix, true))
                    .does(HostMagics::cd),
            MagicDefinition.line("pwd")
                    .summary("Print the session's directory")
                    .does((call, context) -> context.print(context.host().workingDirectory() + "\n")),
            program("ls", "[ARGUMENT ...]", "List files on this host"),
            program("mkdir", "[-p] DIR ...", "Create directories on this host"),
            MagicDefinition.line("env")
                    .takesWords("[NAME[=VALUE]]")
                    .summary("Set or print variables of host commands and of `$NAME` in docker commands")
                    .help("They do not reach the image: use ENV for that. Example: %env TAG=1.2")
                    .completes((prefix, hints) -> hints.variables(prefix))
                    .does(HostMagics::env),
            MagicDefinition.line(Magics.SHELL_FALLBACK)
                    .takes("[on|off]", Arity.atMost(1))
                    .summary("Run unrecognised lines in the host shell")
                    .help("For notebooks written for a bash kernel. Off in a new session, so that a forgotten RUN"
                            + " never installs anything on this host. While it is on, write instructions in"
                            + " capitals. Without an argument, prints the setting.")
                    .does(HostMagics::shellFallback));

    private static void shellFallback(MagicCall call, MagicContext context) throws MagicException {
        Optional<String> wanted = call.argument();
        switch (wanted.orElse("")) {
            case "on" -> context.host().setShellFallback(true);
            case "off" -> context.host().setShellFallback(false);
            case "" -> context.print("%shell-fallback is " + (context.host().shellFallback() ? "on" : "off") + "\n");
            default -> throw new MagicException("invalid value `" + wanted.orElseThrow() + "`: use on or off");
        }
    }

    private static Magic program(String name, String arguments, String summary) {
        return MagicDefinition.line(name)
                .takesProgram(arguments)
                .summary(summary)
                .help("The same as `!" + name + "`.")
                .completes((prefix, hints) -> hints.paths(prefix, false))
                .does((call, context) -> {
                    int status = context.host()
                            .run(HostCommand.shell(
                                            name + " " + call.rest(),
                                            context.host().workingDirectory(),
                                            context.host().environment())
                                    .argv());
                    if (status != 0) {
                        throw new MagicException(name + " exited with status " + status, "", status);
                    }
                });
    }

    private static void cd(MagicCall call, MagicContext context) throws MagicException {
        String home = context.host().environment().getOrDefault("HOME", "/");
        String folder = call.argument().orElse(home);
        String previous = context.host().environment().getOrDefault("OLDPWD", home);
        Path path = context.host()
                .workingDirectory()
                .resolve(folder.equals("-") ? previous : folder)
                .normalize();
        try {
            if (!Files.isDirectory(path)) {
                throw new MagicException(path + (Files.exists(path) ? " is not a directory" : " does not exist"));
            }
            path = path.toRealPath();
        } catch (IOException e) {
            throw new MagicException(FileProblems.sentence(e));
        }
        var environment = new LinkedHashMap<>(context.host().environment());
        environment.put("OLDPWD", context.host().workingDirectory().toString());
        environment.put("PWD", path.toString());
        context.host().setWorkingDirectory(path);
        context.host().setEnvironment(environment);
        context.print(path + "\n");
    }

    private static void env(MagicCall call, MagicContext context) throws MagicException {
        Map<String, String> environment = new LinkedHashMap<>(context.host().environment());
        if (call.words().isEmpty()) {
            context.print(BuildMagics.lines(new TreeMap<>(environment)));
            return;
        }
        // IPython's `%env NAME VALUE` beside `%env NAME=VALUE`.
        String first = call.words().getFirst();
        int equals = first.indexOf('=');
        if (equals < 0 && call.words().size() == 1) {
            String value = environment.get(first);
            if (value == null) {
                throw new MagicException("`" + first + "` is not set", "set it with `%env " + first + "=VALUE`");
            }
            context.print(value + "\n");
            return;
        }
        String rest = String.join(" ", call.words().subList(1, call.words().size()));
        String name = equals < 0 ? first : first.substring(0, equals);
        String value = equals < 0 ? rest : (first.substring(equals + 1) + " " + rest).strip();
        setVariable(name, value, context);
    }

    static void setVariable(String name, String value, MagicContext context) throws MagicException {
        if (!name.matches("[A-Za-z_]\\w*")) {
            throw new MagicException(
                    "invalid variable name `" + name + "`",
                    "a name has letters, digits and `_`, and does not start" + " with a digit");
        }
        Map<String, String> environment = new LinkedHashMap<>(context.host().environment());
        environment.put(name, value);
        context.host().setEnvironment(environment);
    }
}
