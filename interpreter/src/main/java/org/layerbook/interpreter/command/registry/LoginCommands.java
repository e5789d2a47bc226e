package org.layerbook.interpreter.command.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.registry.Registry;
import org.layerbook.engine.registry.protocol.Credentials;
import org.layerbook.engine.registry.protocol.RegistryException;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.Options;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.DockerErrors;

/** {@code docker login} and {@code docker logout}. */
public final class LoginCommands {
    private static final String HUB = "docker.io";
    private static final String HUB_ADDRESS = "https://index.docker.io/v1/";

    public static final CommandSpec LOGIN = new CommandSpec(
            List.of(Spelling.of("login").listedAs("Authenticate to a registry")),
            "[OPTIONS] [SERVER]",
            "Authenticate to a registry.\nDefaults to Docker Hub if no server is specified.",
            Arity.atMost(1),
            List.of(
                    OptionSpec.text('p', "password", "Password or Personal Access Token (PAT)"),
                    OptionSpec.toggle("password-stdin", "Take the Password or Personal Access Token\n(PAT) from stdin"),
                    OptionSpec.text('u', "username", "Username")),
            Completes.NOTHING,
            LoginCommands::login);

    public static final CommandSpec LOGOUT = new CommandSpec(
            List.of(Spelling.of("logout").listedAs("Log out from a registry")),
            "[SERVER]",
            "Log out from a registry.\nIf no server is specified, the default is defined by the daemon.",
            Arity.atMost(1),
            List.of(),
            Completes.NOTHING,
            LoginCommands::logout);

    private LoginCommands() {}

    private static Outcome login(Invocation invocation) throws CommandException, IOException {
        String server = server(invocation.arguments());
        Options options = invocation.options();
        Optional<String> user = options.nonEmpty("username");
        Optional<String> password = password(invocation);
        Registry registry = invocation.services().registries().get();
        CommandContext context = invocation.context();
        try {
            if (user.isEmpty() && password.isEmpty() && loginAgain(registry, server, context)) {
                return Outcome.DONE;
            }
            String name = user.isPresent() ? user.get() : ask(context, "Username: ", false, "username");
            String secret = password.isPresent() ? password.get() : ask(context, "Password: ", true, "password");
            succeed(registry, server, Credentials.password(name, secret), context);
            return Outcome.DONE;
        } catch (IOException e) {
            throw new CommandException(PullCommand.DAEMON + DockerErrors.sentence(e), 1);
        }
    }

    /** With what is kept from before. @return false when that is nothing, or is not taken any more */
    private static boolean loginAgain(Registry registry, String server, CommandContext context)
            throws CommandException, IOException {
        Optional<Credentials> known = registry.credentials().get(server);
        if (known.isEmpty()) {
            return false;
        }
        String name = known.get().username();
        context.printError(
                "Authenticating with existing credentials..."
                        + (name.isEmpty() ? "" : " [Username: " + name + "]")
                        + "\n\n Info -> To login with a different account, run 'docker logout' followed by 'docker login'\n\n\n");
        try {
            succeed(registry, server, known.get(), context);
            return true;
        } catch (RegistryException e) {
            if (e.kind() != RegistryException.Kind.UNAUTHORIZED) {
                throw e;
            }
            context.printError("Login did not succeed, error: " + PullCommand.DAEMON + e.getMessage() + "\n");
            return false;
        }
    }

    private static Optional<String> password(Invocation invocation) throws CommandException, IOException {
        Options options = invocation.options();
        checkGiven(options);
        if (!options.on("password-stdin")) {
            Optional<String> given = options.nonEmpty("password");
            if (given.isPresent()) {
                invocation
                        .context()
                        .printError("WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n");
            }
            return given;
        }
        byte[] all = invocation.context().stdin().readAllBytes();
        String text = new String(all, StandardCharsets.UTF_8).replaceFirst("\r?\n$", "");
        return Optional.of(text).filter(t -> !t.isEmpty());
    }

    private static void checkGiven(Options options) throws CommandException {
        if (options.on("password-stdin") && options.given("password")) {
            throw new CommandException("conflicting options: cannot specify both --password and --password-stdin", 1);
        }
        if (options.on("password-stdin") && !options.given("username")) {
            throw new CommandException("the --password-stdin option requires --username to be set", 1);
        }
        for (String name : List.of("username", "password")) {
            if (options.given(name) && options.nonEmpty(name).isEmpty()) {
                throw new CommandException(name + " is empty", 1);
            }
        }
    }

    private static String ask(CommandContext context, String prompt, boolean hidden, String what)
            throws CommandException {
        Optional<CellOutput> user = context.display();
        Optional<String> answer = user.isEmpty() ? Optional.empty() : user.get().ask(prompt, hidden);
        if (answer.isEmpty()) {
            throw new CommandException("Error: Cannot perform an interactive login from a non TTY device", 1);
        }
        String text = answer.get().strip();
        if (text.isEmpty()) {
            throw new CommandException("Error: " + (hidden ? "Password" : "Non-null " + what) + " Required", 1);
        }
        return text;
    }

    private static void succeed(Registry registry, String server, Credentials credentials, CommandContext context)
            throws CommandException, IOException {
        registry.login(server, credentials, context.cancellation());
        if (keep(registry, server, credentials)) {
            Path file = registry.credentials().file();
            context.printError("\nWARNING! Your credentials are stored unencrypted in '" + file
                    + "'.\nConfigure a credential helper to remove this warning. See\n"
                    + "https://docs.docker.com/go/credential-store/\n\n");
        }
        context.print("Login Succeeded\n");
    }

    /** @return whether a password stands in clear now that did not before */
    private static boolean keep(Registry registry, String server, Credentials credentials) throws CommandException {
        try {
            return registry.credentials().store(server, credentials);
        } catch (IOException e) {
            throw new CommandException("Error saving credentials: " + DockerErrors.sentence(e), 1);
        }
    }

    private static Outcome logout(Invocation invocation) throws CommandException, IOException {
        String server = server(invocation.arguments());
        String shown = server.equals(HUB) ? HUB_ADDRESS : server;
        invocation.context().print("Removing login credentials for " + shown + "\n");
        try {
            invocation.services().registries().get().credentials().erase(server);
        } catch (IOException e) {
            invocation
                    .context()
                    .printError(
                            "WARNING: could not erase credentials:\n" + shown + ": " + DockerErrors.sentence(e) + "\n");
        }
        return Outcome.DONE;
    }

    /** The host of what may be a whole address. */
    private static String server(List<String> arguments) throws CommandException {
        if (arguments.isEmpty() || arguments.getFirst().isEmpty()) {
            return HUB;
        }
        String host = arguments.getFirst().replaceFirst("^https?://", "").replaceFirst("/.*$", "");
        if (host.contains("@") || !host.matches("[A-Za-z0-9.:_\\[\\]-]+")) {
            throw new CommandException("give the server of docker login as a host, such as registry.example:5000", 1);
        }
        return host.equals("index.docker.io") || host.equals("registry-1.docker.io") ? HUB : host;
    }
}
