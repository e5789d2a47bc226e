package org.layerbook.interpreter.transcript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.interpreter.testing.Golden;

/**
 * Command lines as tutorials write them, on images as tutorials have them: against files, and with {@code -Dengine=true}
 * against a real Docker Engine where one can be started. {@code -Dtranscripts=rmi} takes the files of that name only.
 * Differences stand in {@code target/engine-differences.txt}.
 */
class TutorialTranscriptTest {
    private static final Instant NOW = Instant.parse("2026-02-01T00:00:00Z");

    @TempDir
    private Path temporary;

    @TestFactory
    Stream<DynamicTest> printsWhatTheFilesSay() throws IOException {
        return Script.all().stream()
                .map(script -> DynamicTest.dynamicTest(script.name(), () -> {
                    Path work = work(script, NOW);
                    var results = new ArrayList<String>();
                    try (var ours = OurMachine.withoutBuilder(
                            temporary.resolve("ours-" + script.name()), work, Clock.fixed(NOW, ZoneOffset.UTC))) {
                        ours.run("docker load -i tutorial.tar");
                        for (Script.Step step : script.steps()) {
                            results.add(Masks.times(
                                    script.name(), ours.run(step.line()).text()));
                        }
                    }
                    Golden.check("tutorials/" + script.name(), script.with(results));
                }));
    }

    @Test
    void printsWhatARealEnginePrints() throws Exception {
        assumeTrue(Boolean.getBoolean("engine"), "takes minutes: -Dengine=true compares with a Docker Engine");
        Optional<String> missing = EngineMachine.missing(EngineMachine.Client.CURRENT);
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        String only = System.getProperty("transcripts", "");
        var differences = new StringBuilder();
        int lines = 0;
        int marked = 0;
        Path engineWork = Files.createDirectories(temporary.resolve("engine-work"));
        try (var engine = EngineMachine.start(
                EngineMachine.Client.CURRENT, Files.createDirectories(temporary.resolve("engine")), engineWork)) {
            for (Script script : Script.all()) {
                if (!script.name().contains(only)) {
                    continue;
                }
                Instant now = Instant.now();
                Path work = work(script, now);
                engine.empty();
                files(engineWork, now);
                try (var ours = OurMachine.withoutBuilder(
                        temporary.resolve("ours-" + script.name()), work, Clock.systemUTC())) {
                    ours.run("docker load -i tutorial.tar");
                    engine.run("docker load -i tutorial.tar");
                    for (Script.Step step : script.steps()) {
                        lines++;
                        marked += step.differs() ? 1 : 0;
                        String theirs = Masks.times(
                                script.name(), engine.run(step.line()).text());
                        String mine =
                                Masks.times(script.name(), ours.run(step.line()).text());
                        if (Masks.same(step.line(), mine, theirs) == step.differs()) {
                            differences.append(script.name() + "\n$ " + step.line() + "\n--- engine\n" + theirs
                                    + "--- ours\n" + mine + "\n");
                        }
                    }
                }
            }
        }
        System.out.println(lines + " lines, " + marked + " of them differ for a reason");
        Files.writeString(Path.of("target/engine-differences.txt"), differences);
        assertTrue(lines > 0);
        assertEquals("", differences.toString());
    }

    private Path work(Script script, Instant now) throws IOException {
        return files(Files.createDirectories(temporary.resolve("work-" + script.name())), now);
    }

    /** What lies beside the lines: images, and a root file system in three forms. */
    private static Path files(Path work, Instant now) throws IOException {
        try (Stream<Path> old = Files.list(work)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        TutorialImages.write(work.resolve("tutorial.tar"), now);
        Files.writeString(work.resolve("motd"), "hello\n");
        Machine.bash(
                "tar --sort=name --mtime=@0 -cf root.tar motd && gzip -nk root.tar && xz -k root.tar && echo x > broken.tar",
                work,
                Map.of("PATH", "/usr/bin:/bin"));
        return work;
    }
}
