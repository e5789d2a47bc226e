package org.layerbook.engine.store.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * What keeps the collector and everybody else apart. Whoever makes something reachable (an image, a cache record) or relies
 * on a blob that lies there already, does so inside the gate, which takes microseconds; the collector closes it while it
 * decides and renames away, and does the slow removing after it has opened it again.
 *
 * <p>Leases do without, since a build keeps hundreds of things: while the gate is shut there is a file that says so, from
 * before the collector reads the leases until it has renamed. Who writes a lease and then sees no such file was either
 * read, or comes after all that was renamed; who sees it {@linkplain #await() waits}.
 */
public final class GcBarrier {
    private final Path home;
    private final Path file;
    private final Path sign;

    public GcBarrier(Path home) {
        this.home = home;
        this.file = home.resolve("gate.lock");
        this.sign = home.resolve("collecting");
    }

    /** Waits while a collector decides; any number may be inside at a time, and enter again. */
    FileLocks.Held enter() throws IOException {
        return StoreFiles.writing(home, () -> FileLocks.acquire(file, true));
    }

    /** Waits until a collector that has begun to decide has renamed what it takes. */
    void await() throws IOException {
        if (Files.exists(
                sign,
                LinkOption.NOFOLLOW_LINKS)) { // of a collector that was killed, it only costs the way through the gate
            enter().close();
        }
    }

    /** Waits until nobody is inside, and keeps all out. */
    public Shut shut() throws IOException {
        return StoreFiles.writing(home, () -> {
            FileLocks.Held held = FileLocks.acquire(file, false);
            try {
                if (!Files.exists(sign, LinkOption.NOFOLLOW_LINKS)) { // of a collector that was killed
                    Files.createFile(sign);
                }
                return new Shut(held);
            } catch (IOException e) {
                held.close();
                throw e;
            }
        });
    }

    /** Opened by closing it. */
    public final class Shut implements AutoCloseable {
        private final FileLocks.Held held;

        private Shut(FileLocks.Held held) {
            this.held = held;
        }

        @Override
        public void close() throws IOException {
            try (held) {
                Files.deleteIfExists(sign);
            }
        }
    }
}
