package org.layerbook.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files of containers that really run, as root and as an ordinary user, where this machine can do that. */
@Timeout(300)
class ContainerFilesTest {
    private enum Who {
        ROOT,
        USER
    }

    @TempDir
    private Path folder;

    private Path launcher;
    private Path work;
    private List<String> prefix = List.of();

    /** What a command has printed, standard error too, and its exit status. */
    private record Result(String text, int status) {}

    @BeforeEach
    void installed() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        launcher = Installation.make(folder.resolve("installed"));
        work = Files.createDirectory(folder.resolve("work"));
    }

    @AfterEach
    void removed() throws Exception {
        if (Files.isDirectory(work.resolve("store"))) {
            docker("docker rm -f web");
            Path keeper = work.resolve("store/keeper");
            if (Files.exists(keeper)) {
                long pid = Long.parseLong(Files.readString(keeper).split(" ")[0]);
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
            run("rm", "-rf", work.resolve("store").toString());
        }
    }

    private void as(Who who) throws Exception {
        boolean root = "root".equals(System.getProperty("user.name"));
        assumeTrue(found("conmon"), "needs conmon");
        assumeTrue(found("runc") || found("crun"), "needs runc or crun");
        assumeTrue(Files.isExecutable(Path.of("/bin/busybox")), "needs a static busybox: busybox-static");
        if (who == Who.ROOT) {
            assumeTrue(root, "needs root");
        } else if (root) {
            Optional<String> user = subordinateUser();
            assumeTrue(user.isPresent(), "needs an ordinary user with a line in /etc/subuid");
            prefix = List.of("setpriv", "--reuid=" + user.get(), "--regid=" + user.get(), "--init-groups", "--");
            new ProcessBuilder("chown", user.get(), work.toString()).start().waitFor();
        }
        image();
    }

    private static boolean found(String program) {
        return Stream.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin")
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private static Optional<String> subordinateUser() throws IOException {
        if (!Files.exists(Path.of("/etc/subuid"))) {
            return Optional.empty();
        }
        List<String> users = Files.readAllLines(Path.of("/etc/passwd"));
        return Files.readAllLines(Path.of("/etc/subuid")).stream()
                .map(line -> line.split(":")[0])
                .filter(name -> users.stream().anyMatch(user -> user.startsWith(name + ":")))
                .findFirst();
    }

    private void image() throws Exception {
        Path root = Files.createDirectories(folder.resolve("root"));
        Files.createDirectories(root.resolve("bin"));
        Files.createDirectories(root.resolve("data"));
        Files.writeString(root.resolve("data/begin"), "of the image\n");
        Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
        for (String applet : List.of("sh", "sleep", "cat", "ln", "mv", "rm", "mkdir", "ls", "stat", "true")) {
            Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
        }
        Path tar = folder.resolve("root.tar");
        new ProcessBuilder("tar", "-C", root.toString(), "--owner=0", "--group=0", "-cf", tar.toString(), ".")
                .start()
                .waitFor();
        assertEquals(0, docker("docker import " + tar + " busybox").status());
    }

    private Result docker(String line) throws Exception {
        return run(launcher.toString(), "-c", line);
    }

    private Result run(String... words) throws Exception {
        var command = new ArrayList<>(prefix);
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command).directory(work.toFile()).redirectErrorStream(true);
        builder.environment().remove("XDG_RUNTIME_DIR");
        builder.environment().put("HOME", work.toString());
        builder.environment().put("LAYERBOOK_HOME", work.resolve("store").toString());
        builder.environment().put("LAYERBOOK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return new Result(text, process.exitValue());
    }

    private String succeeds(String line) throws Exception {
        Result result = docker(line);
        assertEquals(0, result.status(), line + "\n" + result.text());
        return result.text().replaceFirst("note: containers cannot reach .*\n", "");
    }

    private void fails(String line, String message) throws Exception {
        Result result = docker(line);
        assertEquals(1, result.status(), line + "\n" + result.text());
        assertTrue(result.text().contains(message), result.text());
    }

    /** Waits until the container's first command has done its work. */
    private void started(String command) throws Exception {
        succeeds("docker run -d --name web -v /anon -v named:/data --tmpfs /memory:size=64k busybox sh -c '" + command
                + "; echo ready; sleep 600'");
        for (int attempt = 0; attempt < 100 && !docker("docker logs web").text().contains("ready"); attempt++) {
            Thread.sleep(50);
        }
    }

    @ParameterizedTest
    @EnumSource(Who.class)
    void copiesGoIntoAndOutOfAllThatIsMounted(Who who) throws Exception {
        as(who);
        Files.writeString(work.resolve("file"), "text\n");
        started("ln -s /etc/hosts /link");
        succeeds("docker cp file web:/top && docker cp file web:/anon/ && docker cp file web:/memory/x");
        succeeds("docker cp web:/memory/x back && docker cp web:/data/begin begin");
        assertEquals("text\n", Files.readString(work.resolve("back")));
        assertEquals("of the image\n", Files.readString(work.resolve("begin")));
        fails("docker cp file web:/link", "unlinkat /etc/hosts: device or resource busy");
        fails(
                "docker cp file web:/none/x",
                "Error response from daemon: Could not find the file /none in container web");
        fails("docker cp web:/proc/version v", "Could not find the file /proc/version in container web");
        assertEquals("A /link\n", lines(succeeds("docker diff web"), "link"));
        succeeds("docker kill web");
        succeeds("docker cp file web:/anon/stopped && docker cp web:/anon/stopped stopped && docker cp web:/top top");
        assertEquals("text\n", Files.readString(work.resolve("stopped")));
        assertEquals("text\n", Files.readString(work.resolve("top")));
        succeeds("docker start web");
        succeeds("docker cp web:/anon/stopped again");
        succeeds("docker cp busybox:/data/begin of-the-image");
        assertTrue(Files.exists(work.resolve("of-the-image")));
    }

    private static String lines(String text, String part) {
        var chosen = new StringBuilder();
        text.lines()
                .filter(line -> line.contains(part))
                .forEach(line -> chosen.append(line).append('\n'));
        return chosen.toString();
    }

    /** The container puts a link to the host's /etc where the copy goes to and comes from. */
    @ParameterizedTest
    @EnumSource(Who.class)
    void aContainerThatExchangesADirectoryForALinkGainsNothing(Who who) throws Exception {
        as(who);
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "of the host");
        Files.setPosixFilePermissions(outside, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.createDirectories(work.resolve("tree/a"));
        Files.writeString(work.resolve("tree/a/new"), "text\n");
        started("mkdir -p /t/a; ln -s " + outside
                + " /t/l; (while true; do mv /t/a /t/x; mv /t/l /t/a; mv /t/a /t/l; mv /t/x /t/a; done) 2>/dev/null &"
                + " true");
        for (int round = 0; round < 5; round++) {
            docker("docker cp tree/. web:/t");
            docker("docker cp web:/t out" + round);
            docker("docker commit web c" + round);
        }
        try (var left = Files.list(outside)) {
            assertEquals(List.of(outside.resolve("secret")), left.toList());
        }
        try (var all = Files.walk(work, 3)) {
            assertEquals(
                    List.of(),
                    all.filter(path -> !path.startsWith(work.resolve("store"))
                                    && path.endsWith("secret")
                                    && !Files.isSymbolicLink(path.getParent()))
                            .toList());
        }
    }

    @ParameterizedTest
    @EnumSource(Who.class)
    void whatWasChangedBecomesAnImage(Who who) throws Exception {
        as(who);
        started("echo new >/new; rm /bin/true; mkdir -p /q/r");
        String changes = succeeds("docker diff web");
        assertEquals("A /anon\nC /bin\nD /bin/true\nA /memory\nA /new\nA /q\nA /q/r\n", lines(changes, "/"));
        succeeds("docker commit -m text -a me -c 'ENV A=b' web made:1");
        assertEquals("new\nb\n", succeeds("docker run --rm made:1 sh -c 'cat /new; echo $A'"));
        succeeds("docker export -o all.tar web");
        assertTrue(run("tar", "tf", "all.tar").text().contains("q/r/\n"));
        assertTrue(
                succeeds("docker inspect -f '{{.Author}} {{.Comment}}' made:1").contains("me text"));
        fails("docker rmi busybox", "unable to remove repository reference \"busybox\" (must force) - container ");
        fails("docker volume rm named", "remove named: volume is in use - [");
        succeeds("docker kill web");
        assertTrue(succeeds("docker system prune -f --volumes").contains("Deleted Volumes:\n"));
        assertEquals("named\n", succeeds("docker volume ls -q"));
        Result doctor = run(launcher.toString(), "doctor", "--verify");
        assertFalse(doctor.text().contains("damaged"), doctor.text());
    }
}
