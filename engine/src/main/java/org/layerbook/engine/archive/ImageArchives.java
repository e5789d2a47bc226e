package org.layerbook.engine.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.archive.read.ArchiveFiles;
import org.layerbook.engine.archive.read.ArchiveReader;
import org.layerbook.engine.archive.read.FolderFiles;
import org.layerbook.engine.archive.read.LoadedPlatforms;
import org.layerbook.engine.archive.read.OciReader;
import org.layerbook.engine.archive.read.SpooledFiles;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Lease;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.layer.tar.ArchiveException;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Store;

/**
 * Images of the store to and from files. Failures are {@link ArchiveException}s (what was read cannot be taken) and
 * {@link org.layerbook.engine.image.StoreException}s, one sentence each; they leave the store as it was. An interrupt of
 * the thread ends the work with an {@link java.io.InterruptedIOException}, likewise.
 */
public final class ImageArchives {
    private final Store store;
    private final Snapshots snapshots;

    public ImageArchives(Store store, Snapshots snapshots) {
        this.store = store;
        this.snapshots = snapshots;
    }

    /**
     * What is saved under some names: an image, or an index with the images of several platforms.
     *
     * @param image of an index any one of its images
     * @param names with a tag, under which it is in the archive
     * @param index all that it names is in the store
     */
    public record Saved(Image image, List<Reference> names, Optional<Descriptor> index) {
        public Saved {
            names = List.copyOf(names);
        }

        public Saved(Image image, List<Reference> names) {
            this(image, names, Optional.empty());
        }
    }

    /**
     * Writes images as {@code docker save} does: one tar that is a docker archive and an OCI image layout. What is built
     * here is compressed the first time, and remembered. Equal images give equal bytes.
     *
     * @param out not closed
     */
    public void save(List<Saved> images, OutputStream out) throws IOException {
        try (Lease lease = store.leases().operation("docker save")) {
            ImageSaver.write(packed(images, lease), store.content(), out);
        }
    }

    /** As above, into a folder that is an OCI image layout or becomes one; what it holds already stays. */
    public void saveLayout(List<Saved> images, Path folder) throws IOException {
        try (Lease lease = store.leases().operation("docker save")) {
            ImageSaver.writeLayout(packed(images, lease), store.content(), folder);
        }
    }

    private Map<Descriptor, Set<Reference>> packed(List<Saved> images, Lease lease) throws IOException {
        var packer = new ImagePacker(store, snapshots);
        Map<Descriptor, Set<Reference>> packed = new LinkedHashMap<>();
        for (Saved saved : images) {
            Descriptor document = saved.index().isPresent()
                    ? saved.index().get()
                    : packer.pack(saved.image(), lease).manifest().orElseThrow();
            packed.computeIfAbsent(document, one -> new LinkedHashSet<>()).addAll(saved.names());
        }
        return packed;
    }

    /**
     * The same for manifests and indexes of the content store: of an index all its platforms are in the archive.
     *
     * @param documents each with its names that have a tag; what they name is in the store, kept by the caller's lease
     * @param out not closed
     */
    public void write(Map<Descriptor, Set<Reference>> documents, OutputStream out) throws IOException {
        ImageSaver.write(documents, store.content(), out);
    }

    /** As above, into a folder that is an OCI image layout or becomes one. */
    public void writeLayout(Map<Descriptor, Set<Reference>> documents, Path folder) throws IOException {
        ImageSaver.writeLayout(documents, store.content(), folder);
    }

    /**
     * Loads the images of an archive, in whatever way it is compressed: docker's, of any age, or OCI's. All of them are
     * loaded, or none.
     *
     * @param in read to its end, not closed
     * @param platforms which to load where the archive offers several
     */
    public List<LoadResult> load(InputStream in, LoadedPlatforms platforms) throws IOException {
        return whole(lease -> {
            try (ArchiveFiles files = SpooledFiles.read(in, store, snapshots.limits())) {
                return load(files, lease, platforms);
            }
        });
    }

    public List<LoadResult> load(InputStream in, Platform platform) throws IOException {
        return load(in, LoadedPlatforms.only(platform));
    }

    /** As above, from a file or from a folder with an OCI image layout. */
    public List<LoadResult> load(Path path, LoadedPlatforms platforms) throws IOException {
        if (Files.isDirectory(path)) {
            return whole(lease -> {
                try (ArchiveFiles files = new FolderFiles(path, store.content())) {
                    return load(files, lease, platforms);
                }
            });
        }
        try (InputStream in = Files.newInputStream(path)) {
            return load(in, platforms);
        }
    }

    public List<LoadResult> load(Path path, Platform platform) throws IOException {
        return load(path, LoadedPlatforms.only(platform));
    }

    /**
     * Brings one image of a folder with an OCI image layout into the store, without listing or naming it: an operation of
     * the caller's keeps it.
     *
     * @param tag as the layout has it; without one, and without a digest, {@code latest} or the only image
     * @param digest of a manifest or index in the layout
     * @param platform chosen where there are several
     */
    public Image layoutImage(Path folder, Optional<String> tag, Optional<Digest> digest, Platform platform)
            throws IOException {
        return whole(lease -> {
            try (ArchiveFiles files = new FolderFiles(folder, store.content())) {
                var reader = new OciReader(files, "", LoadedPlatforms.only(platform));
                return new ImageLoader(store, snapshots, lease).image(reader.read(tag, digest));
            }
        });
    }

    private List<LoadResult> load(ArchiveFiles files, Lease lease, LoadedPlatforms platforms) throws IOException {
        return new ImageLoader(store, snapshots, lease).load(ArchiveReader.read(files, platforms, snapshots.limits()));
    }

    /**
     * Makes an image out of the tar of a root file system, compressed or not, as {@code docker import} does.
     *
     * @param in read to its end, not closed
     * @param comment for the history; docker's default is {@code Imported from -}
     * @param name moved to the new image
     */
    public LoadResult importRoot(
            InputStream in, ContainerConfig config, String comment, Platform platform, Optional<Reference> name)
            throws IOException {
        return whole(lease -> {
            Image image = new ImageImporter(store, snapshots).run(in, config, comment, platform, Instant.now());
            store.images().put(image);
            return ImageLoader.named(
                    store, image, name.map(Reference::tagged).stream().toList(), _ -> Optional.empty());
        });
    }

    private interface Work<T> {
        T run(Lease lease) throws IOException;
    }

    /** Runs {@code work} as an operation; what it had made when it failed is removed. */
    private <T> T whole(Work<T> work) throws IOException {
        boolean done = false;
        try (Lease lease = store.leases().operation("docker load")) {
            T result = work.run(lease);
            done = true;
            return result;
        } catch (IOException e) {
            throw StoreException.ofFullDisk(store.home(), e)
                    .map(IOException.class::cast)
                    .orElse(e);
        } finally {
            if (!done) {
                store.collector(snapshots.collectable()).collect();
            }
        }
    }
}
