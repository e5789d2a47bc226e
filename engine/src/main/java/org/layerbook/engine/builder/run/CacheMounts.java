package org.layerbook.engine.builder.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.layerbook.engine.builder.plan.BuildArguments;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.step.StepFailedException;
import org.layerbook.engine.builder.step.Waiting;
import org.layerbook.engine.builder.tree.TargetTree;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.RunMount;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.image.StoreLocks;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.RegularFile;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.linux.WrongKindException;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.store.file.TempFiles;

/**
 * The folders of {@code RUN --mount=type=cache}. They belong to the store's user, not to a build, and survive builds. As in
 * BuildKit, mounts of one id but with another start (from, source, mode, owner) are different caches.
 */
public final class CacheMounts {
    /** A file beside the data: the mount's id or target. */
    public static final String ID = "id";

    static final int DEFAULT_MODE = 0755;

    /** Names, by the caches' first ones, the folders that those have since they were begun anew. */
    public static final String RENEWED = "renewed";
    /** Bytes. */
    private static final int MOST_OF_A_NAME = 200;

    private final Path folder;
    private final StoreLocks locks;
    private final TempFiles temp;

    CacheMounts(BuildServices services) {
        this.folder = folder(services.folder());
        this.locks = services.locks();
        this.temp = services.temp();
    }

    /** @param builder the builder's folder in the store */
    public static Path folder(Path builder) {
        return builder.resolve("mounts");
    }

    /** With the namespace before it that {@code BUILDKIT_CACHE_MOUNT_NS} gives, as BuildKit keeps it. */
    static String id(RunMount.Cache mount, BuildSettings settings) {
        return BuildArguments.cacheNamespace(settings) + "/" + mount.id().orElseGet(() -> GoPath.clean(mount.target()));
    }

    /** The caches that one build without a cache has begun anew: once each, whichever of its steps uses them first. */
    public static final class Renewal {
        private static final Renewal NONE = new Renewal(false, new ConcurrentHashMap<>());

        private final boolean renews;
        private final Map<String, String> names;

        private Renewal(boolean renews, Map<String, String> names) {
            this.renews = renews;
            this.names = names;
        }

        public Renewal() {
            this(true, new ConcurrentHashMap<>());
        }

        /** @param useCache whether the step may use what earlier builds gave, and so their caches */
        public Renewal forStep(boolean useCache) {
            return useCache ? NONE : this;
        }
    }

    /** Shared by those who use the cache, so that nobody removes it meanwhile. */
    public static String useLock(String name) {
        return "use of cache mount " + name;
    }

    /**
     * @param lock held while the process runs; absent where several may use the cache
     * @param use held likewise, and shared
     */
    record Opened(Path path, Optional<StoreLocks.Held> lock, StoreLocks.Held use) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            try (use) {
                if (lock.isPresent()) {
                    lock.get().close();
                }
            }
        }
    }

    /** Fills a cache that is new. */
    @FunctionalInterface
    interface Start {
        void fill(Path empty) throws IOException, StepFailedException;
    }

    /**
     * @param id of {@link #id}
     * @param origin what a new one begins with, in words that tell it from others; empty for nothing
     * @param renewal says whether the step's build begins it anew
     */
    Opened open(
            RunMount.Cache mount,
            String id,
            String origin,
            Renewal renewal,
            TargetTree ownership,
            Start start,
            Cancellation cancellation)
            throws IOException, StepFailedException {
        String beginning = origin + " " + mount.mode() + " " + mount.uid() + " " + mount.gid();
        // Without a namespace the slash before it does not count.
        String plain = id.startsWith("/") ? id.substring(1) : id;
        String first = Digest.sha256((plain + "\0" + beginning).getBytes(StandardCharsets.UTF_8))
                .shortHex();
        String name = current(first, renewal);
        Optional<StoreLocks.Held> lock = Optional.empty();
        switch (mount.sharing()) {
            case SHARED -> {}
            case LOCKED -> lock = Optional.of(waitFor("cache mount " + name, cancellation));
            case PRIVATE -> {
                int number = 0;
                String base = name;
                lock = locks.tryLock("cache mount " + name);
                while (lock.isEmpty()) {
                    name = base + "-" + ++number;
                    lock = locks.tryLock("cache mount " + name);
                }
            }
        }
        Optional<StoreLocks.Held> use = Optional.empty();
        try {
            use = Optional.of(locks.share(useLock(name)));
            Path data = ready(name, plain, mount, ownership, start, cancellation);
            markUsed(folder.resolve(name).resolve(ID), plain);
            return new Opened(data, lock, use.get());
        } catch (IOException | StepFailedException | RuntimeException e) {
            for (StoreLocks.Held held :
                    Stream.concat(use.stream(), lock.stream()).toList()) {
                held.close();
            }
            throw e;
        }
    }

    /** The file's time says when the cache was last used. What it says is written anew where it was damaged. */
    private void markUsed(Path file, String id) throws IOException {
        if (RegularFile.exists(file)) {
            Instant now = Instant.now();
            LinuxFiles.setTimes(file, now.getEpochSecond(), now.getNano());
        } else {
            temp.replace(file, (id + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * A cache that is begun anew gets another folder: whoever uses the old one, in this process or another, keeps it.
     *
     * @param first the name that the cache had at first
     */
    private String current(String first, Renewal renewal) throws IOException {
        Path file = folder.resolve(RENEWED).resolve(first);
        if (renewal.renews) {
            synchronized (renewal) {
                String known = renewal.names.get(first);
                return known != null ? known : renewed(first, file, renewal);
            }
        }
        // A damaged file counts as none: the cache begins as at first.
        return RegularFile.read(file, MOST_OF_A_NAME)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip())
                .filter(name -> name.matches("[0-9a-f]+"))
                .orElse(first);
    }

    private String renewed(String first, Path file, Renewal renewal) throws IOException {
        String old = current(first, Renewal.NONE);
        String name = Digest.sha256((first + "\0" + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8))
                .shortHex();
        temp.replace(file, (name + "\n").getBytes(StandardCharsets.UTF_8));
        renewal.names.put(first, name);
        remove(folder, old, locks, temp);
        return name;
    }

    /**
     * Removes a cache.
     *
     * @return false when a build uses it, or it is not there
     */
    public static boolean remove(Path folder, String name, StoreLocks locks, TempFiles temp) throws IOException {
        Optional<StoreLocks.Held> free = locks.tryLock(useLock(name));
        if (free.isEmpty()) {
            return false;
        }
        Path trash = temp.path();
        try (var _ = free.get()) {
            Files.move(folder.resolve(name), trash, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            return false;
        }
        Trees.delete(trash);
        return true;
    }

    private StoreLocks.Held waitFor(String name, Cancellation cancellation) throws IOException {
        return Waiting.lock(locks, name, cancellation);
    }

    private Path ready(
            String name, String id, RunMount.Cache mount, TargetTree ownership, Start start, Cancellation cancellation)
            throws IOException, StepFailedException {
        Path cache = folder.resolve(name);
        if (isThere(cache)) {
            return cache.resolve("data");
        }
        try (var _ = waitFor("new cache mount " + name, cancellation)) {
            if (!isThere(cache)) {
                Files.createDirectories(folder);
                Path made = temp.directory();
                Path data = Files.createDirectory(made.resolve("data"));
                start.fill(data);
                ownership.setOwner(
                        data,
                        FileStat.DIRECTORY,
                        mount.uid().orElse(0),
                        mount.gid().orElse(0),
                        mount.mode().orElse(DEFAULT_MODE));
                Files.writeString(made.resolve(ID), id + "\n");
                Files.move(made, cache);
            }
        }
        return cache.resolve("data");
    }

    /** Links count for nothing: what they lead to would be written to by what is built. */
    private static boolean isThere(Path cache) throws StepFailedException, IOException {
        try {
            return LinuxFiles.checkDirectory(cache) && checkData(cache);
        } catch (WrongKindException e) {
            throw new StepFailedException(
                    BuildException.Kind.SYSTEM,
                    "the directory of a cache mount is damaged: " + e.getMessage(),
                    Optional.of("remove it with `docker builder prune`"),
                    1,
                    Optional.empty(),
                    e);
        }
    }

    private static boolean checkData(Path cache) throws IOException, StepFailedException {
        if (!LinuxFiles.checkDirectory(cache.resolve("data"))) {
            throw new StepFailedException(
                    BuildException.Kind.SYSTEM,
                    "the directory of a cache mount is damaged: " + cache + " has no data",
                    Optional.of("remove it with `docker builder prune`"),
                    1,
                    Optional.empty(),
                    null);
        }
        return true;
    }
}
