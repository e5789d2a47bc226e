package org.layerbook.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.image.CollectableSnapshots;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.image.Lease;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.store.file.StoreFiles;

/** Collecting while the session goes on, and the leases that are handed on. Closing a store waits for its collector. */
@Timeout(60)
class BackgroundCollectorTest {
    private static final CollectableSnapshots NONE = CollectableSnapshots.NONE;

    @TempDir
    Path folder;

    private Digest garbage;

    @BeforeEach
    void makeGarbage() throws IOException {
        try (Store store = open()) {
            garbage = store.content().put("garbage".getBytes(StandardCharsets.UTF_8));
        }
    }

    private Store open() throws IOException {
        return Store.open(folder, TestImages.IDENTITY);
    }

    private boolean isThere() throws IOException {
        try (Store store = open()) {
            return store.content().contains(garbage);
        }
    }

    private int requests() {
        String[] files = folder.resolve("garbage").toFile().list();
        return files == null ? 0 : files.length;
    }

    @Test
    void whatWasAskedForIsDoneWhenTheSessionEnds() throws IOException {
        try (Store store = open()) {
            store.collectLater(NONE);
        }
        assertFalse(isThere());
        assertEquals(0, requests());
    }

    @Test
    void whatAKilledProcessAskedForTheNextOneDoes() throws IOException {
        Files.createDirectories(folder.resolve("garbage"));
        Files.createFile(folder.resolve("garbage/of-a-dead-process"));
        try (Store store = open()) {
            assertTrue(store.content().contains(garbage));
            store.resumeCollecting(NONE);
        }
        assertFalse(isThere());
        assertEquals(0, requests());
    }

    @Test
    void nothingIsLookedForWhereNobodyAsked() throws IOException {
        try (Store store = open()) {
            store.watchForGarbage(NONE);
            store.resumeCollecting(NONE);
        }
        assertTrue(isThere());
    }

    @Test
    void aRequestStaysUntilTheLeaseEndsThatIsInItsWay() throws IOException {
        try (Store other = open()) {
            try (Lease lease = other.leases().session("other")) {
                lease.keep(GcRoot.blob(garbage));
                try (Store store = open()) {
                    store.collectLater(NONE);
                    store.collectLater(NONE);
                }
                assertTrue(isThere());
                assertEquals(1, requests());
            }
            other.resumeCollecting(NONE);
        }
        assertFalse(isThere());
        assertEquals(0, requests());
    }

    @Test
    void oneThatCollectsAlreadyIsWaitedForOrLeftToIt() throws IOException {
        try (Store other = open();
                var _ = other.locks().lock("collection");
                Store store = open()) {
            store.collectLater(NONE);
        }
        assertTrue(isThere(), "the other one would have done it");
        assertEquals(1, requests());
    }

    @Test
    void whatAnOperationKeptTheOneAroundItKeeps() throws IOException {
        try (Store store = open()) {
            Lease outer = store.leases().operation("outer");
            Lease inner = store.leases().operation("inner");
            inner.keep(GcRoot.blob(garbage));
            inner.close();
            Collector collector = store.collector(NONE);
            collector.collect();
            assertTrue(store.content().contains(garbage));
            outer.close();
            collector.collect();
            assertFalse(store.content().contains(garbage));
        }
    }

    @Test
    void whatAnOperationKeptTheSessionKeepsUntilItSaysWhatItStandsOn() throws IOException {
        try (Store store = open();
                Lease session = store.leases().session("session")) {
            try (Lease operation = store.leases().operation("build")) {
                operation.keep(GcRoot.blob(garbage));
            }
            Collector collector = store.collector(NONE);
            assertEquals(1, collector.collect().spared());
            assertTrue(store.content().contains(garbage));
            assertTrue(session.replace(List.of()));
            assertFalse(session.replace(List.of()), "nothing to change");
            collector.collect();
            assertFalse(store.content().contains(garbage));
        }
    }

    @Test
    void aLineThatIsBeingWrittenIsNotRead() throws IOException {
        try (Store store = open();
                Lease lease = store.leases().session("session")) {
            lease.keep(GcRoot.blob(garbage));
            Path list = StoreFiles.list(folder.resolve("leases")).stream()
                    .filter(file -> !file.toString().endsWith(".lock"))
                    .findFirst()
                    .orElseThrow();
            Files.writeString(list, "chain sha2", StandardOpenOption.APPEND);
            assertEquals(1, store.collector(NONE).collect().spared());
        }
    }

    @Test
    void temporaryFilesOfTheDeadAreSeenAndGo() throws IOException {
        Files.createDirectories(folder.resolve("tmp/dead"));
        Files.createFile(folder.resolve("tmp/dead.lock"));
        Files.writeString(folder.resolve("tmp/dead/half"), "half-made");
        try (Store store = open()) {
            store.temp().directory();
            assertEquals(List.of(folder.toRealPath().resolve("tmp/dead")), StoreFiles.orphans(store.home()));
            store.collector(NONE).collect();
            assertEquals(List.of(), StoreFiles.orphans(store.home()));
        }
        assertEquals(0, folder.resolve("tmp").toFile().list().length);
    }
}
