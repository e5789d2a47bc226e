package org.layerbook.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands on real containers, and what they print, as whoever runs the tests and as another user where that is root. The file has
 * what docker 28 prints with an engine of version 20.10. Above a line that differs stands why, after {@code #}; {@code # root only} is
 * before what only root can do.
 */
class ContainerTranscriptTest {
    private static final Path FILE = Path.of("src/test/resources/containers.txt");
    private static final String ONLY_ROOT = "# root only";

    /** A busybox with the files that name users, as the image of that name has them. */
    private static final String IMAGE = """
            set -e
            mkdir -p root/bin root/tmp root/etc
            cp "$(command -v busybox)" root/bin/busybox
            for each in cat echo grep id pwd sh sleep touch true; do ln -s busybox root/bin/$each; done
            echo 'root:x:0:0:root:/root:/bin/sh' >root/etc/passwd
            echo 'nobody:x:65534:65534:nobody:/home:/bin/false' >>root/etc/passwd
            printf 'root:x:0:\\nnogroup:x:65534:\\n' >root/etc/group
            printf '# comment\\nONE=1\\nHOME2\\n' >env1.txt
            tar -C root -cf busybox.tar .
            docker import -c 'CMD ["sh"]' busybox.tar busybox:latest >/dev/null
            """;

    @TempDir
    Path temp;

    /** @param command its words; @param output what it prints, with its status */
    private record Line(String command, boolean onlyRoot, String output) {}

    @TestFactory
    @Timeout(600)
    Stream<DynamicTest> transcript() throws IOException {
        for (String program : List.of("conmon", "runc", "busybox", "nsenter", "tar", "ps")) {
            assumeTrue(isInstalled(program), "needs " + program);
        }
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path launcher = Installation.make(Files.createDirectory(temp.resolve("installed")));
        List<Line> lines = read();
        boolean isRoot = System.getProperty("user.name").equals("root");
        var tests = new ArrayList<DynamicTest>();
        tests.add(DynamicTest.dynamicTest("own user", () -> check(launcher, Optional.empty(), isRoot, lines)));
        if (isRoot) {
            tests.add(DynamicTest.dynamicTest("ordinary user", () -> {
                Optional<String> user = subordinateUser();
                assumeTrue(user.isPresent(), "needs an ordinary user with a line in /etc/subuid");
                check(launcher, user, false, lines);
            }));
        }
        return tests.stream();
    }

    private static boolean isInstalled(String program) {
        return Stream.of("/usr/sbin", "/usr/bin", "/sbin", "/bin")
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static Optional<String> subordinateUser() throws IOException {
        Path file = Path.of("/etc/subuid");
        return Files.exists(file)
                ? Files.readAllLines(file).stream()
                        .map(line -> line.split(":")[0])
                        .filter(name -> !name.equals("root"))
                        .findFirst()
                : Optional.empty();
    }

    private static List<Line> read() throws IOException {
        var lines = new ArrayList<Line>();
        String command = "";
        var output = new StringBuilder();
        boolean onlyRoot = false;
        boolean next = false;
        for (String line : Files.readAllLines(FILE)) {
            if (line.startsWith("$ ")) {
                if (!command.isEmpty()) {
                    lines.add(new Line(command, onlyRoot, output.toString()));
                }
                command = line.substring(2);
                output.setLength(0);
                onlyRoot = next;
                next = false;
            } else if (line.startsWith("#")) {
                next |= line.equals(ONLY_ROOT);
            } else {
                output.append(line).append('\n');
            }
        }
        lines.add(new Line(command, onlyRoot, output.toString()));
        return lines;
    }

    private void check(Path launcher, Optional<String> user, boolean asRoot, List<Line> all) throws Exception {
        List<Line> lines =
                all.stream().filter(line -> asRoot || !line.onlyRoot()).toList();
        Path folder = Files.createDirectory(temp.resolve(user.orElse("own")));
        if (user.isPresent()) {
            Files.setOwner(
                    folder,
                    folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user.get()));
        }
        var script = new StringBuilder(IMAGE).append("set +e\n");
        for (Line line : lines) {
            script.append("printf '%s\\n' ")
                    .append(quote("$ " + line.command()))
                    .append('\n');
            script.append("{ ")
                    .append(line.command())
                    .append("; } </dev/null 2>&1; s=$?; [ $s = 0 ] || echo \"[$s]\"\n");
        }
        Path file = temp.resolve(user.orElse("own") + ".sh");
        Files.writeString(file, script);
        var expected = new StringBuilder();
        lines.forEach(line ->
                expected.append("$ ").append(line.command()).append('\n').append(line.output()));
        try {
            assertEquals(expected.toString(), normal(run(launcher, user, folder, "!sh " + file)));
        } finally {
            run(launcher, user, folder, "docker ps -aq", "!docker ps -aq | xargs -r docker rm -f");
            endKeeper(folder.resolve("store/keeper"));
        }
    }

    private static String quote(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private static String run(Path launcher, Optional<String> user, Path folder, String... cells) throws Exception {
        var command = new ArrayList<String>();
        user.ifPresent(name ->
                command.addAll(List.of("setpriv", "--reuid=" + name, "--regid=" + name, "--init-groups", "--")));
        command.add(launcher.toString());
        for (String cell : cells) {
            command.addAll(List.of("-c", cell));
        }
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("LAYERBOOK_HOME", folder.resolve("store").toString());
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().remove("XDG_RUNTIME_DIR");
        Process process = builder.start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** It would live on with the store gone. */
    private static void endKeeper(Path file) throws IOException {
        if (Files.exists(file)) {
            ProcessHandle.of(Long.parseLong(Files.readString(file).strip().split(" ")[0]))
                    .ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private static String normal(String text) {
        return text.replaceAll("[0-9a-f]{64}", "ID64")
                .replaceAll("\\b[0-9a-f]{12}\\b", "ID12")
                .replaceAll(
                        "(Up|Exited \\(\\d+\\)) (Less than a second|About a minute|\\d+ seconds?|\\d+ minutes?)( ago)?",
                        "$1 TIME")
                .replaceAll("(Less than a second|About a minute|\\d+ seconds?|\\d+ minutes?) ago", "AGO")
                .replaceAll("\\d{4}-\\d\\d-\\d\\d [\\d:.]+ [+-]\\d{4} \\w+", "TIME")
                .replaceAll("virtual [\\d.]+[kM]B", "virtual SIZE");
    }
}
