package org.layerbook.engine.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Images.Resolution;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Store;

/** A store that another user fills, and this one reads besides its own. */
class AdditionalStoreTest {
    private static final Identity TEACHER = new Identity(0, "0 0 4294967295", "0 0 4294967295");
    private static final Identity STUDENT = new Identity(0, "0 1001 1\n1 165536 65536", "0 1001 1\n1 165536 65536");
    private static final Reference COURSE = Reference.parse("course:1");

    @TempDir
    Path folder;

    private final FakeSnapshots teachersTrees = new FakeSnapshots();
    private final FakeSnapshots studentsTrees = new FakeSnapshots();
    private Path home;
    private Image course;
    private Store student;

    @BeforeEach
    void fill() throws IOException {
        home = Files.createDirectory(
                folder.resolve("teacher"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        try (Store teacher = Store.open(home, TEACHER)) {
            course = image(teacher, teachersTrees, "base", "course");
            teacher.names().set(COURSE, course.id());
            image(teacher, teachersTrees, "without a name");
            var archives = new ImageArchives(teacher, teachersTrees);
            archives.save(List.of(new ImageArchives.Saved(course, List.of(COURSE))), OutputStream.nullOutputStream());
        }
        student = Store.open(folder.resolve("student"), STUDENT, List.of(home));
    }

    @AfterEach
    void close() throws IOException {
        student.close();
    }

    private static Image image(Store store, FakeSnapshots trees, String... texts) throws IOException {
        var layers = new ArrayList<Layer>();
        Optional<Digest> parent = Optional.empty();
        for (String text : texts) {
            layers.add(trees.built(
                    parent, new TestTar().file("file" + layers.size(), text).bytes()));
            parent = Optional.of(layers.getLast().chainId());
        }
        byte[] config = new ImageConfig(
                        new Platform("linux", "amd64"),
                        Optional.empty(),
                        Optional.empty(),
                        ContainerConfig.EMPTY,
                        layers.stream().map(Layer::diffId).toList(),
                        List.of())
                .toJson();
        var image = new Image(Bytes.of(config), ImageConfig.parse(config), layers, Optional.empty());
        store.images().put(image);
        return image;
    }

    private TreeMap<String, FileTime> everything(Path root) throws IOException {
        var found = new TreeMap<String, FileTime>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList()) {
                found.put(root.relativize(file).toString(), Files.getLastModifiedTime(file));
            }
        }
        return found;
    }

    @Test
    void itsNamedImagesAreListedFoundAndUnpackedHere() throws IOException {
        var before = everything(home);
        assertEquals(1, student.images().list().size(), "the one without a name is the teacher's own business");
        assertEquals(List.of(COURSE), student.names().of(course.id()));
        assertInstanceOf(Resolution.Found.class, student.images().resolve("course:1"));
        assertInstanceOf(
                Resolution.Found.class,
                student.images().resolve(course.id().hex().substring(0, 12)));
        Image found = student.images().get(course.id()).orElseThrow();
        assertEquals(course.configBytes(), found.configBytes());
        var snapshots = new UnpackingSnapshots(studentsTrees, student);
        assertEquals(0, studentsTrees.count());
        snapshots.writeTar(found.chainId().orElseThrow(), OutputStream.nullOutputStream());
        assertEquals(2, studentsTrees.count());
        try (Stream<Path> blobs = Files.walk(student.home().resolve("blobs"))) {
            assertEquals(0, blobs.filter(Files::isRegularFile).count(), "no blob is copied");
        } catch (NoSuchFileException e) {
            // not even the folder
        }
        assertEquals(before, everything(home), "nothing of it is written");
        assertEquals(List.of(), student.verify(studentsTrees));
    }

    @Test
    void itIsNeverRemovedFrom() throws IOException {
        assertTrue(student.images().isShared(course.id()));
        assertTrue(student.names().isShared(COURSE));
        var refused = assertThrows(StoreException.class, () -> student.names().remove(COURSE));
        assertTrue(refused.getMessage().startsWith("course:1 belongs to the additional store " + home));
        assertThrows(StoreException.class, () -> student.images().remove(course.id()));
        student.collector(studentsTrees).collect();
        assertTrue(student.images().contains(course.id()));
    }

    @Test
    void aNameOfOnesOwnHidesTheirsAndMakesTheImageOnesOwn() throws IOException {
        Image mine = image(student, studentsTrees, "mine");
        student.names().set(COURSE, mine.id());
        assertEquals(mine.id(), student.names().get(COURSE).orElseThrow().image());
        assertEquals(1, student.images().list().size());
        Reference renamed = Reference.parse("renamed:1");
        student.names().set(renamed, course.id());
        assertFalse(student.images().isShared(course.id()), "it is listed here now");
        student.collector(studentsTrees).collect();
        assertEquals(List.of(), student.verify(studentsTrees));
        assertTrue(student.names().remove(COURSE));
        assertEquals(course.id(), student.names().get(COURSE).orElseThrow().image(), "theirs is seen again");
    }

    @Test
    void aDamagedBlobIsNotTaken() throws IOException {
        Image found = student.images().get(course.id()).orElseThrow();
        Digest blob = found.layers().getFirst().blob().orElseThrow().digest();
        Path file = home.resolve("blobs/sha256").resolve(blob.hex());
        byte[] content = Files.readAllBytes(file);
        content[content.length / 2] ^= 1;
        Files.delete(file);
        Files.write(file, content);
        var snapshots = new UnpackingSnapshots(studentsTrees, student);
        assertThrows(
                IOException.class,
                () -> snapshots.writeTar(found.chainId().orElseThrow(), OutputStream.nullOutputStream()));
        assertEquals(0, studentsTrees.count());
        assertThrows(StoreException.class, () -> student.content().open(blob).readAllBytes());
    }

    @Test
    void whatOthersCanWriteToIsNotUsed() throws IOException {
        Files.setPosixFilePermissions(home.resolve("names"), PosixFilePermissions.fromString("rwxrwxr-x"));
        try (Store another = Store.open(
                folder.resolve("another"),
                STUDENT,
                List.of(home, folder.resolve("nowhere"), folder.resolve("another")))) {
            assertEquals(2, another.additional().size(), "a store is not its own additional one");
            assertTrue(another.additional().get(0).problem().orElseThrow().contains("is writable by other users"));
            assertTrue(another.additional().get(1).problem().orElseThrow().contains("is not a Layerbook store"));
            assertEquals(0, another.images().list().size());
        }
    }

    @Test
    void aStoreForOthersToReadKeepsItsTreesToItself() throws IOException {
        for (String part : List.of("snapshots", "cache", "build", "tmp")) {
            assertEquals(
                    "rwx------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(part))),
                    part);
        }
    }

    @Test
    void aLayerThatWasNeverPackedIsSaid() throws IOException {
        Image built;
        try (Store teacher = Store.open(home, TEACHER)) {
            built = image(teacher, teachersTrees, "built and never saved");
            teacher.names().set(Reference.parse("built:1"), built.id());
        }
        var snapshots = new UnpackingSnapshots(studentsTrees, student);
        var refused = assertThrows(
                StoreException.class,
                () -> snapshots.writeTar(built.chainId().orElseThrow(), OutputStream.nullOutputStream()));
        assertTrue(refused.getMessage().contains("docker save"), refused.getMessage());
    }
}
