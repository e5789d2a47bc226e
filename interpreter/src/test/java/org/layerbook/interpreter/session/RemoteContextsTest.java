package org.layerbook.interpreter.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.interpreter.Interpreter.CellRequest;
import org.layerbook.interpreter.testing.SessionScript;

/** {@code docker build URL} and {@code --build-context NAME=URL}, from a server on loopback. */
class RemoteContextsTest {
    @TempDir
    private Path folder;

    private HttpServer server;
    private String url;
    private SessionInterpreter session;

    @BeforeEach
    void open() throws IOException {
        Path served = Files.createDirectories(folder.resolve("served"));
        server = SimpleFileServer.createFileServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), served, SimpleFileServer.OutputLevel.NONE);
        server.start();
        url = "http://127.0.0.1:" + server.getAddress().getPort();
        Path work = Files.createDirectories(folder.resolve("work"));
        session = SessionInterpreter.open(
                new SessionInterpreter.Options(work, Optional.empty()),
                new TestEngine(folder.resolve("store"), new ScriptedSandbox()));
    }

    @AfterEach
    void close() throws Exception {
        session.close();
        server.stop(0);
    }

    /** What a cell shows. */
    private String cell(String code) {
        var output = new SessionScript.Transcript();
        output.end(session.run(new CellRequest(code, Optional.empty(), Optional.of(1), List.of()), output));
        return Normal.text(output.text().replace(url, "URL"))
                .strip()
                .replaceAll(" +", " ")
                .replaceAll("(?m)^\\w+ /\\w* · .*\n", "");
    }

    private static String shell(Path directory, String line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-ec", line)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        return out.strip();
    }

    @Test
    void aTarAndADockerfile() throws Exception {
        Path app = Files.createDirectories(folder.resolve("app"));
        Files.writeString(app.resolve("Dockerfile"), "FROM scratch\nCOPY f /\n");
        Files.writeString(app.resolve("f"), "one\n");
        Files.writeString(app.resolve("other"), "FROM scratch\nCOPY f /other\n");
        shell(folder, "tar -C app --owner=5 --group=6 --mode=640 -czf served/app.tgz f Dockerfile other");
        Files.writeString(folder.resolve("served/Dockerfile"), "FROM busybox\nCOPY context /seen\n");
        assertEquals("> sha256:…\n-rw-r----- 5:6 4 B f", cell("docker build -q -t a " + url + "/app.tgz\n%files a"));
        assertEquals(
                "> sha256:…\n-rw-r----- 5:6 4 B other",
                cell("docker build -q -t a -f other " + url + "/app.tgz\n%files a"));
        assertEquals(
                "> sha256:…\n-rw------- 0:0 32 B seen",
                cell("docker build -q -t b " + url + "/Dockerfile\n%files b /seen"));
        assertEquals(
                "> sha256:…",
                cell("printf 'FROM scratch\\nCOPY --from=ctx context /kept.tgz' | docker build -q --build-context ctx="
                        + url + "/app.tgz -f - ."));
        assertEquals("> sha256:…", cell("docker build -q -t c -f " + url + "/Dockerfile " + url + "/Dockerfile"));
    }

    @Test
    void whatIsNotThere() {
        assertEquals(
                "× Docker error\n"
                        + "ERROR: failed to build: failed to solve: failed to load URL/none.tar: invalid response status 404",
                cell("docker build -q " + url + "/none.tar"));
        String secret = url.replace("http://", "http://me:pass@");
        String shown = cell("docker build -q " + secret + "/none.tar");
        assertTrue(shown.contains("http://xxxxx:xxxxx@"), shown);
        assertTrue(!shown.contains("pass@"), shown);
    }

    /** What a context says of files outside of it is said of itself. */
    @Test
    void aContextThatMeansHarm() throws Exception {
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "FROM scratch\n");
        Path evil = Files.createDirectories(folder.resolve("evil"));
        Files.createSymbolicLink(evil.resolve("Dockerfile"), outside.resolve("secret"));
        Files.createSymbolicLink(evil.resolve("out"), outside);
        Files.writeString(evil.resolve("D"), "FROM scratch\nCOPY out/secret /\n");
        shell(evil, "mkfifo fifo && tar -cf ../served/evil.tar .");
        shell(evil, "touch x && tar -P --transform 's,^x,../../../outside/x,' -cf ../served/dots.tar x D");
        String open = "× Docker error\nERROR: failed to build: failed to solve: failed to read dockerfile: open ";
        String address = url + "/evil.tar";
        assertEquals(open + "Dockerfile: it is not a regular file", cell("docker build -q " + address));
        assertEquals(open + "fifo: it is not a regular file", cell("docker build -q -f fifo " + address));
        assertEquals(
                open + outside.resolve("secret").toString().substring(1) + ": no such file or directory",
                cell("docker build -q -f " + outside.resolve("secret") + " " + address));
        String copied = cell("docker build -q -f D " + address);
        assertTrue(copied.contains("\"/out/secret\": not found"), copied);
        String dots = cell("docker build -q -f D " + url + "/dots.tar");
        assertTrue(dots.contains("archive path \"../../../outside/x\" is outside extraction root"), dots);
        assertEquals("secret", shell(outside, "ls"));
    }

    /** git's oldest way over HTTP, which any file server is enough for. */
    @Test
    void aRepository() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/git")), "git is not installed");
        Path repository = Files.createDirectories(folder.resolve("r"));
        shell(repository, """
                git init -q -b main
                git config user.name t && git config user.email t@example.com
                mkdir sub
                printf 'FROM scratch\\nCOPY . /\\n' > Dockerfile
                printf 'FROM scratch\\nCOPY v /sub-v\\n' > sub/Dockerfile
                echo 1 > sub/v
                ln -s /etc/passwd out
                echo sub > .dockerignore
                git add . && git commit -qm one && git tag -a v1 -m v1
                echo 22 > sub/v && git commit -qam two
                git clone -q --bare . ../served/r.git
                git --git-dir ../served/r.git update-server-info
                """);
        String first = shell(repository, "git rev-parse v1^{commit}");
        String git = url + "/r.git";
        String files = cell("docker build -q -t a " + git + "\n%files a");
        assertTrue(files.contains("out -> /etc/passwd"), files);
        assertTrue(files.contains("sub") && !files.contains(".git/"), files);
        String sub = "> sha256:…\n-rw-r--r-- 0:0 %d B sub-v";
        assertEquals(sub.formatted(3), cell("docker build -q -t b " + git + "#:sub\n%files b"));
        assertEquals(sub.formatted(2), cell("docker build -q -t b " + git + "#v1:sub\n%files b"));
        assertEquals(sub.formatted(2), cell("docker build -q -t b '" + git + "?tag=v1&subdir=sub'\n%files b"));
        assertEquals(sub.formatted(2), cell("docker build -q -t b " + git + "#" + first + ":sub\n%files b"));
        assertEquals(
                sub.formatted(3),
                cell("printf 'FROM scratch\\nCOPY --from=r sub/v /sub-v' | docker build -q -t b --build-context r="
                        + git + " -f - .\n%files b"));
        String kept = cell("docker build -q -t c --build-arg BUILDKIT_CONTEXT_KEEP_GIT_DIR=1 " + git + "\n%files c");
        assertTrue(kept.contains(".git/"), kept);
        assertEquals(
                "× Docker error\n"
                        + "ERROR: failed to build: failed to solve: repository does not contain ref nope, in URL/r.git",
                cell("docker build -q " + git + "#nope"));
        assertEquals(
                "× Docker error\nERROR: failed to build: failed to solve: subdir nope not found in URL/r.git#:nope",
                cell("docker build -q " + git + "#:nope"));
    }
}
