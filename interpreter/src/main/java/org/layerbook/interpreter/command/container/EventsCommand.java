package org.layerbook.interpreter.command.container;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.layerbook.engine.container.state.ContainerEvents;
import org.layerbook.engine.container.state.ContainerEvents.Event;
import org.layerbook.interpreter.command.container.attach.UserStreams;
import org.layerbook.interpreter.command.container.create.EnvironmentArguments;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.Filters;
import org.layerbook.interpreter.command.spec.ObjectFormat;
import org.layerbook.interpreter.command.spec.OutputFormat;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.template.GoTemplate;
import org.layerbook.interpreter.template.TemplateException;

/** {@code docker events}: what is recorded, and what is recorded until it is interrupted. */
public final class EventsCommand {
    public static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.of("system events"), Spelling.of("events")),
            "[OPTIONS]",
            "Get real time events from the server",
            Arity.NONE,
            List.of(
                    OptionSpec.of(Kind.FILTER, "filter", 'f', "filter", "Filter output based on conditions provided"),
                    OutputFormat.objectOption(),
                    OptionSpec.text("since", "Show all events created since timestamp"),
                    OptionSpec.text("until", "Stream events until this timestamp")),
            Completes.NOTHING,
            invocation -> new EventsCommand(invocation).run());

    private static final Set<String> FILTERS = Set.of("container", "event", "image", "label", "scope", "type");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.nnnnnnnnnXXX");
    private static final int POLL_MS = 50;

    private final Invocation invocation;
    private final Optional<Instant> since;
    private final Optional<Instant> until;
    private final Filters filters;
    private final Optional<GoTemplate> template;

    private EventsCommand(Invocation invocation) throws CommandException {
        this.invocation = invocation;
        this.template = template(invocation.options().nonEmpty("format"));
        this.since = time("since");
        this.until = time("until");
        // docker takes no notice of filters that it does not know.
        this.filters = Filters.of(
                invocation.options().list("filter").stream()
                        .filter(filter -> FILTERS.contains(EnvironmentArguments.name(filter)))
                        .toList(),
                FILTERS);
    }

    private static Optional<GoTemplate> template(Optional<String> format) throws CommandException {
        if (format.isEmpty()) {
            return Optional.empty();
        }
        try {
            GoTemplate template = GoTemplate.parse(format.get().equals("json") ? "{{json .}}" : format.get());
            template.execute(document(new Event(Instant.EPOCH, "", "", "", Map.of())));
            return Optional.of(template);
        } catch (TemplateException e) {
            throw new CommandException("Error parsing format: " + e.getMessage(), ObjectFormat.MALFORMED_TEMPLATE);
        }
    }

    private Optional<Instant> time(String option) throws CommandException {
        Optional<String> given = invocation.options().nonEmpty(option);
        Optional<Instant> time = given.flatMap(text -> TimeArgument.parse(text, invocation));
        if (given.isPresent() && time.isEmpty()) {
            throw new CommandException("failed to parse value as time or duration: \"" + given.get() + "\"", 1);
        }
        return time;
    }

    private Outcome run() throws CommandException, IOException {
        ContainerEvents.Reader reader =
                invocation.services().containers().containers().events().reader();
        Instant from = since.orElseGet(invocation::now);
        try (var streams = UserStreams.open(invocation.context(), false, false)) {
            follow(reader, from, streams.io().stdout());
        }
        return Outcome.DONE;
    }

    private void follow(ContainerEvents.Reader reader, Instant from, OutputStream out)
            throws CommandException, IOException {
        boolean ended;
        do {
            // What happened before the end is there when it is read after it.
            ended = until.filter(end -> !invocation.now().isBefore(end)).isPresent()
                    || invocation.context().cancellation().isCancelled();
            for (Event event : reader.next()) {
                if (!event.time().isBefore(from)
                        && until.filter(event.time()::isAfter).isEmpty()
                        && matches(event)) {
                    out.write((line(event) + "\n").getBytes(StandardCharsets.UTF_8));
                    out.flush();
                }
            }
            if (!ended) {
                pause();
            }
        } while (!ended);
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException();
        }
    }

    private boolean matches(Event event) {
        String action = event.action().replaceFirst(":.*", "");
        return any("type", event.type()::equals)
                && any("event", value -> value.equals(action) || value.equals(event.action()))
                && any(
                        "container",
                        value -> event.id().startsWith(value)
                                || attribute(event, "name").startsWith(value))
                && any(
                        "image",
                        value -> attribute(event, "image").equals(value)
                                || attribute(event, "image")
                                        .replaceFirst(":[^/:]*$", "")
                                        .equals(value))
                && any("scope", "local"::equals)
                && filters.matchesLabels(event.attributes());
    }

    private boolean any(String name, Predicate<String> matches) {
        return filters.values(name).isEmpty() || filters.values(name).stream().anyMatch(matches);
    }

    private static String attribute(Event event, String name) {
        return event.attributes().getOrDefault(name, "");
    }

    private String line(Event event) throws CommandException {
        if (template.isPresent()) {
            try {
                return template.get().execute(document(event));
            } catch (TemplateException e) {
                throw new CommandException(e.getMessage(), 1);
            }
        }
        String attributes = new TreeMap<>(event.attributes())
                .entrySet().stream()
                        .map(attribute -> attribute.getKey() + "=" + attribute.getValue())
                        .collect(Collectors.joining(", "));
        String time = TIME.format(event.time().atZone(invocation.zone()));
        return time + " " + event.type() + " " + event.action() + " " + event.id()
                + (attributes.isEmpty() ? "" : " (" + attributes + ")");
    }

    private static GoStruct document(Event event) {
        String image = attribute(event, "image");
        return GoStruct.named("events.Message")
                .field("Status", "status", true, event.action())
                .field("ID", "id", true, event.id())
                .field("From", "from", true, image)
                .field("Type", event.type())
                .field("Action", event.action())
                .field(
                        "Actor",
                        GoStruct.named("events.Actor")
                                .field("ID", event.id())
                                .field("Attributes", new TreeMap<>(event.attributes()))
                                .build())
                .field("Scope", "scope", true, "local")
                .field("Time", "time", true, event.time().getEpochSecond())
                .field("TimeNano", "timeNano", true, event.nanos())
                .build();
    }
}
