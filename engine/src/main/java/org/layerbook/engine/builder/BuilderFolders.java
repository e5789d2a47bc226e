package org.layerbook.engine.builder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.layerbook.engine.builder.run.CacheMounts;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.tree.StatCache;
import org.layerbook.engine.image.StoreLocks;
import org.layerbook.engine.linux.RegularFile;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.store.Store;

/**
 * What the builder keeps in the store beside cache records: the folders of {@code RUN --mount=type=cache} and what it
 * remembers of contexts. Nothing else refers to it, so it can be listed and removed piece by piece.
 */
public final class BuilderFolders {
    /** As BuildKit calls them. */
    public enum Type {
        CACHE_MOUNT("exec.cachemount"),
        CONTEXT("source.local");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /**
     * @param id hex digits
     * @param description as {@code buildx du --verbose} says it
     * @param size bytes of its files
     * @param used when a build last used it
     * @param inUse whether one does now
     */
    public record Item(Type type, String id, String description, long size, Instant used, boolean inUse) {}

    private static final int MOST_BYTES = 1 << 16;

    private final Path mounts;
    private final Path contexts;
    private final Store store;

    public BuilderFolders(Store store) {
        this.store = store;
        Path folder = BuildServices.folder(store);
        this.mounts = CacheMounts.folder(folder);
        this.contexts = folder.resolve(StatCache.FOLDER);
    }

    public List<Item> list() throws IOException {
        var items = new ArrayList<Item>();
        for (Path mount : entries(mounts)) {
            String id = mount.getFileName().toString();
            if (id.equals(CacheMounts.RENEWED)) {
                continue;
            }
            Optional<Instant> used = modified(mount.resolve(CacheMounts.ID)).or(() -> modified(mount));
            if (used.isPresent()) {
                String what = "cached mount " + purpose(mount).orElse(id) + " from exec";
                items.add(new Item(Type.CACHE_MOUNT, id, what, bytes(mount), used.get(), isUsed(id)));
            }
        }
        for (Path context : entries(contexts)) {
            Optional<Instant> used = modified(context);
            if (used.isPresent()) {
                String id = context.getFileName().toString();
                items.add(new Item(Type.CONTEXT, id, "local source for context", bytes(context), used.get(), false));
            }
        }
        return List.copyOf(items);
    }

    /** The mount's id as the Dockerfile has it; empty where the file was damaged. */
    private static Optional<String> purpose(Path mount) {
        try {
            return RegularFile.read(mount.resolve(CacheMounts.ID), MOST_BYTES)
                    .map(content -> new String(content, StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private boolean isUsed(String mount) throws IOException {
        Optional<StoreLocks.Held> free = store.locks().tryLock(CacheMounts.useLock(mount));
        if (free.isPresent()) {
            free.get().close();
        }
        return free.isEmpty();
    }

    /** False when a build uses it, or it is gone already. */
    public boolean remove(Item item) throws IOException {
        return switch (item.type()) {
            case CONTEXT -> discard(contexts.resolve(item.id()));
            case CACHE_MOUNT -> CacheMounts.remove(mounts, item.id(), store.locks(), store.temp());
        };
    }

    /** Whatever is there. */
    private static boolean discard(Path what) throws IOException {
        if (Files.notExists(what, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        Trees.delete(what);
        return true;
    }

    private static List<Path> entries(Path folder) throws IOException {
        var found = new ArrayList<Path>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(found::add);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        found.sort(null);
        return found;
    }

    /** Empty where nothing is: a build may have just removed it. */
    private static Optional<Instant> modified(Path file) {
        try {
            return Optional.of(
                    Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static long bytes(Path root) throws IOException {
        if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
            return RegularFile.size(root).orElse(0L);
        }
        var bytes = new AtomicLong();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                bytes.addAndGet(attributes.isRegularFile() ? attributes.size() : 0);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // a build has just removed it
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return bytes.get();
    }
}
