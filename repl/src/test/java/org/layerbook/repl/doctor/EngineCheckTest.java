package org.layerbook.repl.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.image.CollectableSnapshots;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Store;
import org.layerbook.repl.doctor.Finding.State;

class EngineCheckTest {
    @TempDir
    Path folder;

    private List<Finding> findings(Path home, boolean verify) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("LAYERBOOK_HOME", home.toString());
        environment.remove("LAYERBOOK_RUNTIME_DIR");
        return EngineCheck.findings(environment, new FakeHost(environment), verify);
    }

    private static Finding of(String subject, List<Finding> findings) {
        return findings.stream()
                .filter(f -> f.subject().equals(subject))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void leftoversOfKilledSessionsAreNamedUntilTheyAreGone() throws Exception {
        findings(folder, false);
        Files.createDirectories(folder.resolve("tmp/dead"));
        Files.writeString(folder.resolve("tmp/dead/half"), "12345");
        Finding found = of("leftovers", findings(folder, false));
        assertTrue(found.text().contains("1 session that did not exit properly, 5B"), found.text());
        try (var store = Store.open(folder, Identity.current())) {
            store.collector(CollectableSnapshots.NONE).collect();
        }
        assertTrue(findings(folder, false).stream().noneMatch(f -> f.subject().equals("leftovers")));
    }

    @Test
    void aNewStoreIsWhole() {
        List<Finding> found = findings(folder.resolve("store"), true);
        assertEquals(
                List.of("snapshots", "runtime", "containers", "store", "verified"),
                found.stream().map(Finding::subject).toList());
        String text = of("store", found).text();
        assertTrue(text.startsWith(folder.resolve("store") + ", 0 images, 0 layers, 0 steps in the cache; "), text);
        assertEquals(State.GOOD, of("verified", found).state());
    }

    @Test
    void aDamagedBlobIsFoundWhenAskedFor() throws IOException {
        Path home = folder.resolve("store");
        Digest digest;
        Path blob;
        try (Store store = Store.open(home, Identity.current())) {
            digest = store.content().put("right".getBytes(StandardCharsets.UTF_8));
            blob = store.content().path(digest);
        }
        blob.toFile().setWritable(true);
        Files.writeString(blob, "wrong");
        assertTrue(findings(home, false).stream().noneMatch(f -> f.state() == State.BROKEN));
        Finding verified = of("verified", findings(home, true));
        assertEquals(State.BROKEN, verified.state());
        assertEquals("the store is damaged: 1 problem", verified.text());
        assertTrue(verified.notes().getFirst().contains(digest.hex()), verified.toString());
    }

    @Test
    void whatIsNoStoreIsSaidAndTheRestIsLookedAt() throws IOException {
        Files.writeString(folder.resolve("letter"), "");
        List<Finding> found = findings(folder, false);
        assertEquals(
                List.of("runtime", "store"),
                found.stream().map(Finding::subject).toList());
        assertEquals(
                Finding.broken(
                        "store",
                        folder + " is neither empty nor a Layerbook store; set LAYERBOOK_HOME to another directory"),
                of("store", found));
    }
}
