package org.layerbook.engine.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.layerbook.engine.image.CollectableSnapshots;
import org.layerbook.engine.linux.Errno;
import org.layerbook.engine.linux.LinuxException;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.RegularFile;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.linux.WrongKindException;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.MalformedException;
import org.layerbook.engine.store.file.TempFiles;

/**
 * Committed snapshots on disk: {@code ALGORITHM-HEX/} for each chain ID, with the layer's tree {@code fs/} and its record
 * {@code layer.json}. A folder comes by one rename and goes by one, so what is there is whole, unless somebody has put
 * something else in its place: then it is none, and whoever makes it again replaces it.
 */
final class SnapshotFolder implements CollectableSnapshots {
    private static final String TREE = "fs";
    private static final String RECORD = "layer.json";
    private static final int MOST_BYTES = 4 << 20;

    private final Path home;
    private final TempFiles temp;
    /** Of snapshots that were there once; one that is gone and comes again is the same. */
    private final Map<Digest, SnapshotRecord> records = new ConcurrentHashMap<>();

    /** @param temp places on the same file system as {@code home} */
    SnapshotFolder(Path home, TempFiles temp) {
        this.home = home;
        this.temp = temp;
    }

    TempFiles temp() {
        return temp;
    }

    boolean contains(Digest chainId) {
        return records.containsKey(chainId) ? hasTree(chainId) : known(chainId).isPresent();
    }

    /** A link would have its target mounted into what is built. */
    private boolean hasTree(Digest chainId) {
        return LinuxFiles.isDirectory(folder(chainId)) && LinuxFiles.isDirectory(tree(chainId));
    }

    /** Empty for what is not there or is damaged. */
    private Optional<SnapshotRecord> known(Digest chainId) {
        try {
            return Optional.of(record(chainId));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    Path tree(Digest chainId) {
        return folder(chainId).resolve(TREE);
    }

    /** @throws NoSuchFileException when the snapshot is not there, or not whole */
    SnapshotRecord record(Digest chainId) throws IOException {
        if (!hasTree(chainId)) {
            throw missing(chainId, "is missing");
        }
        SnapshotRecord known = records.get(chainId);
        if (known != null) {
            return known;
        }
        Path file = folder(chainId).resolve(RECORD);
        try {
            byte[] content = RegularFile.read(file, MOST_BYTES).orElseThrow(() -> missing(chainId, "has no " + RECORD));
            SnapshotRecord record = SnapshotRecord.parse(content, file.toString());
            if (!record.chainId().equals(chainId)) {
                throw missing(chainId, "has the " + RECORD + " of another layer");
            }
            records.put(chainId, record);
            return record;
        } catch (WrongKindException | MalformedException e) {
            throw missing(chainId, "is damaged: " + e.getMessage());
        }
    }

    private NoSuchFileException missing(Digest chainId, String what) {
        return new NoSuchFileException(
                folder(chainId).toString(),
                null,
                "the unpacked layer " + chainId + " " + what + "; build or load the image again");
    }

    /** This snapshot and those below it, topmost first; empty for the empty root. */
    List<Digest> chain(Optional<Digest> top) throws IOException {
        if (top.isEmpty()) {
            return List.of();
        }
        List<Digest> chain = new ArrayList<>();
        chain.add(top.get());
        chain.addAll(record(top.get()).below());
        return chain;
    }

    List<Path> trees(List<Digest> chain) {
        return chain.stream().map(this::tree).toList();
    }

    /**
     * Makes a snapshot visible. Where it is there already, that one stays.
     *
     * @param tree the layer's tree, in a temporary place; is moved away
     */
    void publish(Path tree, SnapshotRecord record) throws IOException {
        Path whole = temp.directory();
        try {
            Files.move(tree, whole.resolve(TREE));
            Files.write(whole.resolve(RECORD), record.toJson());
            Files.createDirectories(home);
            if (LinuxFiles.lstatIfExists(folder(record.chainId())).isPresent() && !contains(record.chainId())) {
                // Damaged: what took its place goes with this process's temporary files.
                LinuxFiles.renameNoReplace(folder(record.chainId()), temp.path());
            }
            temp.publish(whole, folder(record.chainId()));
            records.put(record.chainId(), record);
        } finally {
            Trees.delete(whole);
        }
    }

    /** All that are visible now. */
    List<Digest> all() throws IOException {
        if (!LinuxFiles.checkDirectory(home)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(home)) {
            return folders.map(f -> f.getFileName().toString())
                    .flatMap(name -> chainOf(name).stream())
                    .toList();
        }
    }

    @Override
    public List<Snapshot> list() throws IOException {
        List<Snapshot> found = new ArrayList<>();
        for (Digest chainId : all()) {
            find(chainId).ifPresent(found::add);
        }
        return found;
    }

    @Override
    public void verify(BiConsumer<Digest, String> problem) throws IOException {
        for (Digest chainId : all()) {
            try {
                record(chainId);
            } catch (NoSuchFileException e) {
                if (Files.exists(folder(chainId), LinkOption.NOFOLLOW_LINKS)) { // else collected meanwhile
                    problem.accept(chainId, e.getReason());
                }
            } catch (IOException e) {
                problem.accept(chainId, "cannot be read: " + e.getMessage());
            }
        }
    }

    @Override
    public Set<Digest> chainIds() throws IOException {
        return Set.copyOf(all());
    }

    @Override
    public Optional<Snapshot> find(Digest chainId) throws IOException {
        try {
            FileTime made = Files.getLastModifiedTime(folder(chainId), LinkOption.NOFOLLOW_LINKS);
            // Of a damaged one it is not known what it stands on; whoever makes it again keeps that.
            Optional<Digest> parent = known(chainId).flatMap(SnapshotRecord::parent);
            return Optional.of(new Snapshot(chainId, parent, made.toInstant()));
        } catch (NoSuchFileException e) {
            return Optional.empty(); // never there, or collected by another process since it was listed
        }
    }

    @Override
    public void discard(Digest chainId, Path trash) throws IOException {
        try {
            LinuxFiles.renameNoReplace(
                    folder(chainId), trash.resolve(folder(chainId).getFileName()));
        } catch (LinuxException e) {
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
        }
        records.remove(chainId);
    }

    private Path folder(Digest chainId) {
        return home.resolve(chainId.algorithm() + "-" + chainId.hex());
    }

    private static Optional<Digest> chainOf(String folder) {
        int dash = folder.indexOf('-');
        try {
            return dash < 0
                    ? Optional.empty()
                    : Optional.of(new Digest(folder.substring(0, dash), folder.substring(dash + 1)));
        } catch (IllegalArgumentException e) {
            // Something that is not ours; whoever put it there shall take it away.
            return Optional.empty();
        }
    }
}
