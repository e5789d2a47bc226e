package org.layerbook.engine.container.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.layerbook.engine.container.state.ContainerState.Health;
import org.layerbook.engine.linux.RegularFile;

/**
 * What the health checks of a container have found, the last results in order.
 *
 * @param failures how many have failed since one succeeded
 */
public record HealthResults(Health health, int failures, List<Result> results) {
    private static final int MOST_BYTES = 1 << 16;
    private static final long NANOS = 1_000_000_000;

    public HealthResults {
        results = List.copyOf(results);
    }

    /** @param exitCode -1 where the check could not be run, or took too long; @param timedOut whether it took too long */
    public record Result(Instant begun, Instant ended, int exitCode, boolean timedOut, String output) {}

    /** Empty for a container that has no health check, or was never started. */
    static Optional<HealthResults> read(ContainerFolder folder) throws IOException {
        Optional<Health> health = folder.health();
        if (health.isEmpty()) {
            return Optional.empty();
        }
        var results = new ArrayList<Result>();
        Path checks = folder.file("checks");
        if (Files.isDirectory(checks)) {
            List<Path> files;
            try (Stream<Path> entries = Files.list(checks)) {
                files = entries.filter(file -> file.getFileName().toString().matches("\\d+"))
                        .sorted(Comparator.comparing(
                                file -> Integer.parseInt(file.getFileName().toString())))
                        .toList();
            }
            for (Path file : files) {
                RegularFile.read(file, MOST_BYTES)
                        .map(bytes -> new String(bytes, java.nio.charset.StandardCharsets.UTF_8))
                        .flatMap(HealthResults::result)
                        .ifPresent(results::add);
            }
        }
        int failures = folder.read("failures").map(Integer::parseInt).orElse(0);
        return Optional.of(new HealthResults(health.get(), failures, results));
    }

    private static Optional<Result> result(String text) {
        int end = text.indexOf('\n');
        String[] words = text.substring(0, Math.max(0, end)).split(" ");
        if (words.length < 3) {
            return Optional.empty();
        }
        return Optional.of(new Result(
                instant(words[0]),
                instant(words[1]),
                Integer.parseInt(words[2]),
                words.length > 3,
                text.substring(end + 1)));
    }

    private static Instant instant(String nanos) {
        long number = Long.parseLong(nanos);
        return Instant.ofEpochSecond(number / NANOS, number % NANOS);
    }
}
