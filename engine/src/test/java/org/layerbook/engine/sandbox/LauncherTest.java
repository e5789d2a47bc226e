package org.layerbook.engine.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerbook.engine.concurrent.Uninterruptibly;
import org.layerbook.engine.host.Isolation;
import org.layerbook.engine.linux.Processes;

/** The launcher itself, with {@link InsideMain} as what it starts, in every way of isolation this machine allows. */
@Timeout(60)
class LauncherTest {
    private static final Path LAUNCHER =
            Path.of("../launcher/layerbook").toAbsolutePath().normalize();

    /** What is promised is a second; a machine that is busy with other tests gets more. */
    @TempDir
    Path dir;

    private Path runtime;

    /** Nobody else sleeps so long. */
    private final String seconds = Long.toString(100_000 + System.nanoTime() % 1_000_000_000);

    @BeforeEach
    void publicDirectory() throws IOException {
        // Another user is to work in it.
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        runtime = Files.createDirectory(dir.resolve("runtime"));
        Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        try (var all = Files.list(runtime)) {
            assertEquals(List.of(), all.toList());
        }
    }

    @ParameterizedTest
    @EnumSource(Isolation.Mode.class)
    void commandsOfTheHostRunOutside(Isolation.Mode mode) throws Exception {
        List<String> identity = lines(start(mode, "identity"));
        assertMode(mode, identity);
        assertEquals(mode == Isolation.Mode.NONE, !identity.contains("pid 1"), identity::toString);
        String mounts = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString();
        assertTrue(identity.contains("outside " + outsideUid(mode) + " " + mounts), identity::toString);
    }

    @ParameterizedTest
    @EnumSource(Isolation.Mode.class)
    void commandsOfTheHostShareTheInput(Isolation.Mode mode) throws Exception {
        Process process = start(mode, "input");
        try (var input = process.getOutputStream()) {
            input.write("a\nb\nc\n".getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(List.of("first a", "b", "c"), lines(process));
    }

    @Test
    void commandsOfTheHostHoldTheirContractOutsideToo() throws Exception {
        List<String> answers = lines(start(Isolation.Mode.USER, "contract"));
        assertEquals(10, answers.size(), answers::toString);
        assertTrue(answers.stream().allMatch(a -> a.startsWith("held ")), answers::toString);
    }

    @ParameterizedTest
    @EnumSource(Isolation.Mode.class)
    void whicheverProcessIsKilledAllGoAtOnce(Isolation.Mode mode) throws Exception {
        Path root = BusyboxRoot.make(dir.resolve("rootfs"));
        giveTo(mode, root);
        for (int victim = 0; ; victim++) {
            Process top = start(mode, "wait", seconds, root.toString());
            List<Long> all = familyOnceBusy(mode, top);
            List<Long> ofLayerbook = all.stream().filter(p -> isOurs(p, top)).toList();
            assertTrue(ofLayerbook.size() >= 2, "the script and the JVM");
            if (victim == ofLayerbook.size()) {
                // Not by destroy(), which closes the streams.
                Processes.kill((int) top.pid(), Processes.SIGTERM);
                assertGone(all);
                assertEquals(143, top.waitFor());
                assertTrue(lines(top).contains("tidied up"));
                return;
            }
            Processes.kill(ofLayerbook.get(victim).intValue(), Processes.SIGKILL);
            assertGone(all);
            assertNoControlGroups(top);
            assertEquals(137, top.waitFor());
        }
    }

    /** As when a Jupyter server is killed: nobody is left to tell the kernel. */
    @ParameterizedTest
    @EnumSource(names = {"ROOT", "NONE"})
    void aKernelEndsWithTheServerThatStartedIt(Isolation.Mode mode) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "needs setpriv");
        Path root = BusyboxRoot.make(dir.resolve("rootfs"));
        List<String> server = new ArrayList<>(asUser(mode));
        server.addAll(List.of("sh", "-c", "JPY_PARENT_PID=$$ \"$@\" & wait", "server"));
        String way = mode.name().toLowerCase(Locale.ROOT);
        Process top = launch(server, way, "kernel", "wait", seconds, root.toString());
        List<Long> all = familyOnceBusy(mode, top);
        Processes.kill((int) top.pid(), Processes.SIGKILL);
        assertGone(all);
        assertEquals(137, top.waitFor());
    }

    @Test
    void whatAKilledSessionLeftIsTakenAwayByTheNext() throws Exception {
        Path left = Files.createDirectories(runtime.resolve("layerbook.left/commands"));
        String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        String began = beginOfTheFirstProcess();
        Files.writeString(left.resolveSibling("owner"), host + " 999999999 " + began + "\n");
        Path others = Files.createDirectory(runtime.resolve("layerbook.others"));
        Files.writeString(
                others.resolve("owner"), host + " " + ProcessHandle.current().pid() + " " + began + "\n");
        Path ofAContainer = Files.createDirectory(runtime.resolve("layerbook.container"));
        Files.writeString(ofAContainer.resolve("owner"), host + " 999999999 1" + began + "\n");
        assertEquals(0, start(Isolation.Mode.NONE, "exit", "0").waitFor());
        assertTrue(Files.notExists(left.getParent()), "it is still there");
        for (Path kept : List.of(others, ofAContainer)) {
            Files.delete(kept.resolve("owner"));
            Files.delete(kept); // fails where it has been removed: who made it lives, or may live elsewhere
        }
    }

    private static String beginOfTheFirstProcess() throws IOException {
        String stat = Files.readString(Path.of("/proc/1/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
    }

    /** The script, unshare and the JVM; not the helper, not what runs in them. */
    private static boolean isOurs(long pid, Process top) {
        if (pid == top.pid()) {
            return true;
        }
        String command = ProcessHandle.of(pid).flatMap(h -> h.info().command()).orElse("");
        return command.endsWith("/unshare") && parentOf(pid) == top.pid() || command.endsWith("/java");
    }

    private static long parentOf(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(ProcessHandle::parent)
                .map(ProcessHandle::pid)
                .orElse(0L);
    }

    private List<Long> familyOnceBusy(Isolation.Mode mode, Process top) throws IOException {
        BufferedReader out = top.inputReader(StandardCharsets.UTF_8);
        List<String> said = new ArrayList<>();
        for (int expected = 2; expected > 0; ) {
            String line = out.readLine();
            if (line == null) {
                throw new AssertionError("it ended early: " + said);
            }
            said.add(line);
            if (line.startsWith("nothing can be run") || line.contains("Exception")) {
                Processes.kill((int) top.pid(), Processes.SIGTERM);
                Uninterruptibly.waitFor(top);
                abort("no sandbox for " + mode + " here: " + line);
            }
            expected -= line.equals("in the sandbox") || line.matches("\\d+") ? 1 : 0;
        }
        List<Long> family = new ArrayList<>(List.of(top.pid()));
        top.toHandle().descendants().map(ProcessHandle::pid).forEach(family::add);
        return family;
    }

    private void assertGone(List<Long> processes) throws IOException {
        for (long each : processes) {
            Processes.awaitEnd((int) each);
        }
        // Those whose parent had ended are in no family: killed too, but perhaps not buried yet.
        try (var all = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
            for (Path each : all) {
                if (commandLine(each).contains(seconds)) {
                    Processes.awaitEnd(Integer.parseInt(each.getFileName().toString()));
                }
            }
        }
    }

    /** Control groups live outside of all namespaces, so nothing takes them away but the helper. */
    private static void assertNoControlGroups(Process top) throws IOException {
        List<Path> parents = new ArrayList<>(List.of(Path.of("/sys/fs/cgroup")));
        try (var controllers = Files.newDirectoryStream(Path.of("/sys/fs/cgroup"), Files::isDirectory)) {
            controllers.forEach(parents::add);
        }
        for (Path parent : parents) {
            Path ours = parent.resolve("layerbook");
            if (Files.isDirectory(ours)) {
                try (var groups = Files.newDirectoryStream(ours, "lb" + top.pid() + "-*")) {
                    groups.forEach(g -> fail("left: " + g));
                }
            }
        }
    }

    private static String commandLine(Path proc) {
        try {
            return Files.readString(proc.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ');
        } catch (IOException gone) {
            return "";
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 255})
    void theStatusIsTheJvms(int status) throws Exception {
        Process process = start(Isolation.Mode.NONE, "exit", Integer.toString(status));
        assertEquals(status, process.waitFor());
    }

    @Test
    void withoutNewPrivilegesOneIdIsLeft() throws Exception {
        List<String> prefix = new ArrayList<>(asUser(Isolation.Mode.USER));
        prefix.addAll(List.of("setpriv", "--no-new-privs", "--"));
        List<String> said = lines(launch(prefix, "user single none", "identity"));
        assertTrue(said.get(0).startsWith("mode SINGLE 1") || said.get(0).startsWith("mode NONE"), said::toString);
        assertTrue(said.get(2).contains("newuidmap has no effect here"), said::toString);
    }

    /** As where /proc is masked: no kernel ends what is left, so the helper has to. */
    @ParameterizedTest
    @EnumSource(names = {"ROOT", "USER", "SINGLE"})
    void withoutANamespaceOfProcessesAllGoTheSame(Isolation.Mode mode) throws Exception {
        Path root = BusyboxRoot.make(dir.resolve("rootfs"));
        giveTo(mode, root);
        String way = mode.name().toLowerCase(Locale.ROOT) + "-mounts";
        for (boolean jvm : new boolean[] {true, false}) {
            Process top = launch(asUser(mode), way, "wait", seconds, root.toString());
            List<Long> all = familyOnceBusy(mode, top);
            long victim = jvm
                    ? all.stream()
                            .filter(p -> p != top.pid() && isOurs(p, top))
                            .findFirst()
                            .orElseThrow()
                    : top.pid();
            Processes.kill((int) victim, Processes.SIGKILL);
            assertGone(all);
            assertEquals(137, top.waitFor());
        }
    }

    @ParameterizedTest
    @CsvSource({"user-mounts, MOUNTS", "user-ids, IDS", "single-mounts, MOUNTS", "single-ids, IDS"})
    void lessCanBeApart(String way, Isolation.Apart apart) throws Exception {
        Isolation.Mode mode = way.startsWith("user") ? Isolation.Mode.USER : Isolation.Mode.SINGLE;
        List<String> identity = lines(launch(asUser(mode), way, "identity"));
        assertMode(mode, identity);
        assertTrue(identity.contains("apart " + apart), identity::toString);
        assertFalse(identity.contains("pid 1"), identity::toString);
    }

    /** Root without the right to mount, as in a container, keeps all its ids in a user namespace. */
    @Test
    void rootHasAllItsIdsInAUserNamespace() throws Exception {
        asUser(Isolation.Mode.ROOT);
        List<String> identity = lines(launch(List.of(), "user", "identity"));
        assertEquals("mode USER 4294967295", identity.getFirst());
        assertTrue(identity.contains("user namespace true"), identity::toString);
    }

    private void assertMode(Isolation.Mode mode, List<String> said) {
        if (!said.getFirst().startsWith("mode " + mode)) {
            throw new AssertionError(said);
        }
    }

    private Process start(Isolation.Mode mode, String... arguments) throws IOException {
        return launch(asUser(mode), mode.name().toLowerCase(Locale.ROOT), arguments);
    }

    private Process launch(List<String> prefix, String ways, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(LAUNCHER.toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("XDG_RUNTIME_DIR");
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().put("TMPDIR", runtime.toString());
        builder.environment().put("LAYERBOOK_NAMESPACES", ways);
        builder.environment().put("LAYERBOOK_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("LAYERBOOK_CLASSPATH", classPath());
        builder.environment().put("LAYERBOOK_MAIN", InsideMain.class.getName());
        builder.environment().put("LAYERBOOK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        return builder.start();
    }

    /** Our own, with copies of the jars: another user may not see the repository of the one who builds. */
    private String classPath() throws IOException {
        List<String> entries = new ArrayList<>();
        String own = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (String entry : own.split(":")) {
            Path path = Path.of(entry);
            if (Files.isDirectory(path)) {
                entries.add(entry);
            } else if (path.getFileName().toString().matches("(jackson-core|junit-jupiter-api|opentest4j).*")) {
                Path copy = dir.resolve(path.getFileName());
                if (Files.notExists(copy)) {
                    Files.copy(path, copy);
                }
                entries.add(copy.toString());
            }
        }
        return String.join(":", entries);
    }

    private static List<String> lines(Process process) throws IOException {
        return process.inputReader(StandardCharsets.UTF_8).lines().toList();
    }

    /** The words before the launcher that make it run as who can try {@code mode}; or the test is skipped. */
    private static List<String> asUser(Isolation.Mode mode) throws IOException {
        Privileges mine = Privileges.current();
        return switch (mode) {
            case ROOT -> {
                assumeTrue(mine.isRealRoot() && mine.mayMount(), "needs root with the right to mount");
                yield List.of();
            }
            case NONE -> List.of();
            case USER, SINGLE -> {
                if (!mine.isRealRoot()) {
                    yield List.of();
                }
                String user = subordinateUser()
                        .orElseGet(
                                () -> abort("needs an ordinary user with a line in /etc/subuid: useradd -m someone"));
                yield List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--init-groups", "--");
            }
        };
    }

    private static Optional<String> subordinateUser() throws IOException {
        if (!Files.exists(Path.of("/etc/subuid"))) {
            return Optional.empty();
        }
        List<String> users = Files.readAllLines(Path.of("/etc/passwd"));
        return Files.readAllLines(Path.of("/etc/subuid")).stream()
                .map(l -> l.split(":")[0])
                .filter(n -> users.stream().anyMatch(u -> u.startsWith(n + ":")))
                .findFirst();
    }

    private static String outsideUid(Isolation.Mode mode) throws IOException {
        List<String> words = new ArrayList<>(asUser(mode));
        words.addAll(List.of("id", "-u"));
        return lines(new ProcessBuilder(words).start()).getFirst();
    }

    /** The store belongs to who works in it. */
    private static void giveTo(Isolation.Mode mode, Path root) throws IOException {
        if (!asUser(mode).isEmpty()) {
            new ProcessBuilder("chown", "-hR", outsideUid(mode), root.toString())
                    .inheritIO()
                    .start()
                    .onExit()
                    .join();
        }
    }
}
