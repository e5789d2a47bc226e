package org.layerbook.engine.store.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.image.StoreLocks;
import org.layerbook.engine.oci.Digest;

/**
 * {@code locks/SHA256(NAME)}, an empty file a name. The collector removes those that nobody has begun to wait for within a
 * day; so that it never removes one that somebody is about to lock, using an old one makes it young first, inside the
 * gate.
 */
public final class FileStoreLocks implements StoreLocks {
    private static final Duration YOUNG = Duration.ofHours(1);
    private static final Duration OLD = Duration.ofDays(1);

    private final StoreFiles files;
    private final Path folder;
    private final GcBarrier barrier;

    public FileStoreLocks(StoreFiles files, GcBarrier barrier) {
        this.barrier = barrier;
        this.files = files;
        this.folder = files.home().resolve("locks");
    }

    @Override
    public Held lock(String name) throws IOException {
        return files.writing(() -> FileLocks.acquire(file(name), false));
    }

    @Override
    public Held share(String name) throws IOException {
        return files.writing(() -> FileLocks.acquire(file(name), true));
    }

    @Override
    public Optional<Held> tryLock(String name) throws IOException {
        return files.writing(() -> FileLocks.tryAcquire(file(name))).map(held -> held);
    }

    private Path file(String name) throws IOException {
        Path file = folder.resolve(
                Digest.sha256(name.getBytes(StandardCharsets.UTF_8)).hex());
        if (age(file).compareTo(YOUNG) > 0) {
            try (var _ = barrier.enter()) {
                if (!files.touch(file)) {
                    create(file);
                }
            }
        }
        return file;
    }

    private void create(Path file) throws IOException {
        try {
            files.create(file);
        } catch (StoreException e) {
            if (!StoreException.isReadOnly(e)) { // see FileLocks
                throw e;
            }
        }
    }

    /** Longer than any when there is no such file. */
    private static Duration age(Path file) throws IOException {
        try {
            return Duration.between(Files.getLastModifiedTime(file).toInstant(), Instant.now());
        } catch (NoSuchFileException e) {
            return Duration.ofSeconds(Long.MAX_VALUE);
        }
    }

    /** Removes what nobody uses any more. The gate has to be shut. */
    public void tidy() throws IOException {
        for (Path file : StoreFiles.list(folder)) {
            if (age(file).compareTo(OLD) > 0) {
                Optional<FileLocks.Held> unused = FileLocks.tryAcquire(file);
                if (unused.isPresent()) {
                    try (var _ = unused.get()) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        }
    }
}
