package org.layerbook.interpreter.command.spec;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code --filter name=value}, several of them; what one name is given more than once are alternatives. */
public final class Filters {
    private static final String DAEMON = "Error response from daemon: ";
    private static final Pattern DURATION_PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(h|ms|m|s|us|ns)");

    private final Map<String, List<String>> values;

    private Filters(Map<String, List<String>> values) {
        this.values = values;
    }

    /** @throws CommandException with docker's sentence, when one is not among {@code known} */
    public static Filters of(List<String> given, Set<String> known) throws CommandException {
        var values = new LinkedHashMap<String, List<String>>();
        for (String filter : given) {
            int equals = filter.indexOf('=');
            String name = filter.substring(0, equals);
            if (!known.contains(name)) {
                throw new CommandException(DAEMON + "invalid filter '" + name + "'", 1);
            }
            values.computeIfAbsent(name, key -> new ArrayList<>()).add(filter.substring(equals + 1));
        }
        return new Filters(values);
    }

    public List<String> values(String name) {
        return values.getOrDefault(name, List.of());
    }

    public Filters without(String name) {
        var others = new LinkedHashMap<>(values);
        others.remove(name);
        return new Filters(others);
    }

    /** A filter that is true or false; absent when it is not given. */
    public Optional<Boolean> truth(String name) throws CommandException {
        List<String> given = values(name);
        if (given.isEmpty()) {
            return Optional.empty();
        }
        return switch (given.getLast().toLowerCase(Locale.ROOT)) {
            case "true", "1" -> Optional.of(true);
            case "false", "0" -> Optional.of(false);
            default -> throw new CommandException(DAEMON + "invalid filter '" + name + "=" + given + "'", 1);
        };
    }

    /** Whether labels have every {@code name} or {@code name=value} asked for, and none of those asked not to be there. */
    public boolean matchesLabels(Map<String, String> labels) {
        return values("label").stream().allMatch(wanted -> hasLabel(labels, wanted))
                && values("label!").stream().noneMatch(unwanted -> hasLabel(labels, unwanted));
    }

    public boolean asksForLabels() {
        return !values("label").isEmpty() || !values("label!").isEmpty();
    }

    private static boolean hasLabel(Map<String, String> labels, String wanted) {
        int equals = wanted.indexOf('=');
        String name = equals < 0 ? wanted : wanted.substring(0, equals);
        return labels.containsKey(name) && (equals < 0 || labels.get(name).equals(wanted.substring(equals + 1)));
    }

    /** The {@code until} filter: a moment, or how long ago ({@code 24h}). */
    public Optional<Instant> until(Instant now) throws CommandException {
        List<String> given = values("until");
        if (given.isEmpty()) {
            return Optional.empty();
        }
        if (given.size() > 1) {
            throw new CommandException(DAEMON + "more than one until filter specified", 1);
        }
        return Optional.of(moment(given.getFirst(), now));
    }

    private static Instant moment(String text, Instant now) throws CommandException {
        Optional<Duration> ago = duration(text);
        if (ago.isPresent()) {
            return now.minus(ago.get());
        }
        try {
            if (text.matches("\\d+(\\.\\d+)?")) {
                return Instant.ofEpochSecond(Long.parseLong(text.replaceAll("\\..*", "")));
            }
            if (text.length() == 10) {
                return LocalDate.parse(text)
                        .atStartOfDay(ZoneId.systemDefault())
                        .toInstant();
            }
            return text.matches(".*(Z|[+-]\\d\\d:\\d\\d)$")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
        } catch (DateTimeParseException | NumberFormatException e) {
            throw new CommandException(DAEMON + "failed to parse value as time or duration: \"" + text + "\"", 1);
        }
    }

    private static Optional<Duration> duration(String text) {
        Matcher matcher = DURATION_PART.matcher(text);
        double seconds = 0;
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            end = matcher.end();
            double unit = switch (matcher.group(2)) {
                case "h" -> 3600;
                case "m" -> 60;
                case "s" -> 1;
                case "ms" -> 1e-3;
                case "us" -> 1e-6;
                default -> 1e-9;
            };
            seconds += Double.parseDouble(matcher.group(1)) * unit;
        }
        return end == text.length() && end > 0
                ? Optional.of(Duration.ofMillis((long) (seconds * 1000)))
                : Optional.empty();
    }
}
