package org.layerbook.interpreter.crosscheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.interpreter.transcript.EngineMachine;

/**
 * Random builds by us and by a real Docker Engine, where one can be started: verdict, config, history and every layer's
 * files are the same. {@code -Dcrosscheck.count=3000} takes more of them, {@code -Dcrosscheck.seed=17} begins with that
 * one. Differences stand in {@code target/crosscheck.txt}, each as a small case.
 */
class EngineCrossCheckTest {
    private static final int TIDY = 200;
    private static final int FEW = 30;
    /** Without a count it ends then, however few it has come to. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Path DIFFERENCES = Path.of("target/crosscheck.txt");
    /** What both sides refuse, and why: to see that what is made up is worth building. */
    private static final Path REFUSED = Path.of("target/crosscheck-refused.txt");

    @TempDir
    private Path temporary;

    @Test
    void buildsWhatARealEngineBuilds() throws Exception {
        Optional<String> missing = EngineMachine.missing(EngineMachine.Client.BUILDING);
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        assumeTrue(Files.isExecutable(BaseImages.BUSYBOX), "needs a static busybox: install busybox-static");
        long first = Long.getLong("crosscheck.seed", 1);
        Optional<Integer> wanted = Optional.ofNullable(Integer.getInteger("crosscheck.count"));
        Files.writeString(DIFFERENCES, "");
        Files.writeString(REFUSED, "");
        int tried = 0;
        int built = 0;
        try (var check = CrossCheck.open(temporary)) {
            Instant end = wanted.isPresent() ? Instant.MAX : Instant.now().plus(PATIENCE);
            while (tried < wanted.orElse(FEW) && Instant.now().isBefore(end)) {
                built += builds(check, first + tried) ? 1 : 0;
                tried++;
                if (tried % TIDY == 0) {
                    check.tidy();
                }
            }
        }
        System.out.println(tried + " builds, " + built + " of them give an image");
        assertEquals("", Files.readString(DIFFERENCES));
        assertTrue(tried < FEW || built > tried / 3, "more of what is made up should build: " + built);
    }

    /** Whether it gives an image. */
    private static boolean builds(CrossCheck check, long seed) throws IOException {
        Case one = RandomCase.of(seed);
        CrossCheck.Result result = check.run(one);
        if (!result.differences().isEmpty()) {
            append(DIFFERENCES, one + String.join("\n", result.differences()) + "\n\n");
            Case small = check.shrink(one, result.differences());
            append(
                    DIFFERENCES,
                    "made smaller, " + small
                            + String.join("\n", check.run(small).differences()) + "\n\n");
        }
        if (result.failed()) {
            append(REFUSED, one + result.said() + "\n\n");
        }
        return !result.failed();
    }

    private static void append(Path report, String text) throws IOException {
        Files.writeString(report, text, StandardOpenOption.APPEND);
    }
}
