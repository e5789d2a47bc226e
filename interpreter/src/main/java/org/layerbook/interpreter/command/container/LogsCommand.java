package org.layerbook.interpreter.command.container;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.ContainerLog;
import org.layerbook.engine.container.state.ContainerLog.Entry;
import org.layerbook.engine.container.state.Containers;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.interpreter.command.container.attach.UserStreams;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;

/** {@code docker logs}. */
public final class LogsCommand {
    public static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.of("container logs"), Spelling.of("logs")),
            "[OPTIONS] CONTAINER",
            "Fetch the logs of a container",
            Arity.exactly(1),
            List.of(
                    OptionSpec.toggle("details", "Show extra details provided to logs"),
                    OptionSpec.toggle('f', "follow", "Follow log output"),
                    OptionSpec.text(
                            "since",
                            "Show logs since timestamp (e.g.\n\"2013-01-02T13:23:37Z\") or relative\n(e.g. \"42m\" for 42 minutes)"),
                    OptionSpec.text('n', "tail", "Number of lines to show from the\nend of the logs (default \"all\")"),
                    OptionSpec.toggle('t', "timestamps", "Show timestamps"),
                    OptionSpec.text(
                            "until",
                            "Show logs before a timestamp (e.g.\n\"2013-01-02T13:23:37Z\") or relative\n(e.g. \"42m\" for 42 minutes)")),
            Completes.NOTHING,
            invocation -> new LogsCommand(invocation).run());

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.nnnnnnnnnX");
    private static final int POLL_MS = 20;

    private final Invocation invocation;
    private final Optional<Instant> since;
    private final Optional<Instant> until;
    private final boolean timestamps;
    private ProcessIo io;
    private boolean lineIsOpen;

    private LogsCommand(Invocation invocation) throws CommandException {
        this.invocation = invocation;
        this.since = time("since");
        this.until = time("until");
        this.timestamps = invocation.options().on("timestamps");
        this.io = ProcessIo.outputOnly(
                invocation.context().stdout(), invocation.context().stderr());
    }

    private Optional<Instant> time(String option) throws CommandException {
        Optional<String> given = invocation.options().nonEmpty(option);
        if (given.isEmpty()) {
            return Optional.empty();
        }
        Optional<Instant> time = TimeArgument.parse(given.get(), invocation);
        if (time.isEmpty()) {
            throw new CommandException(
                    "invalid value for \"" + option + "\": failed to parse value as time or duration: \"" + given.get()
                            + "\"",
                    1);
        }
        return time;
    }

    private Outcome run() throws CommandException, IOException {
        Containers containers = invocation.services().containers().containers();
        Container container;
        try {
            container = containers.get(invocation.arguments().getFirst());
        } catch (ContainerException e) {
            throw new CommandException(ContainerCommands.DAEMON + e.getMessage(), 1);
        }
        boolean follow = invocation.options().on("follow");
        try (var streams = UserStreams.open(invocation.context(), false, false);
                ContainerLog log = ContainerLog.open(containers.folder(container))) {
            io = streams.io();
            printTail(log, tail());
            while (follow && !invocation.context().cancellation().isCancelled()) {
                boolean ended = !containers.exists(container)
                        || !containers.refresh(container).state().isRunning();
                printRest(log);
                if (ended) {
                    break;
                }
                sleep();
            }
        }
        return Outcome.DONE;
    }

    private static void sleep() throws IOException {
        try {
            Thread.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException();
        }
    }

    /** Lines; all where there is no limit, which docker takes a word for as well. */
    private int tail() {
        try {
            int lines = Integer.parseInt(invocation.options().nonEmpty("tail").orElse("all"));
            return lines < 0 ? Integer.MAX_VALUE : lines;
        } catch (NumberFormatException e) {
            return Integer.MAX_VALUE;
        }
    }

    private void printTail(ContainerLog log, int lines) throws IOException {
        if (lines == Integer.MAX_VALUE) {
            printRest(log);
            return;
        }
        var last = new ArrayDeque<Entry>();
        int whole = 0;
        for (Optional<Entry> entry = log.next(); entry.isPresent(); entry = log.next()) {
            if (!isShown(entry.get())) {
                continue;
            }
            last.add(entry.get());
            whole += entry.get().isWhole() ? 1 : 0;
            while (whole > lines && !last.isEmpty()) {
                whole -= last.removeFirst().isWhole() ? 1 : 0;
            }
        }
        for (Entry entry : lines == 0 ? List.<Entry>of() : last) {
            print(entry);
        }
    }

    private void printRest(ContainerLog log) throws IOException {
        for (Optional<Entry> entry = log.next(); entry.isPresent(); entry = log.next()) {
            if (isShown(entry.get())) {
                print(entry.get());
            }
        }
    }

    private boolean isShown(Entry entry) {
        Instant time = entry.time().toInstant();
        return since.filter(time::isBefore).isEmpty()
                && until.filter(time::isAfter).isEmpty();
    }

    private void print(Entry entry) throws IOException {
        OutputStream out = entry.isStderr() ? io.stderr() : io.stdout();
        if (timestamps && !lineIsOpen) {
            String time = TIME.format(entry.time().withOffsetSameInstant(ZoneOffset.UTC));
            out.write((time + " ").getBytes(StandardCharsets.US_ASCII));
        }
        lineIsOpen = !entry.isWhole();
        out.write(entry.text());
        out.flush();
    }
}
