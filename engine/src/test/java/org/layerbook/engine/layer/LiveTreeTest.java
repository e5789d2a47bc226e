package org.layerbook.engine.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.layer.tar.TarEntry;
import org.layerbook.engine.layer.tar.TarWriter;
import org.layerbook.engine.linux.HeldPath;
import org.layerbook.engine.linux.LinuxFiles;

/** Trees in which somebody else makes links that lead out, while they are read or written. */
@Timeout(60)
class LiveTreeTest {
    private static final TreeForm FORM = new TreeForm(TreeForm.Marks.OWN, Ownership.MAPPED);
    private static final int ROUNDS = 400;

    @TempDir
    Path folder;

    private Path root;
    private Path outside;

    @BeforeEach
    void trees() throws IOException {
        root = Files.createDirectories(folder.resolve("root"));
        outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("file"), "secret");
    }

    /** Puts a directory and a link out of the tree in each other's place, again and again. */
    private final class Exchanging implements AutoCloseable {
        private final AtomicBoolean ended = new AtomicBoolean();
        private final Thread thread;

        Exchanging() throws IOException {
            Path directory = Files.createDirectories(root.resolve("a/b"));
            Files.writeString(directory.resolve("file"), "inside");
            LinuxFiles.symlink(outside.toString(), root.resolve("a/link"));
            thread = Thread.ofPlatform().start(() -> {
                while (!ended.get()) {
                    try {
                        LinuxFiles.exchange(directory, root.resolve("a/link"));
                    } catch (IOException e) {
                        return;
                    }
                }
            });
        }

        @Override
        public void close() {
            ended.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static byte[] tar(String... names) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarWriter(bytes)) {
            for (String name : names) {
                var kind = name.endsWith("/") ? TarEntry.Kind.DIRECTORY : TarEntry.Kind.FILE;
                String plain = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
                tar.header(new TarEntry(kind, plain, 0755, 0, 0, 0, 0, 0, "", 0, 0, TarEntry.NO_XATTRS));
            }
            tar.end();
        }
        return bytes.toByteArray();
    }

    private void unpack(String inside, byte[] tar) throws IOException {
        try (HeldPath held = HeldPath.root(root)) {
            new TreeUnpacker(held, Path.of(inside), inside, new TreeUnpacker.Owners.Ours())
                    .unpack(new ByteArrayInputStream(tar));
        }
    }

    @Test
    void unpackingStaysInTheTree() throws IOException {
        byte[] tar = tar("b/new", "b/sub/", "b/sub/new");
        int unpacked = 0;
        try (var _ = new Exchanging()) {
            for (int round = 0; round < ROUNDS; round++) {
                try {
                    unpack("/a", tar);
                    unpacked++;
                } catch (IOException e) {
                    continue; // the link leads nowhere here
                }
            }
        }
        assertTrue(unpacked > 0);
        try (var left = Files.list(outside)) {
            assertEquals(List.of(outside.resolve("file")), left.toList());
        }
        assertEquals("secret", Files.readString(outside.resolve("file")));
    }

    @Test
    void readingStaysInTheTree() throws Exception {
        boolean found = false;
        try (var _ = new Exchanging();
                HeldPath held = HeldPath.root(root)) {
            for (int round = 0; round < ROUNDS; round++) {
                var tar = new ByteArrayOutputStream();
                new LiveTree(FORM, _ -> false).writeTar(held, "", tar);
                String text = tar.toString(StandardCharsets.ISO_8859_1);
                assertFalse(text.contains("secret"));
                found |= text.contains("inside");
            }
        }
        assertTrue(found);
    }

    @Test
    void copyingStaysInTheTree() throws Exception {
        try (var _ = new Exchanging();
                HeldPath held = HeldPath.root(root)) {
            for (int round = 0; round < ROUNDS / 4; round++) {
                Path copy = Files.createDirectory(folder.resolve("copy" + round));
                new LiveTree(FORM, _ -> false).copyUpper(held, copy, (_, _) -> false);
                for (String name : List.of("a/b/file", "a/link/file")) {
                    Path file = copy.resolve(name);
                    boolean plain = !Files.isSymbolicLink(file.getParent()) && Files.exists(file);
                    assertTrue(!plain || Files.readString(file).equals("inside"));
                }
            }
        }
    }

    @Test
    void anAbsoluteLinkBeginsAtTheRootOfTheTree() throws IOException {
        Files.createDirectories(root.resolve("etc"));
        LinuxFiles.symlink("/etc", root.resolve("link"));
        LinuxFiles.symlink("../../../../../etc", root.resolve("up"));
        unpack("/link", tar("one"));
        unpack("/up/.", tar("two"));
        assertTrue(Files.exists(root.resolve("etc/one")));
        assertTrue(Files.exists(root.resolve("etc/two")));
    }

    @Test
    void aNameThatLeadsOutIsRefused() throws IOException {
        byte[] tar = tar("../x");
        var refused = assertThrows(IOException.class, () -> unpack("/", tar));
        assertEquals("\"../x\" is outside of \"/\"", refused.getMessage());
    }

    @Test
    void whatIsThereIsReplacedButForTheOtherKind() throws IOException {
        Files.createDirectories(root.resolve("d/full/x"));
        Files.writeString(root.resolve("d/file"), "old");
        LinuxFiles.symlink(outside.resolve("file").toString(), root.resolve("d/link"));
        unpack("/d", tar("file", "link", "full/", "full/new", "made/by/us"));
        assertEquals("", Files.readString(root.resolve("d/file")));
        assertTrue(Files.isRegularFile(root.resolve("d/link")) && !Files.isSymbolicLink(root.resolve("d/link")));
        assertTrue(Files.exists(root.resolve("d/full/x")) && Files.exists(root.resolve("d/full/new")));
        assertTrue(Files.exists(root.resolve("d/made/by/us")));
        assertEquals("secret", Files.readString(outside.resolve("file")));
        byte[] file = tar("full");
        assertEquals(
                "cannot overwrite directory \"/d/full\" with non-directory \"/d\"",
                assertThrows(IOException.class, () -> unpack("/d", file)).getMessage());
        byte[] directory = tar("file/");
        assertEquals(
                "cannot overwrite non-directory \"/d/file\" with directory \"/d\"",
                assertThrows(IOException.class, () -> unpack("/d", directory)).getMessage());
    }

    @Test
    void changesAreListedAsDockerListsThem() throws IOException {
        Path lower = Files.createDirectories(folder.resolve("lower"));
        Files.createDirectories(lower.resolve("etc/keep"));
        Files.createDirectories(lower.resolve("opaque"));
        Files.writeString(lower.resolve("etc/gone"), "x");
        Files.writeString(lower.resolve("etc/same"), "x");
        Files.writeString(lower.resolve("opaque/old"), "x");
        Files.createDirectories(root.resolve("etc/keep"));
        Files.writeString(root.resolve("etc/same"), "x");
        Files.writeString(root.resolve("etc/hosts"), "");
        FORM.whiteout(root.resolve("etc/gone"));
        FORM.whiteout(root.resolve("etc/never-there"));
        Files.createDirectories(root.resolve("opaque"));
        FORM.setOpaque(root.resolve("opaque"));
        Files.createDirectories(root.resolve("new/dir"));
        try (HeldPath held = HeldPath.root(root)) {
            var changes = new LiveTree(FORM, _ -> false)
                    .changes(held, List.of(lower), (name, _) -> name.equals("/etc/hosts"));
            assertEquals(
                    List.of(
                            "MODIFIED /etc",
                            "DELETED /etc/gone",
                            "MODIFIED /etc/same",
                            "ADDED /new",
                            "ADDED /new/dir",
                            "MODIFIED /opaque",
                            "DELETED /opaque/old"),
                    changes.changes().stream()
                            .map(change -> change.kind() + " " + change.path())
                            .toList());
        }
    }
}
