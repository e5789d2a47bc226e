package org.layerbook.engine.store.file;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.linux.RegularFile;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.linux.WrongKindException;
import org.layerbook.engine.oci.Digest;

public final class FileContentStore implements ContentStore, AutoCloseable {
    private static final String HELP = "; run `layerbook doctor --verify` to check the store";

    private final StoreFiles files;
    private final GcBarrier barrier;
    private final Path blobs;
    private volatile Optional<Path> aside = Optional.empty();

    public FileContentStore(StoreFiles files, GcBarrier barrier) {
        this.files = files;
        this.barrier = barrier;
        this.blobs = folder(files.home());
    }

    public static Path folder(Path home) {
        return home.resolve("blobs");
    }

    @Override
    public Path path(Digest digest) {
        Path place = place(blobs, digest);
        Optional<Path> beside = aside;
        return beside.isPresent() && !RegularFile.exists(place) ? place(beside.get(), digest) : place;
    }

    private static Path place(Path folder, Digest digest) {
        return folder.resolve(digest.algorithm()).resolve(digest.hex());
    }

    @Override
    public boolean contains(Digest digest) {
        return RegularFile.exists(path(digest));
    }

    @Override
    public boolean claim(Digest digest) throws IOException {
        if (!contains(digest)) {
            return false;
        }
        try (var _ = barrier.enter()) {
            return files.touch(path(digest));
        }
    }

    @Override
    public Optional<Long> size(Digest digest) {
        return RegularFile.size(path(digest));
    }

    @Override
    public InputStream open(Digest digest) throws IOException {
        return RegularFile.open(path(digest));
    }

    @Override
    public Bytes read(Digest digest) throws IOException {
        Path file = path(digest);
        byte[] content;
        try {
            content = RegularFile.read(file, MAX_DOCUMENT)
                    .orElseThrow(
                            () -> new StoreException("blob " + digest + " is missing from the store " + files.home()));
        } catch (WrongKindException e) {
            throw new StoreException(
                    "blob " + digest + " in the store " + files.home() + " is damaged: it " + e.getReason() + HELP, e);
        }
        Bytes bytes = Bytes.of(content);
        Digest found = digest.algorithm().equals("sha256")
                ? bytes.digest()
                : new Digest(
                        digest.algorithm(),
                        HexFormat.of().formatHex(hash(digest.algorithm()).digest(content)));
        if (!found.equals(digest)) {
            throw new StoreException("blob " + digest + " in the store " + files.home()
                    + " is damaged: digest mismatch: got " + found + HELP);
        }
        return bytes;
    }

    @Override
    public Digest put(byte[] content) throws IOException {
        Digest digest = Digest.sha256(content);
        if (claim(digest, content.length) && isWhole(digest)) {
            return digest;
        }
        try (Ingest ingest = ingest()) {
            ingest.out().write(content);
            return ingest.commit(Optional.of(digest));
        }
    }

    /** A damaged document is written anew by whoever has it. */
    private boolean isWhole(Digest digest) throws IOException {
        try {
            read(digest);
            return true;
        } catch (StoreException e) {
            return false;
        }
    }

    @Override
    public Ingest ingest() throws IOException {
        Path made;
        try {
            made = files.path();
        } catch (StoreException e) {
            if (!StoreException.isReadOnly(e)) {
                throw e;
            }
            Path beside = aside();
            return new FileIngest(beside.resolve(UUID.randomUUID().toString()), beside);
        }
        return files.writing(() -> new FileIngest(made, blobs));
    }

    /**
     * Where blobs go that are made of a store on a read-only file system, to be written into an archive: with this process
     * they go.
     */
    private synchronized Path aside() throws IOException {
        if (aside.isEmpty()) {
            aside = Optional.of(Files.createTempDirectory("layerbook-blobs-"));
        }
        return aside.get();
    }

    @Override
    public boolean isReadOnly() {
        return aside.isPresent();
    }

    @Override
    public synchronized void close() throws IOException {
        if (aside.isPresent()) {
            Trees.delete(aside.get());
            aside = Optional.empty();
        }
    }

    public static MessageDigest hash(String algorithm) {
        try {
            return MessageDigest.getInstance(
                    switch (algorithm) {
                        case "sha384" -> "SHA-384";
                        case "sha512" -> "SHA-512";
                        default -> "SHA-256";
                    });
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has the SHA-2 family", e);
        }
    }

    private final class FileIngest implements Ingest {
        private final Path made;
        /** Where the blobs are. */
        private final Path folder;

        private final Hashing out;
        private boolean committed;
        private Optional<Digest> digest = Optional.empty();

        private FileIngest(Path made, Path folder) throws IOException {
            this.made = made;
            this.folder = folder;
            this.out =
                    new Hashing(Files.newOutputStream(made, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        }

        @Override
        public OutputStream out() {
            return out;
        }

        @Override
        public long size() {
            return out.size;
        }

        @Override
        public Digest digest() throws IOException {
            if (digest.isEmpty()) {
                out.close();
                digest = Optional.of(Digest.of(out.sha256.digest()));
            }
            return digest.get();
        }

        @Override
        public InputStream read() throws IOException {
            digest();
            return Files.newInputStream(made);
        }

        @Override
        public InputStream follow() throws IOException {
            return Files.newInputStream(made);
        }

        @Override
        public Digest commit(Optional<Digest> expected) throws IOException {
            Digest found = digest();
            if (expected.isPresent() && !expected.get().algorithm().equals("sha256")) {
                found = rehash(expected.get().algorithm());
            }
            if (expected.isPresent() && !expected.get().equals(found)) {
                throw new IOException("digest mismatch: got " + found + ", expected " + expected.get());
            }
            Path target = place(folder, found);
            return files.writing(() -> commit(target));
        }

        private Digest commit(Path target) throws IOException {
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("r--r--r--"));
            // Renamed inside the gate: over an old blob that a collector may have chosen, this one has to win.
            try (var _ = barrier.enter()) {
                RegularFile.check(target);
                StoreFiles.move(made, target);
            }
            committed = true;
            return new Digest(
                    target.getParent().getFileName().toString(),
                    target.getFileName().toString());
        }

        private Digest rehash(String algorithm) throws IOException {
            MessageDigest hash = hash(algorithm);
            try (InputStream in = Files.newInputStream(made)) {
                byte[] buffer = new byte[1 << 16];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    hash.update(buffer, 0, n);
                }
            }
            return new Digest(algorithm, HexFormat.of().formatHex(hash.digest()));
        }

        @Override
        public void close() throws IOException {
            if (!committed) {
                try {
                    out.close();
                } finally {
                    Files.deleteIfExists(made);
                }
            }
        }
    }

    private final class Hashing extends FilterOutputStream {
        private final MessageDigest sha256 = Digest.newSha256();
        private long size;

        private Hashing(OutputStream file) {
            super(file);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            files.writing(() -> {
                out.write(bytes, offset, length);
                return length;
            });
            sha256.update(bytes, offset, length);
            size += length;
        }
    }
}
