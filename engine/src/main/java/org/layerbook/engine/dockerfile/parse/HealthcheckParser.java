package org.layerbook.engine.dockerfile.parse;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.Instruction.CommandLine;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.dockerfile.Word;
import org.layerbook.engine.golang.GoDuration;
import org.layerbook.engine.golang.GoText;

/** HEALTHCHECK, with its durations and their least value. */
final class HealthcheckParser {
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final Statement statement;

    private HealthcheckParser(Statement statement) {
        this.statement = statement;
    }

    static Instruction parse(Statement statement, Instruction.Origin origin) throws DockerfileException {
        return new HealthcheckParser(statement).parse(origin);
    }

    private Instruction parse(Instruction.Origin origin) throws DockerfileException {
        List<Word> words = statement.arguments();
        if (words.isEmpty()) {
            throw failure(statement.range(), "HEALTHCHECK requires at least one argument");
        }
        String type = words.getFirst().text().toUpperCase(Locale.ROOT);
        if (type.equals("NONE")) {
            if (words.size() > 1) {
                throw failure(statement.range(words.get(1)), "HEALTHCHECK NONE takes no arguments");
            }
            Optional<Duration> none = Optional.empty();
            return new Instruction.Healthcheck(origin, Optional.empty(), none, none, none, none, Optional.empty());
        }
        var flags = new FlagSet()
                .texts("interval", "timeout", "start-period", "start-interval", "retries")
                .parse(statement);
        CommandLine test = test(type, words);
        return new Instruction.Healthcheck(
                origin,
                Optional.of(test),
                duration(flags, "interval"),
                duration(flags, "timeout"),
                duration(flags, "start-period"),
                duration(flags, "start-interval"),
                retries(flags));
    }

    private CommandLine test(String type, List<Word> words) throws DockerfileException {
        if (!type.equals("CMD")) {
            throw failure(
                    statement.range(words.getFirst()),
                    "Unknown type " + GoText.quote(type) + " in HEALTHCHECK (try CMD)");
        }
        List<String> command =
                words.subList(1, words.size()).stream().map(Word::text).toList();
        if (command.isEmpty()) {
            throw failure(statement.range(), "Missing command after HEALTHCHECK CMD");
        }
        return statement.json()
                ? new CommandLine.Exec(command)
                : new CommandLine.Shell(String.join(" ", command), List.of());
    }

    /** Absent for zero too, which stands for the default. */
    private Optional<Duration> duration(FlagSet flags, String name) throws DockerfileException {
        Optional<Word> value = flags.word(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        SourceRange place = statement.range(value.get());
        Duration duration;
        try {
            duration = GoDuration.parse(value.get().text());
        } catch (IllegalArgumentException e) {
            throw failure(place, e.getMessage(), "use a number with a unit, such as 30s, 1m30s or 500ms");
        }
        if (duration.isZero()) {
            return Optional.empty();
        }
        if (duration.compareTo(SHORTEST) < 0) {
            throw failure(place, "Interval " + GoText.quote(name) + " cannot be less than 1ms");
        }
        return Optional.of(duration);
    }

    private Optional<Integer> retries(FlagSet flags) throws DockerfileException {
        Optional<Word> value = flags.word("retries");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        SourceRange place = statement.range(value.get());
        String text = value.get().text();
        if (!text.matches("[+-]?[0-9]+")) {
            throw failure(place, "strconv.ParseInt: parsing " + GoText.quote(text) + ": invalid syntax");
        }
        var number = new BigInteger(text);
        if (number.bitLength() > 31) {
            throw failure(place, "strconv.ParseInt: parsing " + GoText.quote(text) + ": value out of range");
        }
        if (number.signum() < 0) {
            throw failure(place, "--retries cannot be negative (" + number + ")");
        }
        return Optional.of(number.intValue());
    }

    private static DockerfileException failure(SourceRange place, String message) {
        return failure(place, message, Keywords.example("HEALTHCHECK"));
    }

    private static DockerfileException failure(SourceRange place, String message, String hint) {
        return new DockerfileException(new Diagnostic(place, message, Optional.of(hint)));
    }
}
