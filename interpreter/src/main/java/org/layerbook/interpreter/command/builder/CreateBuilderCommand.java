package org.layerbook.interpreter.command.builder;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.store.Builders.Entry;
import org.layerbook.engine.store.Builders.Known;
import org.layerbook.engine.store.Builders.Status;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;

/** {@code docker buildx create}: gives this process one more name. */
public final class CreateBuilderCommand {
    public static final CommandSpec SPEC = BuilderCommands.spec(
            "create",
            "[OPTIONS] [CONTEXT|ENDPOINT]",
            "Create a new builder instance",
            Arity.atMost(1),
            List.of(
                    OptionSpec.toggle("append", "Append a node to builder instead of changing it"),
                    OptionSpec.toggle("bootstrap", "Boot builder after creation"),
                    OptionSpec.text("buildkitd-config", "BuildKit daemon config file"),
                    OptionSpec.text("buildkitd-flags", "BuildKit daemon flags"),
                    OptionSpec.text("config", "BuildKit daemon config file")
                            .files()
                            .hiddenFromHelp(),
                    OptionSpec.text("driver", "Driver to use (available: \"docker-container\")"),
                    OptionSpec.of(Kind.LIST, "stringArray", "driver-opt", "Options for the driver"),
                    OptionSpec.toggle("leave", "Remove a node from builder instead of changing it"),
                    OptionSpec.text("name", "Builder instance name"),
                    OptionSpec.text("node", "Create/modify node with given name"),
                    OptionSpec.of(Kind.LIST, "stringArray", "platform", "Fixed platforms for current node")
                            .oneOf("linux/amd64", "linux/arm64"),
                    OptionSpec.toggle("use", "Set the current builder instance")),
            CreateBuilderCommand::create);

    private static final String CONTAINER = "docker-container";
    private static final String SOCKET = "unix:///var/run/docker.sock";
    private static final List<String> WITHOUT_EFFECT =
            List.of("buildkitd-config", "buildkitd-flags", "config", "driver-opt", "node", "platform");
    private static final List<String> FIRST =
            List.of("amber", "brisk", "candid", "deft", "early", "fair", "glad", "keen", "lucid", "mellow", "quiet");
    private static final List<String> LAST = List.of(
            "abel", "bessel", "cantor", "dirac", "erdos", "fermat", "galois", "hamilton", "jacobi", "kepler", "lamarr");

    private CreateBuilderCommand() {}

    private static Outcome create(Invocation invocation) throws CommandException, IOException {
        var options = invocation.options();
        Optional<String> asked = options.nonEmpty("name");
        if (asked.filter(BuilderNames.ALWAYS.name()::equalsIgnoreCase).isPresent()) {
            throw BuilderNames.failed("default is a reserved name and cannot be used to identify builder instance");
        }
        refuse(invocation);
        checkPlatforms(options.list("platform"));
        String driver = options.nonEmpty("driver").orElse(CONTAINER);
        Optional<String> name = asked.isPresent() ? Optional.of(BuilderNames.checked(asked.get())) : Optional.empty();
        var made = new ArrayList<String>();
        invocation.store().builders().<CommandException>update(known -> {
            if (name.flatMap(known::find).isPresent()) {
                throw BuilderNames.failed("existing instance for \"" + name.get()
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

    private static void checkPlatforms(List<String> given) throws CommandException {
        for (String list : given) {
            for (String platform : list.split(",")) {
                try {
                    Platform.parse(platform);
                } catch (IllegalArgumentException e) {
                    throw BuilderNames.failed(e.getMessage());
                }
            }
        }
    }

    /** What would be a builder somewhere else. */
    private static void refuse(Invocation invocation) throws CommandException {
        var options = invocation.options();
        Optional<String> driver = options.nonEmpty("driver");
        Optional<String> endpoint = invocation.arguments().stream().findFirst();
        String what;
        if (options.on("append") || options.on("leave")) {
            what = options.on("append") ? "--append" : "--leave";
        } else if (driver.filter(one -> !one.equals(CONTAINER) && !one.equals(BuilderNames.ALWAYS.driver()))
                .isPresent()) {
            what = "--driver " + driver.get();
        } else if (endpoint.filter(one -> !one.equals(BuilderNames.ALWAYS.name()) && !one.equals(SOCKET))
                .isPresent()) {
            what = "endpoint " + endpoint.get();
        } else {
            return;
        }
        throw BuilderNames.failed(
                what + " is not supported: Layerbook has one builder with one node, this process; `docker buildx"
                        + " create --name NAME --use` names it, and `docker buildx build --platform` builds for"
                        + " other platforms");
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
}
