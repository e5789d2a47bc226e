package org.layerbook.interpreter.command.option;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.layerbook.interpreter.Interpreter.Candidate;

/** What the table of a command's options says while a command line is being typed. */
public final class OptionCompletion {
    private OptionCompletion() {}

    /** What completion may look at besides. */
    public interface Sources {
        List<Candidate> images(String prefix);

        List<Candidate> paths(String prefix, boolean foldersOnly);
    }

    /** Names of options that begin with {@code typed}. */
    public static List<Candidate> names(List<OptionSpec> specs, String typed) {
        return specs.stream()
                .filter(spec -> !spec.hidden() && ("--" + spec.name()).startsWith(typed))
                .map(spec -> new Candidate(
                        "--" + spec.name(),
                        "flag",
                        spec.help().lines().findFirst().orElse("")))
                .toList();
    }

    /** Values that begin with {@code typed}. */
    public static Stream<Candidate> values(OptionSpec spec, String typed, Sources sources) {
        return switch (spec.values()) {
            case OptionSpec.Values.Any _ -> Stream.empty();
            case OptionSpec.Values.Files _ -> sources.paths(typed, false).stream();
            case OptionSpec.Values.Images _ -> sources.images(typed).stream();
            case OptionSpec.Values.Words words ->
                words.all().stream()
                        .filter(value -> value.startsWith(typed))
                        .map(value -> new Candidate(value, "value", ""));
        };
    }

    /** The option that {@code word} names: of {@code -aqf} the last letter. */
    public static Optional<OptionSpec> named(String word, List<OptionSpec> specs) {
        if (word.startsWith("--")) {
            return specs.stream()
                    .filter(spec -> word.equals("--" + spec.name()))
                    .findFirst();
        }
        return word.length() < 2 || !word.startsWith("-")
                ? Optional.empty()
                : specs.stream()
                        .filter(spec -> spec.shorthand().equals(Optional.of(word.charAt(word.length() - 1))))
                        .findFirst();
    }
}
