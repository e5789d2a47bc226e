package org.layerbook.engine.store.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.image.StoreLocks;
import org.layerbook.engine.oci.Digest;

/**
 * {@code users/SHARD/CHAIN=IMAGE}, an empty file for each layer of each image: the way back from a layer to the images that
 * have it, so that removing an image tells which layers went with it without looking at the others.
 *
 * <p>An image's files are written before its record and removed after it. So there is one for all that is true, and what
 * is there counts only as long as the image is listed; a process that dies in between leaves some that lead nowhere,
 * which the collector takes away.
 */
public final class LayerUsers {
    private final StoreFiles files;
    private final StoreLocks locks;
    private final Path root;
    /** There since {@code users} is complete: older stores had none. */
    private final Path complete;

    private final ShardedFolder<String> users;

    /** Which images are listed. */
    @FunctionalInterface
    interface Listed {
        boolean contains(Digest image);
    }

    LayerUsers(StoreFiles files, StoreLocks locks) {
        this.files = files;
        this.locks = locks;
        this.root = files.home().resolve("users");
        this.complete = complete(files.home());
        this.users = new ShardedFolder<>(files, root, ShardedFolder.Content.DERIVED, (name, content) -> name);
    }

    private static Path complete(Path home) {
        return home.resolve("users-complete");
    }

    /** For a new store, which has no image yet. */
    public static void begin(StoreFiles files) throws IOException {
        files.create(complete(files.home()));
    }

    /** Before the image is listed, under the lock of its shard. */
    void add(ImageRecord image) throws IOException {
        for (Layer layer : image.layers()) {
            files.create(root.resolve(shard(layer.chainId())).resolve(name(layer.chainId(), image.id())));
        }
    }

    /** When the image is not listed any more, under the lock of its shard. */
    void remove(ImageRecord image) throws IOException {
        for (Layer layer : image.layers()) {
            users.remove(shard(layer.chainId()), name(layer.chainId(), image.id()));
        }
    }

    /**
     * The layers that no other image has, top first.
     *
     * @param layers of {@code image}, bottom first
     */
    List<Layer> own(Digest image, List<Layer> layers, Listed listed) throws IOException {
        var own = new ArrayList<Layer>();
        // A chain ID names all that is below too: under a layer that another image has, it has all.
        for (Layer layer : layers.reversed()) {
            if (isSharedBy(image, layer.chainId(), listed)) {
                break;
            }
            own.add(layer);
        }
        return own;
    }

    private boolean isSharedBy(Digest image, Digest chain, Listed listed) throws IOException {
        String prefix = prefix(chain);
        // Ended at the first: a base has as many users as there are images.
        try (DirectoryStream<Path> found = Files.newDirectoryStream(
                root.resolve(shard(chain)),
                file -> file.getFileName().toString().startsWith(prefix))) {
            for (Path file : found) {
                Optional<Digest> other = user(file.getFileName().toString());
                if (other.isPresent() && !other.get().equals(image) && listed.contains(other.get())) {
                    return true;
                }
            }
            return false;
        } catch (NoSuchFileException | NotDirectoryException e) {
            return false;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** Whether {@link #own} can be asked; else {@link #complete(List)} has to be told all images first. */
    boolean isComplete() {
        return Files.exists(complete);
    }

    /** @param images all that are listed; one that comes meanwhile adds itself */
    void complete(List<ImageRecord> images) throws IOException {
        for (ImageRecord image : images) {
            add(image);
        }
        files.create(complete);
    }

    /** Drops what names images that are not listed. */
    void tidy(Listed listed) throws IOException {
        for (String shard : users.shardNames()) {
            for (String name : users.fileNames(shard)) {
                Optional<Digest> image = user(name);
                if (image.isPresent() && !listed.contains(image.get())) {
                    // So that it is not just about to be listed.
                    try (var _ = locks.lock("image " + shard(image.get()))) {
                        if (!listed.contains(image.get())) {
                            users.remove(shard, name);
                        }
                    }
                }
            }
        }
    }

    /** Empty for a file that is none of ours. */
    private static Optional<Digest> user(String name) {
        try {
            return name.indexOf('=') < 0
                    ? Optional.empty()
                    : Optional.of(new Digest("sha256", name.substring(name.indexOf('=') + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String name(Digest chain, Digest image) {
        return prefix(chain) + image.hex();
    }

    private static String prefix(Digest chain) {
        return chain.algorithm() + "-" + chain.hex() + "=";
    }

    private static String shard(Digest digest) {
        return digest.hex().substring(0, 2);
    }
}
