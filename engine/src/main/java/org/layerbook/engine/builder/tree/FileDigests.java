package org.layerbook.engine.builder.tree;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.layerbook.engine.builder.step.CancelledException;
import org.layerbook.engine.builder.step.ImageSource;
import org.layerbook.engine.builder.step.ThrottledProgress;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.layer.TreeForm;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.oci.Digest;

/** Digests of files' contents, by several threads, and from memory where a file has not changed. */
final class FileDigests {
    private static final int BUFFER = 256 * 1024;
    private static final int THREADS = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);
    /** Below it, other threads cost more than they give. */
    private static final int ALONE = 64;

    private FileDigests() {}

    /**
     * Content and attributes of every regular file.
     *
     * @param progress hears how much has been read
     * @param memory of the context; empty for other trees, whose inodes do not last
     * @return by the entry's path
     */
    static Map<String, String> of(
            List<SourceTree.Entry> files,
            Optional<StatCache.Context> memory,
            ImageSource.Progress progress,
            Cancellation cancellation)
            throws IOException {
        memory.ifPresent(StatCache.Context::load);
        Map<String, String> sums = new ConcurrentHashMap<>();
        var unknown = new ArrayList<SourceTree.Entry>();
        for (SourceTree.Entry file : files) {
            Optional<byte[]> known = memory.flatMap(m -> m.find(file.stat()));
            if (known.isPresent()) {
                sums.put(file.path(), HexFormat.of().formatHex(known.get()));
            } else {
                unknown.add(file);
            }
        }
        long total = unknown.stream().mapToLong(file -> file.stat().size()).sum();
        var meter = new ThrottledProgress(progress, "looking for changes", total);
        var next = new AtomicInteger();
        Callable<Void> work = () -> {
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
            for (int i = next.getAndIncrement(); i < unknown.size(); i = next.getAndIncrement()) {
                CancelledException.check(cancellation);
                SourceTree.Entry file = unknown.get(i);
                byte[] sum = sum(file, buffer, memory, meter, cancellation);
                sums.put(file.path(), HexFormat.of().formatHex(sum));
            }
            return null;
        };
        run(work, unknown.size() < ALONE ? 1 : THREADS);
        meter.end();
        memory.ifPresent(StatCache.Context::save);
        return sums;
    }

    private static void run(Callable<Void> work, int threads) throws IOException {
        try (ExecutorService pool = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("file-sums-", 0).factory())) {
            var others = new ArrayList<Future<Void>>();
            for (int i = 1; i < threads; i++) {
                others.add(pool.submit(work));
            }
            try {
                work.call();
            } finally {
                for (Future<Void> other : others) {
                    other.get();
                }
            }
        } catch (IOException e) {
            throw e;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private static byte[] sum(
            SourceTree.Entry file,
            ByteBuffer buffer,
            Optional<StatCache.Context> memory,
            ThrottledProgress meter,
            Cancellation cancellation)
            throws IOException {
        Instant begin = Instant.now();
        byte[] sum = contentAndAttributes(file.file(), buffer, meter, cancellation);
        FileStat after = LinuxFiles.lstat(file.file());
        if (memory.isPresent()
                && after.ctimeSeconds() == file.stat().ctimeSeconds()
                && after.ctimeNanos() == file.stat().ctimeNanos()) {
            memory.get().remember(file.stat(), sum, begin);
        }
        return sum;
    }

    private static byte[] contentAndAttributes(
            Path file, ByteBuffer buffer, ThrottledProgress meter, Cancellation cancellation) throws IOException {
        MessageDigest sum = Digest.newSha256();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(buffer.clear()) >= 0) {
                meter.add(buffer.flip().remaining());
                sum.update(buffer);
                CancelledException.check(cancellation);
            }
        }
        byte[] content = sum.digest();
        String attributes = attributes(file);
        if (attributes.isEmpty()) {
            return content;
        }
        sum.update(content);
        sum.update(attributes.getBytes(StandardCharsets.UTF_8));
        return sum.digest();
    }

    /** Extended attributes that a copy takes along, in one line; empty for none. */
    static String attributes(Path file) throws IOException {
        var lines = new ArrayList<String>();
        TreeForm.attributes(file)
                .forEach((name, value) -> lines.add(name + "=" + HexFormat.of().formatHex(value)));
        return String.join(",", lines);
    }
}
