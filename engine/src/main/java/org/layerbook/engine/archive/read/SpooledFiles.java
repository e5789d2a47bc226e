package org.layerbook.engine.archive.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.compress.HashingOutput;
import org.layerbook.engine.compress.Streams;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.layer.UnpackLimits;
import org.layerbook.engine.layer.tar.ArchiveException;
import org.layerbook.engine.layer.tar.ByteString;
import org.layerbook.engine.layer.tar.TarEntry;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.store.Store;

/**
 * The files of a tar that comes as a stream: each is written once, hashed on the way, to where a rename makes it a blob.
 * What the store has already is only hashed.
 */
public final class SpooledFiles implements ArchiveFiles {
    private static final int MAX_FILES = 100_000;
    private static final int MAX_LINKS = 16;

    private final Store store;
    private final Map<String, SpooledFile> files = new LinkedHashMap<>();
    private final Map<String, String> links = new HashMap<>();

    private SpooledFiles(Store store) {
        this.store = store;
    }

    /**
     * Reads {@code in} to its end, whatever it is compressed with.
     *
     * @param store with an operation open, so that what it has already stays
     * @throws ArchiveException when it is no tar, or has what no archive of images has
     */
    @SuppressWarnings("resource") // closing the tar would close the caller's stream
    public static SpooledFiles read(InputStream in, Store store, UnpackLimits limits) throws IOException {
        var spooled = new SpooledFiles(store);
        boolean whole = false;
        try {
            spooled.readAll(UntrustedTar.read(in, limits));
            whole = true;
            return spooled;
        } finally {
            if (!whole) {
                spooled.close();
            }
        }
    }

    private void readAll(UntrustedTar tar) throws IOException {
        int count = 0;
        for (var next = tar.next(); next.isPresent(); next = tar.next()) {
            TarEntry entry = next.get();
            if (++count > MAX_FILES) {
                throw new ArchiveException("invalid archive: more than " + MAX_FILES + " files");
            }
            String name = inside(ByteString.text(entry.name()), "");
            switch (entry.kind()) {
                case FILE -> file(name, entry, tar.content());
                case SYMLINK -> link(name, inside(ByteString.text(entry.link()), parent(name)));
                case HARD_LINK -> link(name, inside(ByteString.text(entry.link()), ""));
                case DIRECTORY -> {}
                case CHAR_DEVICE, BLOCK_DEVICE, FIFO ->
                    throw new ArchiveException("invalid archive: " + name + " is not a file, directory or link");
            }
        }
        if (count == 0) {
            throw new ArchiveException("the archive is empty");
        }
        tar.drain();
    }

    private void file(String name, TarEntry entry, InputStream content) throws IOException {
        if (entry.size() > Files.getFileStore(store.home()).getUsableSpace()) {
            throw new ArchiveException("cannot unpack " + name + " from the archive: it has " + entry.size()
                    + " bytes, which is more than the free space of the store " + store.home());
        }
        SpooledFile read = spool(name, content);
        SpooledFile before = files.putIfAbsent(name, read);
        if (links.containsKey(name) || before != null && !before.digest.equals(read.digest)) {
            read.close();
            throw new ArchiveException("invalid archive: two different files are named " + name);
        }
        if (before != null) {
            read.close();
        }
    }

    private SpooledFile spool(String name, InputStream content) throws IOException {
        Optional<Digest> known = blobName(name);
        if (known.isPresent()
                && known.get().algorithm().equals("sha256")
                && store.content().claim(known.get())) {
            var hash = new HashingOutput();
            Streams.copy(content, hash);
            Digest found = hash.digest();
            if (!found.equals(known.get())) {
                throw wrongDigest(name, found);
            }
            return new SpooledFile(name, known.get(), Optional.empty());
        }
        ContentStore.Ingest ingest = store.content().ingest();
        boolean whole = false;
        try {
            Streams.copy(content, ingest.out());
            var file = new SpooledFile(name, ingest.digest(), Optional.of(ingest));
            whole = true;
            return file;
        } finally {
            if (!whole) {
                ingest.close();
            }
        }
    }

    private void link(String name, String target) throws IOException {
        String before = links.putIfAbsent(name, target);
        if (files.containsKey(name) || before != null && !before.equals(target)) {
            throw new ArchiveException("invalid archive: two different files are named " + name);
        }
    }

    /** The name without dots; {@link ArchiveException} when it leads out of the archive. */
    private static String inside(String name, String folder) throws IOException {
        var parts = new ArrayList<String>(folder.isEmpty() ? List.of() : List.of(folder.split("/")));
        if (name.startsWith("/")) {
            throw new ArchiveException("invalid archive: path outside the archive: " + name);
        }
        for (String part : name.split("/")) {
            if (part.equals("..")) {
                if (parts.isEmpty()) {
                    throw new ArchiveException("invalid archive: path outside the archive: " + name);
                }
                parts.removeLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return String.join("/", parts);
    }

    private static String parent(String name) {
        int slash = name.lastIndexOf('/');
        return slash < 0 ? "" : name.substring(0, slash);
    }

    /** What {@code blobs/ALGORITHM/HEX} promises to hold. */
    private static Optional<Digest> blobName(String name) {
        String[] parts = name.split("/");
        int n = parts.length;
        if (n < 3 || !parts[n - 3].equals("blobs")) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Digest(parts[n - 2], parts[n - 1]));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static ArchiveException wrongDigest(String name, Digest found) {
        return new ArchiveException("invalid archive: digest mismatch for " + name + ": got " + found);
    }

    static Digest commit(ContentStore.Ingest ingest, String name, Optional<Digest> expected) throws IOException {
        Digest found = ingest.digest();
        if (expected.isPresent() && expected.get().algorithm().equals("sha256") && !found.equals(expected.get())) {
            throw wrongDigest(name, found);
        }
        return ingest.commit(expected);
    }

    @Override
    public Set<String> names() {
        return files.keySet();
    }

    @Override
    public Optional<File> find(String name) throws IOException {
        String at = inside(name, "");
        for (int followed = 0; links.containsKey(at); followed++) {
            if (followed == MAX_LINKS) {
                throw new ArchiveException("invalid archive: " + name + " is a circular link");
            }
            at = links.get(at);
        }
        return Optional.ofNullable(files.get(at));
    }

    @Override
    public void close() throws IOException {
        for (SpooledFile file : files.values()) {
            file.close();
        }
    }

    private final class SpooledFile implements File {
        private final String name;
        private Digest digest;
        /** Absent once it is a blob. */
        private Optional<ContentStore.Ingest> ingest;

        private SpooledFile(String name, Digest digest, Optional<ContentStore.Ingest> ingest) {
            this.name = name;
            this.digest = digest;
            this.ingest = ingest;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long size() throws IOException {
            return ingest.isPresent()
                    ? ingest.get().size()
                    : store.content().size(digest).orElseThrow();
        }

        @Override
        public InputStream open() throws IOException {
            return ingest.isPresent() ? ingest.get().read() : store.content().open(digest);
        }

        @Override
        public Digest store(Optional<Digest> expected) throws IOException {
            if (ingest.isEmpty()) {
                if (!digest.equals(expected.orElse(digest))) {
                    throw wrongDigest(name, digest);
                }
                return digest;
            }
            digest = commit(ingest.get(), name, expected);
            ingest = Optional.empty();
            return digest;
        }

        private void close() throws IOException {
            if (ingest.isPresent()) {
                ingest.get().close();
            }
        }
    }
}
