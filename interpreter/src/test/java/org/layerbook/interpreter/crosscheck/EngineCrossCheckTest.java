package org.layerbook.interpreter.crosscheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

    @TempDir
    private Path temporary;

    @Test
    void buildsWhatARealEngineBuilds() throws Exception {
        Optional<String> missing = EngineMachine.missing(EngineMachine.Client.BUILDING);
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        assumeTrue(Files.isExecutable(BaseImages.BUSYBOX), "needs a static busybox: install busybox-static");
        long first = Long.getLong("crosscheck.seed", 1);
        int count = Integer.getInteger("crosscheck.count", 30);
        Path report = Path.of("target/crosscheck.txt");
        Files.writeString(report, "");
        Files.writeString(Path.of("target/crosscheck-refused.txt"), "");
        int built = 0;
        try (var check = CrossCheck.open(temporary)) {
            for (long seed = first; seed < first + count; seed++) {
                Case one = RandomCase.of(seed);
                var result = check.run(one);
                built += result.failed() ? 0 : 1;
                if (result.failed()) {
                    append(Path.of("target/crosscheck-refused.txt"), seed + " " + result.said() + "\n");
                }
                if (!result.differences().isEmpty()) {
                    Case small = check.shrink(one, result.differences());
                    append(report, small + String.join("\n", check.run(small).differences()) + "\n\n");
                }
                if (seed % TIDY == 0) {
                    check.tidy();
                }
            }
        }
        System.out.println(count + " builds, " + built + " of them give an image");
        assertTrue(built > count / 3, "most of what is made up must build: " + built);
        assertEquals("", Files.readString(report));
    }

    private static void append(Path report, String text) throws IOException {
        Files.writeString(report, text, StandardOpenOption.APPEND);
    }
}
