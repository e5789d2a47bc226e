package org.layerbook.interpreter.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.sandbox.Sandbox;
import org.layerbook.engine.sandbox.selection.Sandboxes;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.Interpreter;
import org.layerbook.interpreter.Interpreter.CellRequest;
import org.layerbook.interpreter.session.engine.LocalEngine;
import org.layerbook.interpreter.testing.SessionScript;

/** A store on a small disk of its own, which fills up or is mounted read-only. Mounting needs the machine's root. */
@Timeout(120)
class FullDiskTest {
    private static final int MEGABYTES = 100;
    private static final int FILES = 4000;

    @TempDir
    private Path temporary;

    private Path disk;
    private Sandbox sandbox;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue(Files.isExecutable(WithBusybox.PROGRAM), "there is no busybox");
        disk = Files.createDirectory(temporary.resolve("disk"));
        assumeTrue(
                run(
                        "mount",
                        "-t",
                        "tmpfs",
                        "-o",
                        "size=" + MEGABYTES + "m,nr_inodes=" + FILES,
                        "tmpfs",
                        disk.toString()),
                "a disk cannot be mounted here");
        Path scratch = Files.createDirectory(temporary.resolve("run"));
        var detected = Sandboxes.detect(
                new Sandboxes.Settings(System.getenv(), temporary.resolve("runtime"), scratch, temporary, "full"));
        sandbox = detected.sandbox();
        assumeTrue(detected.runtime().isPresent(), () -> String.join("; ", detected.notes()));
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", "-l", disk.toString());
    }

    private static boolean run(String... command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.waitFor() == 0;
    }

    private Interpreter open() throws IOException {
        var engine = new WithBusybox(disk.resolve("store"), sandbox);
        return SessionInterpreter.open(new SessionInterpreter.Options(temporary, Optional.empty()), engine);
    }

    private static String failing(Interpreter session, String cell) {
        CellResult result =
                session.run(new CellRequest(cell, Optional.empty(), Optional.empty()), new SessionScript.Transcript());
        var failed = assertInstanceOf(CellResult.Failed.class, result, cell);
        return String.join("\n", failed.details());
    }

    private static void succeeding(Interpreter session, String cell) {
        CellResult result =
                session.run(new CellRequest(cell, Optional.empty(), Optional.empty()), new SessionScript.Transcript());
        assertInstanceOf(CellResult.Ok.class, result, () -> cell + ": " + result);
    }

    @Test
    void aRunThatFillsTheDiskLeavesRoomForTheNext() throws Exception {
        try (Interpreter session = open()) {
            succeeding(session, "FROM busybox");
            // Before there is too little room, the files of a failed step are kept; then they go, and so do these.
            failing(session, "RUN false");
            succeeding(session, "%files @failed");
            String said = failing(session, "RUN cat /dev/zero > /big");
            assertTrue(said.contains("the disk of the store is nearly full"), said);
            assertTrue(said.contains("not kept as @failed"), said);
            String none = failing(session, "%files @failed");
            assertTrue(none.contains("no image `@failed` in this session"), none);
            succeeding(session, "RUN echo small > /small");
        }
    }

    @Test
    void aFullDiskIsReadAndPruned() throws Exception {
        try (Interpreter session = open()) {
            succeeding(session, "FROM busybox\nRUN echo small > /small\ndocker tag @ app:1");
            fill(disk.resolve("filler"));
            for (String cell :
                    List.of("docker images", "docker history app:1", "docker inspect app:1", "%files app:1")) {
                succeeding(session, cell);
            }
            for (String cell : List.of("docker save -o app.tar app:1", "RUN echo more > /more")) {
                String said = failing(session, cell);
                assertTrue(said.contains("no space left on the disk of the store"), cell + ": " + said);
            }
            succeeding(session, "docker system prune -af");
            Files.delete(disk.resolve("filler"));
            succeeding(session, "RUN echo more > /more");
        }
    }

    private static void fill(Path file) throws IOException {
        byte[] bytes = new byte[1 << 16];
        for (int size = bytes.length; size >= 1024; size /= 4) {
            byte[] some = java.util.Arrays.copyOf(bytes, size);
            try (var out = Files.newOutputStream(
                    file, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND)) {
                // Bounded: should the mount be gone, the machine's own disk must not be filled.
                for (long written = 0; written < (MEGABYTES << 20); written += size) {
                    out.write(some);
                }
                throw new AssertionError("the disk is not full after " + MEGABYTES + " MiB");
            } catch (IOException full) {
                assertEquals("No space left on device", full.getMessage());
            }
        }
    }

    /** Where not even a folder can be made, an engine opens all the same. */
    @Test
    void aDiskThatTakesNoMoreFilesIsReadAndPruned() throws Exception {
        try (Interpreter session = open()) {
            succeeding(session, "FROM busybox\nRUN echo small > /small\ndocker tag @ app:1");
        }
        Path many = Files.createDirectory(disk.resolve("many"));
        try {
            for (int i = 0; i < FILES; i++) {
                Files.createFile(many.resolve(Integer.toString(i)));
            }
            throw new AssertionError("the disk takes more than " + FILES + " files");
        } catch (IOException full) {
            assertTrue(String.valueOf(full.getMessage()).contains("No space left on device"), full.toString());
        }
        try (Interpreter session = local()) {
            for (String cell : List.of("docker images", "docker history app:1", "%files app:1")) {
                succeeding(session, cell);
            }
            succeeding(session, "docker system prune -af");
        }
    }

    /** With an engine as the front-ends open it. */
    private Interpreter local() throws IOException {
        var environment = new java.util.HashMap<>(System.getenv());
        environment.put("LAYERBOOK_HOME", disk.resolve("store").toString());
        environment.put(
                "LAYERBOOK_RUNTIME_DIR",
                Files.createDirectory(temporary.resolve("scratch")).toString());
        return SessionInterpreter.open(
                new SessionInterpreter.Options(temporary, Optional.empty()),
                new LocalEngine(environment, new LocalHost()));
    }

    @Test
    void aReadOnlyStoreAnswersWhatOnlyReads() throws Exception {
        Path archive = temporary.resolve("app.tar");
        try (Interpreter session = open()) {
            succeeding(session, "FROM busybox\nRUN echo small > /small\ndocker tag @ app:1");
        }
        assertTrue(run("mount", "-o", "remount,ro", disk.toString()));
        try (Interpreter session = local()) {
            for (String cell : List.of(
                    "docker images",
                    "docker history app:1",
                    "docker inspect app:1",
                    "%files app:1",
                    "docker save -o app.tar app:1",
                    "FROM busybox\nRUN echo small > /small")) {
                succeeding(session, cell);
            }
            assertTrue(Files.size(archive) > 10_000);
            for (String cell : List.of(
                    "docker tag app:1 app:2",
                    "docker rmi app:1",
                    "docker load -i app.tar",
                    "docker system prune -f",
                    "RUN echo more > /more")) {
                String said = failing(session, cell);
                assertTrue(said.toLowerCase(java.util.Locale.ROOT).contains("read-only file system"), said);
                assertTrue(said.contains("cannot write to the store"), said);
            }
        }
    }
}
