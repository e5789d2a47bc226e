package org.layerbook.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.layer.LayerChanges.Change;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.oci.Digest;

/** What holds of every kind of root. */
@ParameterizedClass
@EnumSource(TestSnapshots.Kind.class)
class SnapshotsTest {
    private static final long TIME = 1_700_000_000L;

    private final TestSnapshots.Kind kind;

    private final Path temp = Files.createTempDirectory("layerbook");

    SnapshotsTest(TestSnapshots.Kind kind) throws IOException {
        this.kind = kind;
    }

    @AfterEach
    void cleanUp() throws IOException {
        Trees.delete(temp);
    }

    private TestSnapshots snapshots(String name) throws IOException {
        Optional<TestSnapshots> made = TestSnapshots.of(kind, temp.resolve(name));
        assumeTrue(made.isPresent(), "overlayfs cannot be mounted here");
        return made.get();
    }

    private interface Step {
        void on(Path root) throws IOException;
    }

    private static Snapshots.Committed step(Snapshots snapshots, Optional<Digest> parent, Step step)
            throws IOException {
        try (Snapshots.Active active = snapshots.prepare(parent)) {
            step.on(active.root());
            return active.commit(Snapshots.CommitOptions.DEFAULT);
        }
    }

    private static void write(Path file, String content) throws IOException {
        Files.writeString(file, content);
        LinuxFiles.setTimes(file, TIME, 0);
    }

    private static void directory(Path directory) throws IOException {
        LinuxFiles.mkdir(directory, 0755);
        LinuxFiles.setTimes(directory, TIME, 0);
    }

    private static List<String> changes(Snapshots.Committed committed) {
        return committed.changes().changes().stream().map(SnapshotsTest::text).toList();
    }

    private static String text(Change c) {
        return c.kind() + " " + c.path() + " " + c.fileKind() + " " + c.size();
    }

    private static byte[] tar(Snapshots snapshots, Layer layer) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        snapshots.writeTar(layer.chainId(), out);
        return out.toByteArray();
    }

    private static List<String> members(byte[] tar) throws IOException {
        List<String> names = new ArrayList<>();
        try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
            for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
                names.add(e.getName());
            }
        }
        return names;
    }

    private static Layer base(Snapshots snapshots) throws IOException {
        return step(snapshots, Optional.empty(), root -> {
                    directory(root.resolve("etc"));
                    write(root.resolve("etc/passwd"), "root");
                    write(root.resolve("etc/hosts"), "");
                    directory(root.resolve("old"));
                    directory(root.resolve("old/sub"));
                    write(root.resolve("old/sub/file"), "12345");
                    write(root.resolve("old/kept"), "kept");
                    write(root.resolve("gone"), "gone");
                    LinuxFiles.symlink("etc", root.resolve("link"));
                    for (String changed : List.of("etc", "old", "old/sub", "link")) {
                        LinuxFiles.setTimes(root.resolve(changed), TIME, 0);
                    }
                })
                .layer();
    }

    @Test
    void aStepBecomesALayerWithItsChangesAndItsTar() throws IOException {
        TestSnapshots s = snapshots("store");
        Layer base = base(s);
        assertTrue(s.contains(base.chainId()));
        assertEquals(base.diffId(), base.chainId());
        assertEquals(20, base.size());
        Snapshots.Committed second = step(s, Optional.of(base.chainId()), root -> {
            write(root.resolve("etc/passwd"), "root and alice");
            write(root.resolve("new"), "new");
            Files.delete(root.resolve("gone"));
            Files.delete(root.resolve("link"));
            Trees.delete(root.resolve("old/sub"));
        });
        assertEquals(
                List.of(
                        "MODIFIED /etc/passwd FILE 14",
                        "DELETED /gone FILE 4",
                        "DELETED /link SYMLINK 0",
                        "ADDED /new FILE 3",
                        "DELETED /old/sub DIRECTORY 0"),
                changes(second));
        assertEquals(17, second.layer().size());
        assertEquals(
                Layer.chain(Optional.of(base.chainId()), second.layer().diffId()),
                second.layer().chainId());
        byte[] tar = tar(s, second.layer());
        assertEquals(second.layer().diffId(), Digest.sha256(tar));
        assertEquals(List.of("etc/", "etc/passwd", ".wh.gone", ".wh.link", "new", "old/", "old/.wh.sub"), members(tar));
        assertEquals(second.changes(), s.changes(second.layer().chainId()));
        try (Snapshots.View view = s.view(Optional.of(second.layer().chainId()))) {
            assertEquals("root and alice", Files.readString(view.root().resolve("etc/passwd")));
            assertFalse(Files.exists(view.root().resolve("gone")));
            assertFalse(Files.exists(view.root().resolve("old/sub")));
            assertEquals("kept", Files.readString(view.root().resolve("old/kept")));
        }
        assertEquals(List.of(), s.leftovers());
    }

    @Test
    void theTarUnpackedElsewhereIsTheSameRoot() throws IOException {
        TestSnapshots s = snapshots("store");
        Layer base = base(s);
        Snapshots.Committed second = step(s, Optional.of(base.chainId()), root -> {
            Trees.delete(root.resolve("old"));
            directory(root.resolve("old"));
            write(root.resolve("old/fresh"), "fresh");
            Files.delete(root.resolve("gone"));
            directory(root.resolve("gone"));
        });
        TestSnapshots other = snapshots("other");
        Layer otherBase = other.unpack(Optional.empty(), base.diffId(), new ByteArrayInputStream(tar(s, base)));
        assertEquals(base, otherBase);
        assertArrayEquals(tar(s, base), tar(other, base), "what was built here gives its tar wherever it was unpacked");
        Layer otherSecond = other.unpack(
                Optional.of(base.chainId()), second.layer().diffId(), new ByteArrayInputStream(tar(s, second.layer())));
        assertEquals(second.layer(), otherSecond);
        assertEquals(second.changes(), other.changes(otherSecond.chainId()));
        assertEquals(
                List.of(
                        "MODIFIED /gone DIRECTORY 0",
                        "ADDED /old/fresh FILE 5",
                        "DELETED /old/kept FILE 4",
                        "DELETED /old/sub DIRECTORY 0"),
                changes(second));
        for (TestSnapshots each : List.of(s, other)) {
            try (Snapshots.View view = each.view(Optional.of(otherSecond.chainId()))) {
                assertEquals(
                        List.of("etc", "gone", "link", "old", "old/fresh"),
                        walk(view.root()).stream()
                                .filter(n -> !n.startsWith("etc/"))
                                .toList());
            }
        }
    }

    private static List<String> walk(Path root) throws IOException {
        try (var all = Files.walk(root)) {
            return all.map(p -> root.relativize(p).toString())
                    .filter(n -> !n.isEmpty())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void whatOnlyLooksTouchedIsNotInTheLayer() throws IOException {
        TestSnapshots s = snapshots("store");
        Layer base = base(s);
        Snapshots.Committed same = step(s, Optional.of(base.chainId()), root -> {
            LinuxFiles.chmodFollowing(root.resolve("etc/passwd"), 0600);
            LinuxFiles.chmodFollowing(
                    root.resolve("etc/passwd"),
                    LinuxFiles.lstat(root.resolve("gone")).permissions());
            Files.writeString(root.resolve("etc/temporary"), "");
            Files.delete(root.resolve("etc/temporary"));
            write(root.resolve("old/kept"), "kept");
        });
        assertEquals(List.of(), changes(same));
        assertEquals(0, same.layer().size());
        assertEquals(List.of(), members(tar(s, same.layer())));
        assertEquals(
                "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
                same.layer().diffId().toString(),
                "the digest of an empty tar, 1024 zero bytes");
        Snapshots.Committed touched = step(s, Optional.of(base.chainId()), root -> {
            LinuxFiles.setTimes(root.resolve("etc/passwd"), TIME + 1, 0);
            LinuxFiles.chmodFollowing(root.resolve("old"), 0700);
        });
        assertEquals(List.of("MODIFIED /etc/passwd FILE 4", "MODIFIED /old DIRECTORY 0"), changes(touched));
    }

    @Test
    void laterTimesAreClamped() throws IOException {
        TestSnapshots s = snapshots("store");
        try (Snapshots.Active active = s.prepare(Optional.empty())) {
            directory(active.root().resolve("d"));
            Files.writeString(active.root().resolve("d/now"), "x");
            write(active.root().resolve("before"), "x");
            Layer layer = active.commit(new Snapshots.CommitOptions(Optional.of(TIME + 5)))
                    .layer();
            try (Snapshots.View view = s.view(Optional.of(layer.chainId()))) {
                assertEquals(
                        TIME + 5, LinuxFiles.lstat(view.root().resolve("d/now")).mtimeSeconds());
                assertEquals(0, LinuxFiles.lstat(view.root().resolve("d/now")).mtimeNanos());
                assertEquals(
                        TIME + 5, LinuxFiles.lstat(view.root().resolve("d")).mtimeSeconds());
                assertEquals(
                        TIME, LinuxFiles.lstat(view.root().resolve("before")).mtimeSeconds());
            }
            assertEquals(layer.diffId(), Digest.sha256(tar(s, layer)));
        }
    }

    @Test
    void manyLayersMount() throws IOException {
        TestSnapshots s = snapshots("a-folder-whose-name-is-quite-long-as-those-in-the-homes-of-people-are");
        // More than docker's limit of 127; copying would only show that it is slow.
        int count = kind == TestSnapshots.Kind.OVERLAY ? 130 : 20;
        Optional<Digest> parent = Optional.empty();
        for (int i = 0; i < count; i++) {
            String name = "file" + i;
            parent = Optional.of(step(s, parent, root -> write(root.resolve(name), name))
                    .layer()
                    .chainId());
        }
        try (Snapshots.View view = s.view(parent)) {
            assertEquals(count, walk(view.root()).size());
            assertEquals("file0", Files.readString(view.root().resolve("file0")));
        }
        assertEquals(List.of(), s.leftovers());
    }

    @Test
    void withoutACommitNothingStays() throws IOException {
        TestSnapshots s = snapshots("store");
        try (Snapshots.Active active = s.prepare(Optional.empty())) {
            Files.writeString(active.root().resolve("file"), "x");
        }
        assertEquals(List.of(), s.leftovers());
        assertEquals(List.of(), s.folder().all());
    }

    @Test
    void aTarWithAnotherDigestLeavesNothing() throws IOException {
        TestSnapshots s = snapshots("store");
        byte[] tar = tar(s, base(s));
        TestSnapshots other = snapshots("other");
        assertThrows(
                IOException.class,
                () -> other.unpack(Optional.empty(), Digest.sha256(new byte[0]), new ByteArrayInputStream(tar)));
        byte[] half = Arrays.copyOf(tar, tar.length / 2);
        assertThrows(
                IOException.class,
                () -> other.unpack(Optional.empty(), Digest.sha256(half), new ByteArrayInputStream(half)));
        assertEquals(List.of(), other.leftovers());
        assertEquals(List.of(), other.folder().all());
        assertThrows(NoSuchFileException.class, () -> other.prepare(Optional.of(Digest.sha256(tar))));
    }

    @Test
    void manyAtOnceMakeTheSameLayerOnce() throws Exception {
        TestSnapshots s = snapshots("store");
        Layer base = base(s);
        byte[] tar = tar(s, base);
        TestSnapshots other = snapshots("other");
        List<Callable<Layer>> tasks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            tasks.add(
                    i % 2 == 0
                            ? () -> other.unpack(Optional.empty(), base.diffId(), new ByteArrayInputStream(tar))
                            : () -> base(other));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<Layer> each : threads.invokeAll(tasks)) {
                assertEquals(base, each.get());
            }
        }
        assertEquals(List.of(base.chainId()), other.folder().all());
        assertEquals(List.of(), other.leftovers());
    }

    @Test
    void viewsOfOneChainShareARoot() throws IOException {
        TestSnapshots s = snapshots("store");
        Optional<Digest> chain = Optional.of(base(s).chainId());
        Snapshots.View first = s.view(chain);
        Snapshots.View second = s.view(chain);
        assertEquals(first.root(), second.root());
        first.close();
        first.close();
        assertEquals("root", Files.readString(second.root().resolve("etc/passwd")));
        second.close();
        assertEquals(List.of(), s.leftovers());
    }

    @Test
    void theViewOfNothingIsEmpty() throws IOException {
        TestSnapshots s = snapshots("store");
        try (Snapshots.View view = s.view(Optional.empty())) {
            assertEquals(List.of(), walk(view.root()));
            if (kind == TestSnapshots.Kind.OVERLAY) {
                assertThrows(
                        IOException.class, () -> Files.createFile(view.root().resolve("file")));
            }
        }
        assertEquals(List.of(), s.leftovers());
    }

    @Test
    void theRootDirectoryIsWorldReadableAndStaysAsItWas() throws IOException {
        TestSnapshots s = snapshots("store");
        Layer base = base(s);
        Layer second = step(s, Optional.of(base.chainId()), root -> {
                    LinuxFiles.chmodFollowing(root, 0700);
                    write(root.resolve("new"), "new");
                })
                .layer();
        try (Snapshots.View view = s.view(Optional.of(second.chainId()))) {
            FileStat stat = LinuxFiles.lstat(view.root());
            assertEquals(0755, stat.permissions());
            assertEquals(0, s.ownership().of(view.root(), stat).uid());
        }
    }

    @Test
    void aMovedDirectoryIsNotMistakenForTheOneThatWasThere() throws IOException {
        TestSnapshots s = snapshots("store");
        Layer base = step(s, Optional.empty(), root -> {
                    for (String name : List.of("a", "b")) {
                        directory(root.resolve(name));
                        write(root.resolve(name + "/file"), "from " + name);
                    }
                })
                .layer();
        Snapshots.Committed swapped = step(s, Optional.of(base.chainId()), root -> {
            move(root, "a", "t");
            move(root, "b", "a");
            move(root, "t", "b");
        });
        try (Snapshots.View view = s.view(Optional.of(swapped.layer().chainId()))) {
            assertEquals("from b", Files.readString(view.root().resolve("a/file")));
            assertEquals("from a", Files.readString(view.root().resolve("b/file")));
        }
    }

    /** As {@code mv} does it: overlayfs refuses to rename a directory of a lower layer. */
    private static void move(Path root, String from, String to) throws IOException {
        try {
            Files.move(root.resolve(from), root.resolve(to), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LinuxFiles.mkdir(root.resolve(to), 0755);
            write(root.resolve(to + "/file"), Files.readString(root.resolve(from + "/file")));
            Trees.delete(root.resolve(from));
        }
    }
}
