package org.layerbook.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.layerbook.engine.linux.Processes;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Store;

/** A process that commits one layer on another is killed at any moment: what it said it had done is there, and whole. */
class KilledCommitTest {
    private static final int ROUNDS = 4;

    private final Path temp = Files.createTempDirectory("layerbook");

    KilledCommitTest() throws IOException {}

    @AfterEach
    void cleanUp() throws IOException {
        Trees.delete(temp);
    }

    @Test
    void whatWasCommittedIsThere() throws Exception {
        assumeTrue(
                Processes.uid() == 0, "as an ordinary user the other process would need a namespace: other tests do");
        Path home = temp.resolve("store");
        Random random = new Random(1);
        int committed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<Digest> told = commitUntilKilled(home, 3 + random.nextInt(8), random.nextInt(4_000_000));
            try (Store store = Store.open(home, Identity.current())) {
                Snapshots snapshots = SnapshotStores.detect(store);
                for (Digest chainId : told) {
                    assertTrue(snapshots.contains(chainId));
                }
                committed = checkAll(store, snapshots);
                assertTrue(committed >= told.size());
            }
        }
        assertTrue(committed > 0);
        assertFalse(Files.readString(Path.of("/proc/self/mounts")).contains(temp.toString()));
    }

    /** @return how many snapshots there are, each of which is what its name says */
    private static int checkAll(Store store, Snapshots snapshots) throws IOException {
        List<Digest> all = new SnapshotFolder(store.snapshotsHome(), store.temp()).all();
        for (Digest chainId : all) {
            // Fails when the files do not give the digest.
            snapshots.writeTar(chainId, OutputStream.nullOutputStream());
            try (Snapshots.View view = snapshots.view(Optional.of(chainId))) {
                assertTrue(Files.isRegularFile(view.root().resolve("big")));
            }
        }
        return all.size();
    }

    /** @return the chain IDs that the process said it had committed */
    private static List<Digest> commitUntilKilled(Path home, int lines, int spins) throws Exception {
        Process process = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        KilledCommitTest.class.getName(),
                        home.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<Digest> told = new ArrayList<>();
        try (BufferedReader out = process.inputReader()) {
            for (int i = 0; i < lines; i++) {
                told.add(Digest.parse(out.readLine()));
            }
            for (int i = 0; i < spins; i++) {
                Thread.onSpinWait();
            }
            Processes.kill((int) process.pid(), Processes.SIGKILL);
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.length() == told.getFirst().toString().length()) {
                    told.add(Digest.parse(line));
                }
            }
        }
        assertEquals(137, process.waitFor());
        return told;
    }

    public static void main(String[] arguments) throws IOException {
        try (Store store = Store.open(Path.of(arguments[0]), Identity.current())) {
            Snapshots snapshots = SnapshotStores.detect(store);
            Optional<Digest> parent = Optional.empty();
            for (int i = 0; i < 120; i++) {
                try (Snapshots.Active active = snapshots.prepare(parent)) {
                    Path directory = active.root().resolve("d" + i);
                    Files.createDirectory(directory);
                    for (int f = 0; f < 20; f++) {
                        Files.writeString(
                                directory.resolve("f" + f),
                                ProcessHandle.current().pid() + " " + i + " " + f);
                    }
                    Files.write(active.root().resolve("big"), new byte[200_000 + i]);
                    parent = Optional.of(active.commit(Snapshots.CommitOptions.DEFAULT)
                            .layer()
                            .chainId());
                }
                System.out.println(parent.get());
            }
        }
    }
}
