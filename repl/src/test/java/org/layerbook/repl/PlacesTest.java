package org.layerbook.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.linux.Processes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The first notebook, and {@code layerbook doctor}, from an installation, in places like those where people run Layerbook: in a
 * container as root and as a user, without the means for this or that. {@code src/test/places/place} makes each.
 */
class PlacesTest {
    private static final Path PLACE = Path.of("src/test/places/place").toAbsolutePath();
    private static final Path NOTEBOOK = Path.of("../notebooks/01-first-image.ipynb");
    private static final Path MAKE_BUSYBOX =
            Path.of("../notebooks/make-busybox").toAbsolutePath();
    private static final int UNAVAILABLE = 77;

    private static final String DOCKER = "--masked --seccomp docker --capabilities docker ";
    private static final String NO_MKNOD = "--masked --seccomp docker --capabilities podman ";
    private static final String SECCOMP = "--security-opt seccomp=unconfined";
    private static final String SYSTEMPATHS = "--security-opt systempaths=unconfined";

    /** @param said parts of what the doctor says, its lines joined */
    private record Place(String name, String options, List<String> programs, List<String> said) {}

    private static Place place(String name, String options, List<String> programs, String... said) {
        return new Place(name, options, programs, List.of(said));
    }

    private static final List<Place> PLACES = List.of(
            place("a container, as root", DOCKER, List.of(), "! runtime chroot (", SECCOMP),
            place("a container, as a user", DOCKER + "--user", List.of("proot"), "! runtime proot (", SECCOMP),
            place(
                    "a container that allows namespaces, as root",
                    "--masked --capabilities docker",
                    List.of("runc"),
                    "! isolation user and mount namespace, with a range of IDs (4294967295)",
                    SYSTEMPATHS,
                    "✓ snapshots overlayfs",
                    "(/proc is that of this container"),
            place(
                    "a container that allows namespaces, as a user",
                    "--masked --user",
                    List.of("runc", "newuidmap"),
                    "! isolation user and mount namespace, with a range of IDs (65537)",
                    SYSTEMPATHS,
                    "✓ snapshots overlayfs",
                    "(/proc is that of this container"),
            place(
                    "namespaces, and no runtime",
                    "--masked --user --without runc --without crun",
                    List.of("newuidmap"),
                    "✓ snapshots overlayfs",
                    "! runtime chroot (processes can see",
                    "install runc or crun"),
            place(
                    "newuidmap with file capabilities",
                    "--user --capabilities docker --id-programs file",
                    List.of("runc", "newuidmap"),
                    "✓ isolation user, mount and PID namespaces, with a range of IDs (65537)"),
            place(
                    "newuidmap with a set-user-id bit of a root that has few capabilities",
                    "--user --capabilities docker",
                    List.of("runc", "newuidmap"),
                    "! isolation user, mount and PID namespaces, with a single ID",
                    "`setcap cap_setuid+ep "),
            place(
                    "newuidmap without any rights",
                    "--user --id-programs none",
                    List.of("runc", "newuidmap"),
                    "with a single ID",
                    "capabilities that newuidmap lost when it was copied: `setcap cap_setuid+ep "),
            place(
                    "no subordinate ids, in a container",
                    "--user --masked --no-subordinate-ids",
                    List.of("runc", "newuidmap"),
                    "user and mount namespace, with a single ID",
                    "the line `placed:100000:65536` to /etc/subuid",
                    SYSTEMPATHS),
            place(
                    "no new privileges",
                    "--user --no-new-privileges",
                    List.of("runc", "newuidmap"),
                    "with a single ID",
                    "without `--security-opt no-new-privileges`"),
            place(
                    "no new privileges, as root in a container",
                    DOCKER + "--no-new-privileges",
                    List.of(),
                    "runtime chroot ("),
            place(
                    "no mounts",
                    "--user --seccomp mount",
                    List.of("proot", "newuidmap"),
                    "allows mount, umount2",
                    SECCOMP),
            place(
                    "a filter that does not know clone3",
                    "--user --seccomp clone3",
                    List.of("runc"),
                    "✓ snapshots overlayfs",
                    "Update Docker to 20.10.10"),
            place(
                    "only one folder can be written",
                    DOCKER + "--user --read-only",
                    List.of("proot"),
                    "! runtime proot (",
                    SECCOMP),
            place("a container that may make no devices", NO_MKNOD, List.of("proot"), "! runtime proot (", SECCOMP),
            place("a store on nodev", DOCKER + "--nodev", List.of("proot"), "! runtime proot (", SECCOMP),
            place("root without capabilities", "--capabilities none", List.of("proot"), "SETUID, SETGID and SETFCAP"),
            place("512 MiB of memory", DOCKER + "--memory 512", List.of(), "runtime chroot ("),
            place(
                    "512 MiB of address space",
                    "--user --address-space 512",
                    List.of("newuidmap"),
                    "✓ snapshots overlayfs"));

    @TempDir
    private static Path folder;

    private static Path launcher;

    @BeforeAll
    static void install() throws Exception {
        assumeTrue(Processes.uid() == 0, "needs root, to make places for others");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "needs python3");
        assumeTrue(Files.isExecutable(Path.of("/bin/busybox")), "needs a static busybox: install busybox-static");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        launcher = Installation.make(Files.createDirectory(folder.resolve("installation")));
        Installation.makeCache(launcher, folder);
        new ProcessBuilder(MAKE_BUSYBOX.toString(), "/bin/busybox")
                .redirectOutput(folder.resolve("busybox.tar").toFile())
                .start()
                .waitFor();
    }

    @TestFactory
    Stream<DynamicTest> theFirstNotebookRunsAndTheDoctorNamesWhatHelps() {
        return PLACES.stream()
                .map(p -> DynamicTest.dynamicTest(p.name(), () -> {
                    String said = visit(p, 0);
                    boolean weaker = said.contains("! runtime ");
                    assertEquals(weaker ? 1 : 0, said.split("note: RUN ", -1).length - 1, () -> "said once: " + said);
                    assertTrue(!weaker || said.contains("(see `layerbook doctor`)"), said);
                    for (String each : p.said()) {
                        assertTrue(said.contains(each), () -> "the doctor does not say: " + each + "\n" + said);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> whereNothingCanRunASentenceSaysWhatToDo() {
        String remedy = "without namespaces, RUN needs proot: install the package proot";
        Place nowhere = place("a container, as a user, without proot", DOCKER + "--user --without proot", List.of());
        return Stream.of(DynamicTest.dynamicTest(nowhere.name(), () -> {
            String said = visit(nowhere, 1);
            assertTrue(said.contains("cannot run processes on this machine: ") && said.contains(remedy), said);
            assertTrue(said.contains("✗ runtime RUN does not work: "), said);
        }));
    }

    /** The notebook reads /dev/zero. */
    @TestFactory
    Stream<DynamicTest> whereAChrootHasNoDevicesThatIsSaid() {
        return Stream.of(
                        place(
                                "no mknod",
                                NO_MKNOD + "--without proot",
                                List.of(),
                                "with `--cap-add MKNOD`, or install"),
                        place("nodev", DOCKER + "--nodev --without proot", List.of(), "not mounted nodev"))
                .map(p -> DynamicTest.dynamicTest(p.name(), () -> {
                    String said = visit(p, 1);
                    assertTrue(said.contains("no devices (/dev/null is a file), no RUN --mount"), said);
                    assertTrue(said.contains("a chroot has no devices here: "), said);
                    assertTrue(said.contains(p.said().getFirst()), said);
                }));
    }

    /** @return what all that ran there said, in one line */
    private static String visit(Place place, int expected) throws Exception {
        for (String each : place.programs()) {
            assumeTrue(
                    Stream.of("/usr/bin", "/usr/sbin", "/bin").anyMatch(d -> Files.isExecutable(Path.of(d, each))),
                    "needs " + each);
        }
        Path work = Files.createTempDirectory(folder, "work");
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.writeString(work.resolve("first.ipynb"), withBase(folder.resolve("busybox.tar")));
        String script = """
                cd "$1" && export LAYERBOOK_HOME="$1/store"
                "$2" run first.ipynb
                status=$?
                "$2" doctor
                exit $status
                """;
        var command = new ArrayList<String>(List.of(PLACE.toString()));
        command.addAll(List.of(place.options().strip().split(" +")));
        command.addAll(List.of("--writable", work.toString(), "--", "/bin/sh", "-c", script, "sh", work.toString()));
        command.add(launcher.toString());
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("LAYERBOOK_") || name.equals("XDG_RUNTIME_DIR"));
        builder.environment().put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().put("COLUMNS", "1000");
        if (place.options().contains("--read-only")) {
            builder.environment().remove("TMPDIR");
        } else {
            builder.environment().put("TMPDIR", work.toString());
        }
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        assumeFalse(status == UNAVAILABLE, () -> "this place cannot be made here: " + said);
        assertEquals(expected, status, said);
        assertNothingIsLeft(work);
        return said.replaceAll("\\s+", " ");
    }

    /** The notebook, and before it a cell that makes the image it begins with. */
    private static String withBase(Path tar) throws IOException {
        var mapper = new ObjectMapper();
        JsonNode notebook = mapper.readTree(NOTEBOOK.toFile());
        ObjectNode cell = mapper.createObjectNode();
        cell.put("cell_type", "code").put("source", "docker import " + tar + " busybox");
        cell.putObject("metadata");
        cell.putNull("execution_count").putArray("outputs");
        ((ArrayNode) notebook.get("cells")).insert(0, cell);
        return mapper.writeValueAsString(notebook);
    }

    private static void assertNothingIsLeft(Path work) throws IOException {
        try (var left = Files.newDirectoryStream(work, "layerbook.*")) {
            left.forEach(each -> fail("left: " + each));
        }
    }
}
