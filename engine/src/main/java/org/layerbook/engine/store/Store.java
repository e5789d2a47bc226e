package org.layerbook.engine.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.golang.GoJson;
import org.layerbook.engine.image.CacheRecords;
import org.layerbook.engine.image.CollectableSnapshots;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.image.Images;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.image.Leases;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.image.StoreLocks;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.WrongKindException;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.MalformedException;
import org.layerbook.engine.store.file.FileCacheRecords;
import org.layerbook.engine.store.file.FileContentStore;
import org.layerbook.engine.store.file.FileImages;
import org.layerbook.engine.store.file.FileLeases;
import org.layerbook.engine.store.file.FileStoreLocks;
import org.layerbook.engine.store.file.GcBarrier;
import org.layerbook.engine.store.file.LayerBlobs;
import org.layerbook.engine.store.file.LayerUsers;
import org.layerbook.engine.store.file.StoreFiles;
import org.layerbook.engine.store.file.TempFiles;

/**
 * The folder with blobs, images, snapshots and cache, shared by every session of one user. Its layout is described in
 * docs/store.md, what happens between processes in docs/concurrency.md.
 *
 * <p>Opening reads one small file; everything else is read when it is asked for. Safe between threads. Closing removes
 * this process's temporary files; a process that dies without closing leaves them to the collector.
 */
public final class Store implements AutoCloseable {
    /** Raised when a newer layout could not be used by this one. */
    static final int FORMAT = 1;

    private static final List<String> PRIVATE = List.of("snapshots", "tmp", "build", "cache", "cache-latest");

    private static final List<String> FOLDERS = List.of(
            "blobs",
            "blobs/sha256",
            "images",
            "names",
            "names-of",
            "users",
            "index",
            "layers",
            "cache",
            "cache-latest",
            "snapshots",
            "build",
            "build/mounts",
            "build/stat",
            "garbage",
            "leases",
            "locks",
            "tmp");

    private static final String OCI_LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}";

    private final Path home;
    private final Identity identity;
    private final GcBarrier barrier;
    private final StoreFiles files;
    private final FileStoreLocks locks;
    private final FileContentStore content;
    private final LayerBlobs layerBlobs;
    private final FileImages images;
    private final FileCacheRecords cache;
    private final FileLeases leases;
    private final Builders builders;
    private BackgroundCollector background;

    private final List<AdditionalStore> additional;
    private final List<Additional> additionalStatus;
    private final Optional<LayeredImages> sharedImages;

    private Store(Path home, Identity identity, List<Path> others) {
        this.home = home;
        this.identity = identity;
        this.barrier = new GcBarrier(home);
        this.files = new StoreFiles(home, barrier);
        this.locks = new FileStoreLocks(files, barrier);
        this.content = new FileContentStore(files, barrier);
        this.layerBlobs = new LayerBlobs(files, content);
        this.images = new FileImages(files, content, layerBlobs, locks, barrier);
        this.cache = new FileCacheRecords(files, barrier);
        this.leases = new FileLeases(files, barrier);
        this.builders = new Builders(files, locks);
        var used = new ArrayList<AdditionalStore>();
        this.additionalStatus = others.stream().map(other -> tried(other, used)).toList();
        this.additional = List.copyOf(used);
        this.layerBlobs.alsoAsk(
                additional.stream().map(AdditionalStore::layerBlobs).toList());
        this.sharedImages =
                additional.isEmpty() ? Optional.empty() : Optional.of(new LayeredImages(images, content, additional));
    }

    /**
     * An additional store that was asked for.
     *
     * @param problem why it is not used, a sentence; absent when it is
     */
    public record Additional(Path home, Optional<String> problem) {}

    private static Additional tried(Path folder, List<AdditionalStore> used) {
        try {
            used.add(AdditionalStore.open(folder));
            return new Additional(folder, Optional.empty());
        } catch (IOException e) {
            return new Additional(folder, Optional.of(StoreException.reason(e)));
        }
    }

    /**
     * Opens the store in {@code folder}, which is made if it is not there.
     *
     * @param identity as whom this process sees files
     * @throws StoreException when it belongs to another identity, is of a newer format, or cannot be made
     */
    public static Store open(Path folder, Identity identity) throws IOException {
        return open(folder, identity, List.of());
    }

    /**
     * As above, with stores of others to read besides it, in order. One that cannot be used is left out; {@link #additional}
     * says why.
     */
    public static Store open(Path folder, Identity identity, List<Path> additional) throws IOException {
        Path home = folder.toAbsolutePath().normalize();
        Optional<byte[]> description = describe(home);
        if (description.isEmpty()) {
            create(home, identity);
        } else if (!Arrays.equals(description.get(), description(identity))) {
            check(home, identity, description.get());
        }
        Path real = home.toRealPath();
        for (String part : FOLDERS) {
            checkFolder(real, part);
        }
        return new Store(
                real,
                identity,
                additional.stream()
                        .filter(other -> !other.toAbsolutePath().normalize().equals(real))
                        .toList());
    }

    /** Links too: what is listed in a folder of the store may be removed. */
    private static void checkFolder(Path home, String part) throws StoreException {
        try {
            LinuxFiles.checkDirectory(home.resolve(part));
        } catch (WrongKindException e) {
            throw StoreException.damaged(home, e);
        } catch (IOException e) {
            throw new StoreException(
                    "cannot read the store " + home + ": " + part + ": " + StoreException.reason(e), e);
        }
    }

    private static Optional<byte[]> describe(Path home) throws IOException {
        try {
            return StoreFiles.read(home.resolve("store.json"));
        } catch (IOException e) {
            throw new StoreException(
                    "cannot read the store " + home + ": " + StoreException.reason(e)
                            + "; set LAYERBOOK_HOME to another directory",
                    e);
        }
    }

    /** Two processes that do this at a time write the same. */
    private static void create(Path home, Identity identity) throws IOException {
        StoreFiles.writing(home, () -> {
            if (Files.exists(home) && !onlyOurs(home)) {
                throw new StoreException(
                        home + " is neither empty nor a Layerbook store; set LAYERBOOK_HOME to another directory");
            }
            Files.createDirectories(
                    home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            // A home that lets others read, for them to use as an additional store, lets them read images, not what is
            // unpacked (in which programs of an image's root keep their set-user-id bits) or was built.
            for (String folder : PRIVATE) {
                Files.createDirectories(
                        home.resolve(folder),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            try (var files = new StoreFiles(home, new GcBarrier(home))) {
                files.replace(home.resolve("oci-layout"), OCI_LAYOUT.getBytes(StandardCharsets.US_ASCII));
                LayerUsers.begin(files);
                files.keepReserve();
                files.replace(home.resolve("store.json"), description(identity));
            }
            return home;
        });
    }

    /** What another process that is creating the store just now, or a prompt, may have made before its store.json. */
    private static boolean onlyOurs(Path home) throws IOException {
        try (var entries = Files.list(home)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .allMatch(name -> name.equals("gate.lock")
                            || PRIVATE.contains(name)
                            || name.equals("oci-layout")
                            || name.equals("users-complete")
                            || name.equals("reserve")
                            || name.equals("store.json")
                            || name.equals("history"));
        }
    }

    private static byte[] description(Identity identity) {
        return GoJson.indentedObject(json -> json.number("format", FORMAT)
                .number("uid", identity.uid())
                .string("uidMap", identity.uidMap())
                .string("gidMap", identity.gidMap())
                .string("xattrs", identity.xattrs().name()));
    }

    private static void check(Path home, Identity identity, byte[] description) throws IOException {
        long format;
        Identity owner;
        try {
            Json json = Json.parse(description, "store.json");
            format = json.require("format").integer();
            owner = new Identity(
                    (int) json.integer("uid"),
                    json.string("uidMap").orElse(""),
                    json.string("gidMap").orElse(""));
        } catch (MalformedException e) {
            throw new StoreException(
                    "the store " + home + " is damaged: " + e.getMessage()
                            + "; restore that file, or set LAYERBOOK_HOME to another directory",
                    e);
        }
        if (format != FORMAT) {
            throw new StoreException(
                    "the store " + home + " has format " + format + ", but this Layerbook reads format " + FORMAT
                            + "; use a newer Layerbook, or set LAYERBOOK_HOME to another directory");
        }
        if (!owner.equals(identity)) {
            throw new StoreException(
                    "the store " + home + " belongs to " + owner.describe() + ", but Layerbook runs as "
                            + identity.describe() + ": file owners would be wrong; "
                            + "set LAYERBOOK_HOME to another directory");
        }
    }

    public Path home() {
        return home;
    }

    /** The folder for the snapshots, which another package fills. */
    public Path snapshotsHome() {
        return home.resolve("snapshots");
    }

    public Identity identity() {
        return identity;
    }

    /** The additional stores that were asked for, in order. */
    public List<Additional> additional() {
        return additionalStatus;
    }

    /**
     * The layers of a chain with their blobs, bottom first, out of any image that has it: for a tree that is not unpacked
     * here since its image is another store's.
     */
    public List<Layer> layersOf(Digest chainId) throws IOException {
        return sharedImages.isPresent() ? sharedImages.get().layersOf(chainId) : List.of();
    }

    public ContentStore content() {
        return additional.isEmpty()
                ? content
                : new LayeredContent(
                        content,
                        additional.stream().map(AdditionalStore::content).toList());
    }

    public Images images() {
        return sharedImages.isPresent() ? sharedImages.get() : images;
    }

    public Names names() {
        return sharedImages.isPresent() ? sharedImages.get().names() : images.names();
    }

    public LayerBlobs layerBlobs() {
        return layerBlobs;
    }

    public CacheRecords cache() {
        return cache;
    }

    public Leases leases() {
        return leases;
    }

    public Builders builders() {
        return builders;
    }

    public StoreLocks locks() {
        return locks;
    }

    public TempFiles temp() {
        return files;
    }

    /** Temporary folders of processes that died, which the next collection removes. */
    public List<Path> leftovers() throws IOException {
        return StoreFiles.orphans(home);
    }

    /** For who is about to remove things, on a disk that may be full to the last byte. */
    public void makeRoomToRemove() throws IOException {
        files.makeRoomToRemove();
    }

    /** What removes that which nothing refers to any more. */
    public Collector collector(CollectableSnapshots snapshots) {
        return new Collector(files, content(), barrier, images, cache, layerBlobs, leases, locks, snapshots);
    }

    /**
     * Looks at everything, as {@code doctor --verify} does: reads every blob and compares its digest, and follows every
     * reference.
     *
     * @return empty when the store is whole
     */
    public List<Problem> verify(CollectableSnapshots snapshots) throws IOException {
        return new Verifier(home, content(), images, cache, layerBlobs, snapshots).run();
    }

    /**
     * Collects soon, in the background, what was removed: see {@link Collector}. Costs the caller the making of one empty
     * file. A process that ends, or is killed, leaves it to the next one.
     */
    public void collectLater(CollectableSnapshots snapshots) throws IOException {
        background(snapshots).request();
    }

    /** Collects in the background what others have left to collect, when this process has been there for a while. */
    public void watchForGarbage(CollectableSnapshots snapshots) {
        background(snapshots).watch();
    }

    /** After a lease has let go of something: collects what was waiting for that. */
    public void resumeCollecting(CollectableSnapshots snapshots) throws IOException {
        BackgroundCollector collecting = background(snapshots);
        if (collecting.isPending()) {
            collecting.resume();
        }
    }

    private synchronized BackgroundCollector background(CollectableSnapshots snapshots) {
        if (background == null) {
            background = new BackgroundCollector(files, locks, collector(snapshots));
        }
        return background;
    }

    /** Waits until what {@link #collectLater} was asked for is done. */
    @Override
    public void close() throws IOException {
        BackgroundCollector collecting;
        synchronized (this) {
            collecting = background;
        }
        if (collecting != null) {
            collecting.close();
        }
        content.close();
        files.close();
    }
}
