package org.layerbook.engine.archive.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerbook.engine.compress.Streams;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.layer.tar.ArchiveException;
import org.layerbook.engine.oci.Digest;

/** The files of an OCI image layout that lies in a folder. */
public final class FolderFiles implements ArchiveFiles {
    private final Path root;
    private final ContentStore content;

    /** @param folder may be a link; nothing in it may lead out of it */
    public FolderFiles(Path folder, ContentStore content) throws IOException {
        this.root = folder.toRealPath();
        this.content = content;
    }

    /** Those at the top; blobs are asked for by name. */
    @Override
    public Set<String> names() {
        try (Stream<Path> files = Files.list(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            return Set.of(); // nothing that can be read is nothing that can be loaded
        }
    }

    @Override
    public Optional<File> find(String name) throws IOException {
        Path path = root.resolve(name);
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        Path real = path.toRealPath();
        if (!real.startsWith(root)) {
            throw new ArchiveException("invalid image layout: " + name + " is outside the directory " + root);
        }
        return Optional.of(new FolderFile(name, real));
    }

    @Override
    public void close() {}

    private final class FolderFile implements File {
        private final String name;
        private final Path path;

        private FolderFile(String name, Path path) {
            this.name = name;
            this.path = path;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long size() throws IOException {
            return Files.size(path);
        }

        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(path);
        }

        @Override
        public Digest store(Optional<Digest> expected) throws IOException {
            try (InputStream in = open();
                    ContentStore.Ingest ingest = content.ingest()) {
                Streams.copy(in, ingest.out());
                return SpooledFiles.commit(ingest, name, expected);
            }
        }
    }
}
