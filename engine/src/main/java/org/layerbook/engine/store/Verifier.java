package org.layerbook.engine.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.layerbook.engine.image.CollectableSnapshots;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.linux.RegularFile;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.store.file.FileCacheRecords;
import org.layerbook.engine.store.file.FileContentStore;
import org.layerbook.engine.store.file.FileImages;
import org.layerbook.engine.store.file.ImageRecord;
import org.layerbook.engine.store.file.LayerBlobs;
import org.layerbook.engine.store.file.StoreFiles;

/**
 * Looks at all of a store while others use it: what seems wrong is looked at again before it is told, since an image may
 * be removed between two looks.
 */
final class Verifier {
    private final Path home;
    private final ContentStore content;
    private final FileImages images;
    private final FileCacheRecords cache;
    private final LayerBlobs layerBlobs;
    private final CollectableSnapshots snapshots;
    private final List<Problem> problems = new ArrayList<>();
    private Set<Digest> chains = Set.of();

    Verifier(
            Path home,
            ContentStore content,
            FileImages images,
            FileCacheRecords cache,
            LayerBlobs layerBlobs,
            CollectableSnapshots snapshots) {
        this.home = home;
        this.content = content;
        this.images = images;
        this.cache = cache;
        this.layerBlobs = layerBlobs;
        this.snapshots = snapshots;
    }

    List<Problem> run() throws IOException {
        for (Path algorithm : StoreFiles.list(FileContentStore.folder(home))) {
            for (Path blob : StoreFiles.list(algorithm)) {
                blob(blob);
            }
        }
        images.records().unreadable((file, e) -> add(Problem.Kind.IMAGE, file, "cannot be read: " + e.getMessage()));
        images.records().readable(this::image);
        images.names().verify((subject, message) -> add(Problem.Kind.NAME, subject, message));
        cache.records().unreadable((file, e) -> add(Problem.Kind.CACHE, file, "cannot be read: " + e.getMessage()));
        cache.records().readable(this::cacheRecord);
        layerBlobs.records().unreadable(this::file);
        snapshots.verify((chain, message) -> add(Problem.Kind.LAYER, chain.toString(), message));
        new ContainerVerifier(home, snapshots, this::add).run();
        return List.copyOf(problems);
    }

    private void add(Problem.Kind kind, String subject, String message) {
        problems.add(new Problem(kind, subject, message));
    }

    private void file(String name, IOException e) {
        add(Problem.Kind.FILE, name, "cannot be read: " + e.getMessage());
    }

    private void blob(Path blob) {
        String algorithm = blob.getParent().getFileName().toString();
        Digest expected;
        try {
            expected = new Digest(algorithm, blob.getFileName().toString());
        } catch (IllegalArgumentException e) {
            add(Problem.Kind.BLOB, blob.toString(), "is not named after a digest");
            return;
        }
        try {
            Digest found = digest(blob, algorithm);
            if (!found.equals(expected)) {
                add(Problem.Kind.BLOB, expected.toString(), "is damaged: digest mismatch: got " + found);
            }
        } catch (NoSuchFileException e) {
            return; // collected meanwhile
        } catch (IOException e) {
            add(Problem.Kind.BLOB, expected.toString(), "cannot be read: " + StoreException.reason(e));
        }
    }

    private static Digest digest(Path blob, String algorithm) throws IOException {
        MessageDigest hash = FileContentStore.hash(algorithm);
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = RegularFile.open(blob)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                hash.update(buffer, 0, n);
            }
        }
        return new Digest(algorithm, HexFormat.of().formatHex(hash.digest()));
    }

    private void image(String file, ImageRecord record) throws IOException {
        var found = new ArrayList<String>();
        try {
            Optional<Image> image = images.get(record.id());
            if (image.isPresent()
                    && !image.get()
                            .config()
                            .diffIds()
                            .equals(record.layers().stream().map(Layer::diffId).toList())) {
                found.add("has layers that differ from its config");
            }
        } catch (IOException e) {
            found.add("cannot be read: " + e.getMessage());
        }
        record.manifest().ifPresent(manifest -> blobProblem(manifest).ifPresent(found::add));
        for (Layer layer : record.layers()) {
            layer.blob().ifPresent(blob -> blobProblem(blob).ifPresent(found::add));
            if (layer.blob().isEmpty() && !hasChain(layer.chainId())) {
                found.add("is missing the layer " + layer.diffId());
            }
        }
        if (!found.isEmpty() && images.record(record.id()).isPresent()) {
            found.forEach(message -> add(Problem.Kind.IMAGE, record.id().toString(), message));
        }
    }

    private Optional<String> blobProblem(Descriptor blob) {
        Optional<Long> size = content.size(blob.digest());
        if (size.isEmpty()) {
            return Optional.of("is missing the blob " + blob.digest());
        }
        return size.get() == blob.size()
                ? Optional.empty()
                : Optional.of(
                        "has the blob " + blob.digest() + " with " + size.get() + " bytes, expected " + blob.size());
    }

    /** Listed anew when it is not known: it may be younger than the list. */
    private boolean hasChain(Digest chain) throws IOException {
        if (!chains.contains(chain)) {
            chains = snapshots.list().stream()
                    .map(CollectableSnapshots.Snapshot::chainId)
                    .collect(Collectors.toUnmodifiableSet());
        }
        return chains.contains(chain);
    }

    private void cacheRecord(String file, FileCacheRecords.Stored record) throws IOException {
        for (GcRoot held : record.holds()) {
            boolean there = switch (held.kind()) {
                case BLOB -> content.contains(held.digest());
                case CHAIN -> hasChain(held.digest());
            };
            if (!there && cache.get(record.key()).isPresent()) {
                add(Problem.Kind.CACHE, record.key().toString(), "refers to " + held + ", which is missing");
            }
        }
    }
}
