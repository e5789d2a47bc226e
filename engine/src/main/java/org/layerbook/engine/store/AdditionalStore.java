package org.layerbook.engine.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.store.file.FileContentStore;
import org.layerbook.engine.store.file.FileImages;
import org.layerbook.engine.store.file.FileStoreLocks;
import org.layerbook.engine.store.file.GcBarrier;
import org.layerbook.engine.store.file.LayerBlobs;
import org.layerbook.engine.store.file.StoreFiles;

/**
 * A store of somebody else that this one reads besides its own: its blobs and the names and records of its images, never
 * its unpacked trees, whose owners would be wrong. Nothing in it is ever written, locked or leased; what is read out of it
 * is held against its digest. A store that others than its owner can write to is not used: they could put another image
 * under a name.
 */
final class AdditionalStore {
    private static final int WRITABLE_BY_OTHERS = 022;

    private final Path home;
    private final FileContentStore content;
    private final FileImages images;
    private final LayerBlobs layerBlobs;

    private AdditionalStore(Path home) {
        this.home = home;
        GcBarrier barrier = new GcBarrier(home);
        StoreFiles files = new StoreFiles(home, barrier, true);
        this.content = new FileContentStore(files, barrier);
        this.layerBlobs = new LayerBlobs(files, content);
        this.images = new FileImages(files, content, layerBlobs, new FileStoreLocks(files, barrier), barrier);
    }

    /** @throws StoreException with the sentence why it is not used */
    static AdditionalStore open(Path folder) throws IOException {
        Path home = folder.toAbsolutePath().normalize();
        try {
            Optional<byte[]> description = StoreFiles.read(home.resolve("store.json"));
            if (description.isEmpty()) {
                throw new StoreException(home + " is not a Layerbook store, or is still empty");
            }
            long format = Json.parse(
                            description.get(), home.resolve("store.json").toString())
                    .integer("format");
            if (format != Store.FORMAT) {
                throw new StoreException(
                        home + " has format " + format + ", but this Layerbook reads format " + Store.FORMAT);
            }
            for (String part : List.of("", "blobs", "blobs/sha256", "images", "names", "layers")) {
                check(home.resolve(part));
            }
        } catch (AccessDeniedException e) {
            throw new StoreException(
                    "cannot read " + home + ": permission denied: " + e.getFile()
                            + "; its owner has to make it readable by others",
                    e);
        }
        return new AdditionalStore(home);
    }

    private static void check(Path folder) throws IOException {
        int mode;
        try {
            mode = (Integer) Files.getAttribute(folder, "unix:mode");
            Files.newDirectoryStream(folder).close();
        } catch (NoSuchFileException e) {
            return; // nothing of it is there yet
        }
        if ((mode & WRITABLE_BY_OTHERS) != 0) {
            throw new StoreException(folder + " is writable by other users"
                    + ", who could replace its images; run `chmod -R go-w` on the store");
        }
    }

    Path home() {
        return home;
    }

    FileContentStore content() {
        return content;
    }

    FileImages images() {
        return images;
    }

    LayerBlobs layerBlobs() {
        return layerBlobs;
    }
}
