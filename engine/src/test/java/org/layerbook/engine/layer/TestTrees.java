package org.layerbook.engine.layer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.layerbook.engine.layer.tar.ByteString;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Processes;
import org.layerbook.engine.linux.Xattrs;
import org.layerbook.engine.oci.Digest;

/** Makes trees for tests, and describes trees as text, one line a file. */
final class TestTrees {
    /** What this test process may use: all as root, less in a user namespace, least with a single id. */
    static final TreeForm FORM = new TreeForm(
            canSetTrusted() ? TreeForm.Marks.TRUSTED : TreeForm.Marks.USER,
            Processes.uid() == 0 && hasManyIds() ? Ownership.MAPPED : Ownership.RECORDED);

    private TestTrees() {}

    /** In a user namespace uid 0 may not. */
    private static boolean canSetTrusted() {
        try {
            Path probe = Files.createTempFile("layerbook", "probe");
            try {
                Xattrs.set(probe, "trusted.layerbook", new byte[] {1});
                return true;
            } finally {
                Files.delete(probe);
            }
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean hasManyIds() {
        try {
            return !Files.readString(Path.of("/proc/self/uid_map")).strip().matches("\\d+ +\\d+ +1");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * One line a file, in the tar's order: kind, permissions, owner, mtime in seconds, name, and size and content, target,
     * attributes, device number, number of names.
     */
    static List<String> describe(Path tree) throws IOException {
        List<String> lines = new ArrayList<>();
        describe("", tree, lines);
        return lines;
    }

    private static void describe(String directory, Path path, List<String> lines) throws IOException {
        for (String name : TreeTar.sortedNames(path)) {
            Path child = ByteString.child(path, name);
            FileStat stat = LinuxFiles.lstat(child);
            Ownership.Owner owner = FORM.ownership().of(child, stat);
            StringBuilder line = new StringBuilder();
            line.append(
                    switch (stat.type()) {
                        case FileStat.REGULAR -> "file";
                        case FileStat.DIRECTORY -> "dir";
                        case FileStat.SYMLINK -> "link";
                        case FileStat.FIFO -> "fifo";
                        case FileStat.SOCKET -> "socket";
                        default -> stat.isWhiteout() ? "whiteout" : "device";
                    });
            String whole = ByteString.join(directory, name);
            line.append(' ').append(ByteString.text(whole));
            if (!stat.isWhiteout()) {
                line.append(String.format(
                        " %04o %d:%d %d",
                        owner.permissions(),
                        Integer.toUnsignedLong(owner.uid()),
                        Integer.toUnsignedLong(owner.gid()),
                        stat.mtimeSeconds()));
            }
            if (stat.isRegular()) {
                line.append(" #" + stat.links() + " ")
                        .append(stat.size())
                        .append(' ')
                        .append(Digest.sha256(Files.readAllBytes(child)).shortHex());
            }
            if (stat.isSymlink()) {
                line.append(" -> ").append(ByteString.text(ByteString.of(LinuxFiles.readlink(child))));
            }
            if (stat.isDevice() && !stat.isWhiteout()) {
                line.append(" " + stat.rdevMajor() + "," + stat.rdevMinor());
            }
            if (stat.isRegular() || stat.isDirectory()) {
                TreeForm.attributes(child)
                        .forEach((k, v) ->
                                line.append(" " + k + "=" + HexFormat.of().formatHex(v)));
            }
            if (stat.isDirectory() && FORM.isOpaque(child)) {
                line.append(" opaque");
            }
            lines.add(line.toString());
            if (stat.isDirectory()) {
                describe(whole, child, lines);
            }
        }
    }

    /** A tree with some of everything, the same for the same seed. */
    static void random(Path root, long seed) throws IOException {
        new RandomTree(root, new Random(seed)).fill(root, 0);
        FORM.ownership().set(root, FileStat.DIRECTORY, new Ownership.Owner(0, 0, 0755));
    }

    private record RandomTree(Path root, Random random, List<Path> files) {
        RandomTree(Path root, Random random) {
            this(root, random, new ArrayList<>());
        }

        void fill(Path directory, int depth) throws IOException {
            int count = random.nextInt(depth == 0 ? 12 : 6);
            for (int i = 0; i < count; i++) {
                Path child = ByteString.child(directory, name() + i);
                int kind = random.nextInt(12);
                switch (kind) {
                    case 0, 1, 2 -> {
                        LinuxFiles.mkdir(child, 0755);
                        if (depth < 5) {
                            fill(child, depth + 1);
                        }
                        finish(child, FileStat.DIRECTORY);
                    }
                    case 3, 4 -> {
                        LinuxFiles.symlink(
                                random.nextBoolean() ? "/etc/passwd" : "../" + "x".repeat(random.nextInt(200)), child);
                        finish(child, FileStat.SYMLINK);
                    }
                    case 5 -> {
                        LinuxFiles.mknod(child, FileStat.FIFO | 0600, 0, 0);
                        finish(child, FileStat.FIFO);
                    }
                    case 6 -> LinuxFiles.whiteout(child);
                    case 7 -> {
                        if (!files.isEmpty()) {
                            LinuxFiles.link(files.get(random.nextInt(files.size())), child);
                        }
                    }
                    default -> {
                        byte[] content =
                                new byte[random.nextInt(4) == 0 ? random.nextInt(600_000) : random.nextInt(2000)];
                        random.nextBytes(content);
                        Files.write(child, content);
                        files.add(child);
                        finish(child, FileStat.REGULAR);
                    }
                }
            }
        }

        private String name() {
            return switch (random.nextInt(8)) {
                case 0 -> "é";
                case 1 -> "a name with spaces";
                case 2 -> "long-".repeat(1 + random.nextInt(40));
                case 3 -> "\u00ff\u00fe"; // as raw bytes no UTF-8
                case 4 -> ".hidden";
                default -> Character.toString('a' + random.nextInt(26));
            };
        }

        private void finish(Path path, int type) throws IOException {
            int uid = random.nextInt(3) == 0 ? random.nextInt(65000) : 0;
            int permissions =
                    random.nextInt(4) == 0 ? random.nextInt(010000) : type == FileStat.DIRECTORY ? 0755 : 0644;
            if (FORM.ownership() == Ownership.MAPPED || (type != FileStat.SYMLINK && type != FileStat.FIFO)) {
                FORM.ownership().set(path, type, new Ownership.Owner(uid, random.nextInt(2) * 100, permissions));
            }
            if (type == FileStat.REGULAR && random.nextInt(4) == 0) {
                Xattrs.set(path, "user.some.é", "value\n\0é".getBytes(StandardCharsets.UTF_8));
            }
            LinuxFiles.setTimes(path, random.nextLong(4_000_000_000L), random.nextInt(1_000_000_000));
        }
    }
}
