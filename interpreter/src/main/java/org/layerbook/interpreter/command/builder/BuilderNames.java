package org.layerbook.interpreter.command.builder;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.layerbook.engine.store.Builders.Entry;
import org.layerbook.engine.store.Builders.Known;
import org.layerbook.engine.store.Builders.Status;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;

/** Which builder a command means; builders are names, and it is this process that builds. */
public final class BuilderNames {
    /** The builder that is always there. */
    static final Entry ALWAYS = new Entry("default", "docker", Status.RUNNING);

    private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9._-]*");

    private BuilderNames() {}

    /** Refuses a {@code --builder} that is not there. */
    public static void check(Invocation invocation) throws CommandException, IOException {
        find(invocation.services().store().builders().read(), chosen(invocation));
    }

    /** Before a build: refuses a builder that is not there, and remembers that the one which is has been used. */
    public static void boot(Invocation invocation) throws CommandException, IOException {
        set(invocation, chosen(invocation), Status.RUNNING);
    }

    /** What the command line names, or else the environment; empty for the current one. */
    static Optional<String> chosen(Invocation invocation) throws IOException {
        Optional<String> argument = invocation.shownAs().endsWith(" build")
                ? Optional.empty()
                : invocation.arguments().stream().findFirst();
        Optional<String> named = argument.or(() -> invocation.options().nonEmpty("builder"));
        return named.isPresent() ? named : ofEnvironment(invocation);
    }

    /** What the environment names, if it is known here: the same variable may be meant for Docker's own buildx. */
    private static Optional<String> ofEnvironment(Invocation invocation) throws IOException {
        String name = invocation.context().environment().getOrDefault("BUILDX_BUILDER", "");
        if (name.isEmpty()) {
            return Optional.empty();
        }
        boolean known = name.equals(ALWAYS.name())
                || invocation
                        .store()
                        .builders()
                        .read()
                        .find(name.toLowerCase(Locale.ROOT))
                        .isPresent();
        return known ? Optional.of(name) : Optional.empty();
    }

    /** @param chosen empty for the current one */
    static Entry find(Known known, Optional<String> chosen) throws CommandException {
        if (chosen.isEmpty()) {
            return known.current().flatMap(known::find).orElse(ALWAYS);
        }
        String name = chosen.get();
        if (name.equals(ALWAYS.name())) {
            return ALWAYS;
        }
        Optional<Entry> found = known.find(checked(name));
        if (found.isEmpty()) {
            throw failed("no builder \"" + name + "\" found");
        }
        return found.get();
    }

    /** The name as builders are kept by it: small letters. */
    static String checked(String name) throws CommandException {
        if (!NAME.matcher(name).matches()) {
            throw failed("invalid name " + name
                    + ", name needs to start with a letter and may not contain symbols, except ._-");
        }
        return name.toLowerCase(Locale.ROOT);
    }

    static CommandException failed(String message) {
        return new CommandException("ERROR: " + message, 1);
    }

    /** Gives the builder a status, which the one that is always there does not change. */
    static Entry set(Invocation invocation, Optional<String> chosen, Status status)
            throws CommandException, IOException {
        Entry found = find(invocation.store().builders().read(), chosen);
        if (found.equals(ALWAYS) || found.status() == status) {
            return found;
        }
        // It may have gone meanwhile.
        invocation
                .store()
                .builders()
                .<CommandException>update(known ->
                        known.with(find(known, Optional.of(found.name())).with(status)));
        return found.with(status);
    }
}
