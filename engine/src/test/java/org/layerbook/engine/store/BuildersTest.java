package org.layerbook.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.oci.MalformedException;
import org.layerbook.engine.store.Builders.Entry;
import org.layerbook.engine.store.Builders.Known;
import org.layerbook.engine.store.Builders.Status;

class BuildersTest {
    @TempDir
    Path home;

    private static Entry entry(String name) {
        return new Entry(name, "docker-container", Status.INACTIVE);
    }

    @Test
    void isThereForTheNextProcess() throws IOException {
        try (Store store = Store.open(home, Identity.current())) {
            assertEquals(Known.NONE, store.builders().read());
            store.builders()
                    .update(known -> known.with(entry("b")).with(entry("a")).using(Optional.of("b")));
        }
        try (Store store = Store.open(home, Identity.current())) {
            assertEquals(
                    new Known(List.of(entry("a"), entry("b")), Optional.of("b")),
                    store.builders().read());
            store.builders().update(known -> known.without("b"));
            assertEquals(
                    new Known(List.of(entry("a")), Optional.empty()),
                    store.builders().read());
        }
    }

    @Test
    void noChangeIsLost() throws Exception {
        var waiting = new ArrayList<Future<?>>();
        try (Store one = Store.open(home, Identity.current());
                Store other = Store.open(home, Identity.current());
                var threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 40; i++) {
                Store store = i % 2 == 0 ? one : other;
                String name = "b" + i;
                waiting.add(threads.submit(() -> {
                    store.builders().update(known -> known.with(entry(name)));
                    return null;
                }));
            }
            for (Future<?> change : waiting) {
                change.get();
            }
            assertEquals(40, one.builders().read().entries().size());
        }
    }

    @Test
    void saysWhichFileCannotBeRead() throws IOException {
        try (Store store = Store.open(home, Identity.current())) {
            Files.writeString(
                    home.resolve("builders.json"),
                    "{\"builders\":[{\"name\":\"a\",\"driver\":\"d\",\"status\":\"x\"}]}");
            var told = assertThrows(
                    MalformedException.class, () -> store.builders().read());
            assertEquals(true, told.getMessage().contains("builders.json"), told.getMessage());
        }
    }
}
