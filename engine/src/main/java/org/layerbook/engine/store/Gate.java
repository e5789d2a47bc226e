package org.layerbook.engine.store;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What keeps the collector and everybody else apart. Whoever makes something reachable (a lease, an image, a cache
 * record) or relies on a blob that lies there already, does so inside the gate, which takes microseconds; the collector
 * closes it while it decides and renames away, and does the slow removing after it has opened it again.
 */
final class Gate {
    private final Path home;
    private final Path file;

    Gate(Path home) {
        this.home = home;
        this.file = home.resolve("gate.lock");
    }

    /** Waits while a collector decides; any number may be inside at a time, and enter again. */
    FileLocks.Held enter() throws IOException {
        return StoreFiles.writing(home, () -> FileLocks.acquire(file, true));
    }

    /** Waits until nobody is inside, and keeps all out. */
    FileLocks.Held shut() throws IOException {
        return StoreFiles.writing(home, () -> FileLocks.acquire(file, false));
    }
}
