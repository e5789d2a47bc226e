package org.layerbook.interpreter.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.interpreter.transcript.OurMachine;
import org.layerbook.interpreter.transcript.Script;

/** The cases in {@code conformance/}, with the runner that {@code ./install conformance} uses, and the docker of this process. */
class ConformanceTest {
    private static final Path RUNNER =
            Path.of("../conformance/run").toAbsolutePath().normalize();

    @TempDir
    private Path temporary;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void everyCaseHolds() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root: files of images have owners");
        assumeTrue(Files.isExecutable(Path.of("/bin/busybox")), "needs a static busybox: install busybox-static");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "needs python3");
        Path work = Files.createDirectories(temporary.resolve("work"));
        try (var machine = OurMachine.building(Files.createDirectories(temporary.resolve("ours")), work)) {
            Script.Ran ran = machine.run("/usr/bin/python3 -B " + RUNNER);
            assertEquals(0, ran.status(), ran::text);
            assertTrue(ran.stdout().contains(" cases hold"), ran::text);
            System.out.println(ran.stdout().strip().lines().toList().getLast());
        }
    }
}
