package org.layerbook.engine.snapshot;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.layer.TreeForm;
import org.layerbook.engine.layer.TreeTar;
import org.layerbook.engine.linux.FileCopy;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Store;

/**
 * What a layer of 20,000 small files and four of 64 MiB costs, as multiples of {@code tar -cf - . | sha256sum} on the same
 * files. Not a test: run it by hand on a quiet machine, in a folder on the disk in question, which is left as it was.
 *
 * <p>ext4 avoids inodes deleted in the last minute and searches long for others, so a second run within a minute of the
 * first shows that instead.
 */
final class LayerBenchmark {
    private static final int SMALL_FILES = 20_000;
    private static final int LARGE_FILES = 4;
    private static final int LARGE = 64 << 20;

    private final Path context;
    private double baseline;

    private LayerBenchmark(Path context) {
        this.context = context;
    }

    private interface Work<T> {
        T run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory(Path.of(arguments[0]), "benchmark");
        try (Store store = Store.open(folder.resolve("store"), Identity.current())) {
            LayerBenchmark benchmark = new LayerBenchmark(Files.createDirectory(folder.resolve("context")));
            benchmark.makeFiles();
            benchmark.run(SnapshotStores.detect(store), folder.resolve("layer.tar"));
        } finally {
            Trees.delete(folder);
        }
    }

    private void run(Snapshots snapshots, Path tar) throws Exception {
        time("tar | sha256sum, to warm the page cache", this::baseline);
        long before = System.nanoTime();
        baseline();
        baseline = System.nanoTime() - before;
        System.out.printf("%-40s %6.0f ms%n", "tar | sha256sum", baseline / 1e6);
        time("hash the tree as a layer", () -> TreeTar.write(context, TreeForm.ROOT, Optional.empty()));
        Layer layer;
        try (Snapshots.Active active = time("prepare", () -> snapshots.prepare(Optional.empty()))) {
            Path source = active.root().resolve("src");
            LinuxFiles.mkdir(source, 0755);
            time("copy", () -> copy(context, source, snapshots));
            layer = time("commit", () -> active.commit(Snapshots.CommitOptions.DEFAULT))
                    .layer();
        }
        time("write the tar to a file", () -> {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(tar))) {
                snapshots.writeTar(layer.chainId(), out);
            }
            return tar;
        });
        Optional<Digest> parent = Optional.of(layer.chainId());
        time("unpack it again, on top", () -> {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(tar))) {
                return snapshots.unpack(parent, layer.diffId(), in);
            }
        });
        for (int i = 0; i < 20; i++) {
            smallStep(snapshots, parent, i);
        }
        time("prepare, one file, commit", () -> smallStep(snapshots, parent, 20));
    }

    private static Layer smallStep(Snapshots snapshots, Optional<Digest> parent, int i) throws IOException {
        try (Snapshots.Active active = snapshots.prepare(parent)) {
            Files.writeString(active.root().resolve("file"), "content " + i);
            return active.commit(Snapshots.CommitOptions.DEFAULT).layer();
        }
    }

    private <T> T time(String what, Work<T> work) throws Exception {
        long before = System.nanoTime();
        T result = work.run();
        double time = System.nanoTime() - before;
        String ratio = baseline > 0 ? String.format("%6.2f", time / baseline) : "";
        System.out.printf("%-40s %6.1f ms %s%n", what, time / 1e6, ratio);
        return result;
    }

    private Integer baseline() throws Exception {
        return new ProcessBuilder("sh", "-c", "tar -cf - . | sha256sum")
                .directory(context.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private void makeFiles() throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < SMALL_FILES; i++) {
            Path directory = Files.createDirectories(context.resolve("d" + i % 200 + "/s" + i % 7));
            write(directory.resolve("f" + i), random.nextInt(100, 11_600), random);
        }
        for (int i = 0; i < LARGE_FILES; i++) {
            write(context.resolve("large" + i), LARGE, random);
        }
    }

    private static void write(Path file, int size, Random random) throws IOException {
        byte[] content = new byte[size];
        random.nextBytes(content);
        Files.write(file, content);
    }

    private static Path copy(Path from, Path to, Snapshots snapshots) throws IOException {
        try (var children = Files.newDirectoryStream(from)) {
            for (Path child : children) {
                FileStat stat = LinuxFiles.lstat(child);
                Path copy = to.resolve(child.getFileName());
                if (stat.isDirectory()) {
                    LinuxFiles.mkdir(copy, stat.permissions());
                    copy(child, copy, snapshots);
                } else {
                    FileCopy.copyContent(child, copy);
                }
                snapshots
                        .ownership()
                        .set(copy, stat.type(), snapshots.ownership().of(child, stat));
                LinuxFiles.setTimes(copy, stat.mtimeSeconds(), stat.mtimeNanos());
            }
        }
        return to;
    }
}
