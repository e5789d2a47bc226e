package org.layerbook.engine.builder.tree;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import org.layerbook.engine.linux.AtomicFile;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.RegularFile;
import org.layerbook.engine.oci.Digest;

/**
 * Remembers what files of contexts contained, so that a file which has not changed is not read again: device, inode, size,
 * modification and change time to a digest. The change time cannot be set by a program, so a file with the same five has
 * the same content, unless it was changed again within the clock's step in which it was read; what is as fresh as that is
 * not remembered.
 *
 * <p>One file a context in the store's folder: records appended in one write, each with a checksum, so that a torn or
 * foreign record is passed over. Losing the file costs time only. Thread-safe; processes may share it.
 */
public final class StatCache {
    /** Longer than the step of a file clock: a few milliseconds where times have fractions, else up to two seconds. */
    private static final Duration FINE_STEP = Duration.ofMillis(50);

    /** In the builder's folder. */
    public static final String FOLDER = "stat";

    private static final Duration COARSE_STEP = Duration.ofSeconds(3);
    private static final int RECORD = 8 + 8 + 8 + 8 + 4 + 8 + 4 + 32 + 4;
    private static final long MAX_FILE = 32L << 20;
    private static final int MAX_CONTEXTS = 16;

    private final Path folder;
    private final Map<Path, Context> contexts = new HashMap<>();

    /** @param folder made when it is first needed */
    public StatCache(Path folder) {
        this.folder = folder;
    }

    private record Inode(long device, long number) {}

    private record Known(long size, long mtime, int mtimeNanos, long ctime, int ctimeNanos, byte[] digest) {
        boolean fits(FileStat stat) {
            return size == stat.size()
                    && mtime == stat.mtimeSeconds()
                    && mtimeNanos == stat.mtimeNanos()
                    && ctime == stat.ctimeSeconds()
                    && ctimeNanos == stat.ctimeNanos();
        }
    }

    /** The memory for one context folder. */
    public synchronized Context context(Path context) {
        if (contexts.size() >= MAX_CONTEXTS && !contexts.containsKey(context)) {
            contexts.clear();
        }
        return contexts.computeIfAbsent(context, c -> new Context(fileOf(c)));
    }

    private Path fileOf(Path context) {
        byte[] name = context.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
        return folder.resolve(Digest.sha256(name).shortHex());
    }

    /** What is known of one context's files. */
    public static final class Context {
        private final Path file;
        private final Map<Inode, Known> known = new HashMap<>();
        private final List<byte[]> unsaved = new ArrayList<>();
        private long loaded;

        private Context(Path file) {
            this.file = file;
        }

        public synchronized Optional<byte[]> find(FileStat stat) {
            return Optional.ofNullable(known.get(new Inode(stat.device(), stat.inode())))
                    .filter(k -> k.fits(stat))
                    .map(Known::digest);
        }

        /**
         * @param stat taken before the file was read, and again after it with the same answer
         * @param readAt when reading began
         */
        public synchronized void remember(FileStat stat, byte[] digest, Instant readAt) {
            boolean fine = stat.ctimeNanos() != 0;
            Instant changed = Instant.ofEpochSecond(stat.ctimeSeconds(), stat.ctimeNanos());
            if (changed.plus(fine ? FINE_STEP : COARSE_STEP).isAfter(readAt)) {
                return;
            }
            var entry = new Known(
                    stat.size(),
                    stat.mtimeSeconds(),
                    stat.mtimeNanos(),
                    stat.ctimeSeconds(),
                    stat.ctimeNanos(),
                    digest.clone());
            var inode = new Inode(stat.device(), stat.inode());
            known.put(inode, entry);
            unsaved.add(record(inode, entry));
        }

        /** Takes in what other processes, or an earlier one, have learnt. What cannot be read is not known. */
        public synchronized void load() {
            long size = RegularFile.size(file).orElse(0L);
            if (size < loaded) {
                loaded = 0;
            }
            if (size == loaded) {
                return;
            }
            try (InputStream in = RegularFile.open(file)) {
                in.skipNBytes(loaded);
                ByteBuffer buffer = ByteBuffer.wrap(in.readNBytes((int) MAX_FILE));
                while (buffer.remaining() >= RECORD) {
                    read(buffer.slice(buffer.position(), RECORD));
                    buffer.position(buffer.position() + RECORD);
                    loaded += RECORD;
                }
            } catch (IOException e) {
                loaded = 0;
            }
        }

        /** Writes what is new. Failing to is no failure of a build: it will be learnt again. */
        public synchronized void save() {
            if (unsaved.isEmpty()) {
                return;
            }
            ByteBuffer buffer = ByteBuffer.allocate(unsaved.size() * RECORD);
            unsaved.forEach(buffer::put);
            unsaved.clear();
            buffer.flip();
            try {
                append(buffer);
            } catch (IOException e) {
                loaded = 0;
            }
        }

        private void append(ByteBuffer buffer) throws IOException {
            Files.createDirectories(file.getParent());
            boolean isNew = Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
            long size = RegularFile.size(file).orElse(isNew ? 0L : Long.MAX_VALUE);
            if (size > MAX_FILE || size % RECORD != 0) {
                rewrite(); // also over what is no file at all, or was cut off
                return;
            }
            try (FileChannel channel = FileChannel.open(
                    file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.APPEND,
                    LinkOption.NOFOLLOW_LINKS)) {
                channel.write(buffer);
            }
        }

        /** Old records of changed and removed files are left behind. */
        private void rewrite() throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(known.size() * RECORD);
            known.forEach((inode, entry) -> buffer.put(record(inode, entry)));
            AtomicFile.write(file, AtomicFile.Access.PRIVATE, buffer.array());
            loaded = 0;
        }

        private void read(ByteBuffer record) {
            byte[] bytes = new byte[RECORD];
            record.get(bytes);
            ByteBuffer in = ByteBuffer.wrap(bytes);
            if (checksum(bytes) != in.getInt(RECORD - 4)) {
                return;
            }
            var inode = new Inode(in.getLong(), in.getLong());
            var entry = new Known(
                    in.getLong(),
                    in.getLong(),
                    in.getInt(),
                    in.getLong(),
                    in.getInt(),
                    Arrays.copyOfRange(bytes, 48, 80));
            known.put(inode, entry);
        }

        private static byte[] record(Inode inode, Known entry) {
            ByteBuffer out = ByteBuffer.allocate(RECORD);
            out.putLong(inode.device()).putLong(inode.number()).putLong(entry.size());
            out.putLong(entry.mtime()).putInt(entry.mtimeNanos());
            out.putLong(entry.ctime()).putInt(entry.ctimeNanos());
            out.put(entry.digest());
            out.putInt(checksum(out.array()));
            return out.array();
        }

        private static int checksum(byte[] record) {
            var crc = new CRC32();
            crc.update(record, 0, RECORD - 4);
            return (int) crc.getValue();
        }
    }
}
