package org.layerbook.engine.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.layerbook.engine.oci.Digest;

/** {@code locks/SHA256(NAME)}, an empty file a name. The collector removes those that nobody has used for a day. */
final class FileStoreLocks implements StoreLocks {
    private final StoreFiles files;
    private final Path folder;

    FileStoreLocks(StoreFiles files) {
        this.files = files;
        this.folder = files.home().resolve("locks");
    }

    @Override
    public Held lock(String name) throws IOException {
        return files.writing(() -> FileLocks.acquire(file(name), false));
    }

    @Override
    public Optional<Held> tryLock(String name) throws IOException {
        return files.writing(() -> FileLocks.tryAcquire(file(name))).map(held -> held);
    }

    private Path file(String name) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
        return folder.resolve(
                Digest.sha256(name.getBytes(StandardCharsets.UTF_8)).hex());
    }
}
