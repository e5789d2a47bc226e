package org.layerbook.engine.cache;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.linux.AtomicFile;
import org.layerbook.engine.linux.RegularFile;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.Manifest;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.oci.Platform;

/**
 * A cache in a folder: an OCI image layout with an entry for each tag. Nothing in it is believed: only regular files of the
 * right size are read, and what they hold must have the digest of their name.
 */
final class CacheFolder {
    private static final String LAYOUT_FILE = "oci-layout";
    private static final String LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}";
    private static final String INDEX = "index.json";
    private static final String TAG = "org.opencontainers.image.ref.name";
    private static final int BUFFER = 1 << 17;

    private final CachePlace.Folder place;

    CacheFolder(CachePlace.Folder place) {
        this.place = place;
    }

    OpenedCache open(Platform platform, ContentStore content) throws IOException {
        Index index = index().orElseThrow(() -> new IOException("it has no " + INDEX));
        List<Descriptor> entries = index.manifests();
        Optional<Descriptor> tagged = entries.stream().filter(this::isOurs).findFirst();
        // Other tools put one manifest there and give it whatever name.
        Descriptor entry = tagged.or(() -> entries.size() == 1 ? Optional.of(entries.getFirst()) : Optional.empty())
                .orElseThrow(() -> new IOException("it has no cache under the tag " + place.tag()));
        CacheManifest read = CacheManifest.read(document(entry), entry.mediaType(), platform, this::document);
        CacheContents contents = read.contents().isPresent()
                ? read.contents().get()
                : CacheManifest.parse(document(read.config().orElseThrow()).toArray(), read.manifest());
        return new OpenedCache() {
            @Override
            public CacheContents contents() {
                return contents;
            }

            @Override
            public void fetch(Descriptor blob, Cancellation cancellation) throws IOException {
                copy(blob, content, cancellation);
            }
        };
    }

    private boolean isOurs(Descriptor entry) {
        return place.tag().equals(entry.annotations().get(TAG));
    }

    private Optional<Index> index() throws IOException {
        Path file = place.path().resolve(INDEX);
        return Files.exists(file) ? Optional.of(Index.parse(read(file, INDEX).toArray())) : Optional.empty();
    }

    private Bytes document(Descriptor wanted) throws IOException {
        return CacheManifest.verified(
                read(blob(wanted.digest()), wanted.digest().toString()), wanted);
    }

    private static Bytes read(Path file, String title) throws IOException {
        check(file, title);
        return Bytes.of(RegularFile.read(file, ContentStore.MAX_DOCUMENT)
                .orElseThrow(() -> new IOException("it has no " + title)));
    }

    /** A link could lead anywhere, and a pipe never end. */
    private static void check(Path file, String title) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("it has no " + title);
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("its " + title + " is not a regular file");
        }
    }

    private Path blob(Digest digest) {
        return place.path().resolve("blobs").resolve(digest.algorithm()).resolve(digest.hex());
    }

    private void copy(Descriptor wanted, ContentStore content, Cancellation cancellation) throws IOException {
        Path file = blob(wanted.digest());
        check(file, wanted.digest().toString());
        long size = Files.size(file);
        if (size != wanted.size()) {
            throw new IOException("its blob " + wanted.digest() + " has " + size + " bytes, not " + wanted.size());
        }
        try (InputStream in = RegularFile.open(file);
                ContentStore.Ingest ingest = content.ingest()) {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (cancellation.isCancelled()) {
                    throw new InterruptedIOException("cancelled");
                }
                ingest.out().write(buffer, 0, n);
            }
            Digest found = ingest.digest();
            if (!found.equals(wanted.digest())) {
                throw new IOException("its blob " + wanted.digest() + " is damaged: digest mismatch: got " + found);
            }
            ingest.commit(Optional.of(wanted.digest()));
        }
    }

    /** Puts a cache under the tag, in the place of an older one. What is read meanwhile is the one or the other. */
    void write(Bytes config, List<Descriptor> blobs, ContentStore content) throws IOException {
        Files.createDirectories(place.path());
        try (FileChannel channel = FileChannel.open(
                        place.path().resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            Optional<Index> before = index();
            for (Descriptor blob : blobs) {
                write(blob(blob.digest()), out -> {
                    try (InputStream in = content.open(blob.digest())) {
                        in.transferTo(out);
                    }
                });
            }
            Bytes manifest = CacheManifest.manifest(config, blobs);
            write(blob(config.digest()), out -> out.write(config.toArray()));
            write(blob(manifest.digest()), out -> out.write(manifest.toArray()));
            write(place.path().resolve(LAYOUT_FILE), out -> out.write(LAYOUT.getBytes(StandardCharsets.US_ASCII)));
            var entries = new ArrayList<Descriptor>();
            before.ifPresent(index ->
                    index.manifests().stream().filter(entry -> !isOurs(entry)).forEach(entries::add));
            entries.add(new Descriptor(
                    MediaTypes.OCI_MANIFEST,
                    manifest.digest(),
                    manifest.length(),
                    Map.of(TAG, place.tag()),
                    Optional.empty()));
            replace(
                    place.path().resolve(INDEX),
                    out -> out.write(Index.of(entries).toJson()));
            if (before.isPresent()) {
                removeUnused(before.get(), entries);
            }
        }
    }

    /** Content-addressed: what is there already stays. */
    private static void write(Path file, AtomicFile.Content<IOException> content) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            replace(file, content);
        }
    }

    private static void replace(Path file, AtomicFile.Content<IOException> content) throws IOException {
        Files.createDirectories(file.getParent());
        AtomicFile.write(file, AtomicFile.Access.SHARED, content);
    }

    /** Removes what the older cache of the tag had and no other needs; what others put into the folder stays. */
    private void removeUnused(Index before, List<Descriptor> now) throws IOException {
        Set<Digest> used = new HashSet<>();
        for (Descriptor entry : now) {
            Optional<Set<Digest>> needed = needs(entry);
            if (needed.isEmpty()) {
                return;
            }
            used.addAll(needed.get());
        }
        for (Descriptor entry : before.manifests()) {
            if (isOurs(entry)) {
                for (Digest old : needs(entry).orElse(Set.of())) {
                    if (!used.contains(old)) {
                        Files.deleteIfExists(blob(old));
                    }
                }
            }
        }
    }

    /** What an entry consists of; absent where it is nothing that this understands. */
    private Optional<Set<Digest>> needs(Descriptor entry) {
        try {
            Manifest manifest = Manifest.parse(document(entry).toArray());
            Set<Digest> needed =
                    new HashSet<>(Set.of(entry.digest(), manifest.config().digest()));
            manifest.layers().forEach(layer -> needed.add(layer.digest()));
            return Optional.of(needed);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
