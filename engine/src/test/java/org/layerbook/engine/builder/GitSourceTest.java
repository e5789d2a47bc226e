package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.image.Image;

/**
 * ADD of repositories: of {@code git daemon}, and of plain files over HTTP, from which git cannot fetch a part of the
 * history.
 */
class GitSourceTest {
    private static final String MODES = "core.fileMode=true";

    @TempDir
    Path folder;

    private TestBuild build;
    private Path served;
    private HttpServer server;

    @BeforeEach
    void open() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/git")), "git is not installed");
        build = new TestBuild(folder);
        served = Files.createDirectories(folder.resolve("srv"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void close() throws IOException {
        if (server != null) {
            server.stop(0);
            build.close();
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        Path file = served.resolve(exchange.getRequestURI().getPath().substring(1));
        boolean isThere = Files.isRegularFile(file);
        byte[] body = isThere ? Files.readAllBytes(file) : new byte[0];
        exchange.sendResponseHeaders(isThere ? 200 : 404, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private String http(String repository) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + repository;
    }

    private static String git(Path folder, String... words) throws IOException, InterruptedException {
        var argv = new ArrayList<>(List.of("git", "-c", "user.name=t", "-c", "user.email=t@example.com"));
        argv.addAll(List.of("-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always"));
        argv.addAll(List.of(words));
        var starting = new ProcessBuilder(argv).directory(folder.toFile()).redirectErrorStream(true);
        starting.environment().put("GIT_COMMITTER_DATE", "2001-09-09T01:46:40Z");
        Process process = starting.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        return out.strip();
    }

    /** A repository with the branch main and a first commit. */
    private Path repository(String name, String... init) throws Exception {
        Path repository = Files.createDirectories(served.resolve(name));
        var words = new ArrayList<>(List.of("init", "-q"));
        words.addAll(List.of(init));
        git(repository, words.toArray(String[]::new));
        commit(repository, "one");
        return repository;
    }

    /** @return its hash */
    private static String commit(Path repository, String text) throws Exception {
        Path file = Files.createDirectories(repository.resolve("sub")).resolve("f");
        Files.writeString(file, text);
        git(repository, "add", ".");
        git(repository, "commit", "-qm", text);
        git(repository, "update-server-info");
        return git(repository, "rev-parse", "HEAD");
    }

    private List<String> files(Image image) throws IOException {
        return build.tree(image).stream()
                .filter(line -> !line.contains("/.git"))
                .filter(line -> !line.endsWith("/"))
                .toList();
    }

    private List<String> added(String... words) throws IOException, BuildException {
        return files(build.build("FROM scratch", "ADD " + String.join(" ", words) + " /")
                .image());
    }

    private String refused(String... words) {
        return assertThrows(BuildException.class, () -> added(words)).getMessage();
    }

    private interface WithDaemon {
        void run(String url) throws Exception;
    }

    private void withDaemon(WithDaemon test) throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Process daemon = new ProcessBuilder(
                        "git",
                        "daemon",
                        "--export-all",
                        "--reuseaddr",
                        "--base-path=" + served,
                        "--listen=127.0.0.1",
                        "--port=" + port,
                        "--verbose")
                .redirectErrorStream(true)
                .start();
        try {
            daemon.inputReader().readLine();
            test.run("git://127.0.0.1:" + port + "/");
        } finally {
            daemon.descendants().forEach(ProcessHandle::destroyForcibly);
            daemon.destroyForcibly().waitFor();
        }
    }

    @Test
    void byBranchTagCommitAndFolder() throws Exception {
        Path repository = repository("r.git");
        git(repository, "tag", "-a", "v1", "-m", "v1");
        String first = git(repository, "rev-parse", "HEAD");
        commit(repository, "two");
        withDaemon(daemon -> {
            String url = daemon + "r.git";
            String[] file = {
                "FROM scratch",
                "ADD " + url + " /head",
                "ADD " + url + "#v1:sub /tag",
                "ADD " + url + "#" + first + " /c",
                "ADD --keep-git-dir=true " + url + "#main /kept"
            };
            var result = build.build(file);
            assertEquals(
                    List.of(
                            "0644 0:0 /c/sub/f one",
                            "0644 0:0 /head/sub/f two",
                            "0644 0:0 /kept/sub/f two",
                            "0644 0:0 /tag/f one"),
                    files(result.image()));
            assertTrue(build.tree(result.image()).stream().anyMatch(line -> line.endsWith("/kept/.git/")));
            assertEquals("FROM* ADD* ADD* ADD* ADD*", TestBuild.cached(build.build(file)));
            assertEquals("repository does not contain ref none, in " + url, refused(url + "#none"));
        });
    }

    @Test
    void plainFilesOverHttp() throws Exception {
        Path repository = repository("a");
        String first = git(repository, "rev-parse", "HEAD");
        git(repository, "tag", "-a", "v1", "-m", "v1");
        git(repository, "update-ref", "refs/pull/1/head", first);
        commit(repository, "two");
        String url = http("a/.git");
        assertEquals(List.of("0644 0:0 /sub/f two"), added(url));
        assertEquals(List.of("0644 0:0 /sub/f one"), added(url + "#v1"));
        assertEquals(List.of("0644 0:0 /sub/f one"), added(url + "#" + first));
        assertEquals(List.of("0644 0:0 /f one"), added(url + "?ref=refs/pull/1/head&subdir=sub"));
        assertEquals(List.of("0644 0:0 /sub/f one"), added(url + "#pull/1/head"));
    }

    @Test
    void submodulesOfPlainFiles() throws Exception {
        repository("part");
        Path repository = repository("whole");
        git(repository, "submodule", "-q", "add", http("part/.git"), "part");
        commit(repository, "two");
        List<String> files = added(http("whole/.git"));
        assertTrue(files.contains("0644 0:0 /part/sub/f one"), files.toString());
        files = added(http("whole/.git?submodules=false"));
        assertTrue(
                files.contains("0644 0:0 /sub/f two") && !files.contains("0644 0:0 /part/sub/f one"), files.toString());
    }

    @Test
    void aSubmoduleCannotBeAFolderOfTheHost() throws Exception {
        Path part = repository("part");
        Path repository = repository("whole");
        git(repository, "submodule", "-q", "add", part.toString(), "part");
        commit(repository, "two");
        assertTrue(refused(http("whole/.git")).contains("transport 'file' not allowed"));
    }

    @Test
    void hashesOfSha256() throws Exception {
        Path repository = repository("r", "--object-format=sha256");
        String first = git(repository, "rev-parse", "HEAD");
        git(repository, "tag", "-a", "v1", "-m", "v1");
        commit(repository, "two");
        assertEquals(64, first.length());
        withDaemon(daemon -> {
            assertEquals(List.of("0644 0:0 /sub/f two"), added(daemon + "r/.git"));
            assertEquals(List.of("0644 0:0 /sub/f one"), added("--keep-git-dir", daemon + "r/.git#" + first));
            assertEquals(List.of("0644 0:0 /sub/f one"), added("--checksum=" + first, daemon + "r/.git#v1"));
        });
    }

    /** Which of several things of the same name is meant. */
    @Test
    void aBranchComesBeforeATag() throws Exception {
        Path repository = repository("r");
        git(repository, "tag", "-a", "same", "-m", "tag");
        git(repository, "tag", "heads/other");
        commit(repository, "two");
        git(repository, "branch", "same");
        git(repository, "branch", "other");
        git(repository, "update-server-info");
        assertEquals(List.of("0644 0:0 /sub/f two"), added(http("r/.git#same")));
        assertEquals(List.of("0644 0:0 /sub/f one"), added(http("r/.git?tag=same")));
        assertEquals(List.of("0644 0:0 /sub/f two"), added(http("r/.git#heads/other")));
        assertEquals(
                "repository does not contain ref refs/heads/v9, in " + http("r/.git"),
                refused(http("r/.git?branch=v9")));
    }

    @Test
    void checksums() throws Exception {
        Path repository = repository("r");
        String first = git(repository, "rev-parse", "HEAD");
        git(repository, "tag", "-a", "v1", "-m", "v1");
        String tag = git(repository, "rev-parse", "v1");
        String last = commit(repository, "two");
        String url = http("r/.git");
        assertEquals(List.of("0644 0:0 /sub/f two"), added(url + "?commit=" + last.substring(0, 8)));
        assertEquals(List.of("0644 0:0 /sub/f two"), added("--checksum=" + last.substring(0, 1), url));
        for (String checksum : List.of(first, tag, tag.substring(0, 7))) {
            assertEquals(List.of("0644 0:0 /sub/f one"), added("--checksum=" + checksum, url + "#v1"));
        }
        assertEquals(
                "expected checksum to match " + first + ", got " + last + ", for " + url + "?commit=" + first,
                refused(url + "?commit=" + first));
        assertEquals(
                "expected checksum to match " + last + ", got " + tag + " or " + first + ", for " + url + "#v1",
                refused("--checksum=" + last, url + "#v1"));
        assertEquals(
                "expected checksum to match " + last + ", got " + first + ", for " + url + "#" + first,
                refused("--checksum=" + last, url + "#" + first));
        assertEquals(
                "repository does not contain ref " + first.substring(0, 8) + ", in " + url,
                refused(url + "#" + first.substring(0, 8)));
        assertEquals(
                "invalid checksum foobar for Git URL, expected hex commit hash",
                refused("--checksum=foobar", http("none.git")));
        assertEquals("checksum mismatch \"aa\" != \"bb\"", refused("--checksum=aa", url + "?checksum=bb"));
    }

    @Test
    void fetchByCommitTakesTheCommitWhateverTheBranchIsNow() throws Exception {
        Path repository = repository("r");
        String first = git(repository, "rev-parse", "HEAD");
        commit(repository, "two");
        String url = http("r/.git?fetch-by-commit&commit=");
        assertEquals(List.of("0644 0:0 /sub/f one"), added(url + first + "&branch=main"));
        assertEquals(List.of("0644 0:0 /sub/f one"), added(url + first));
        assertEquals(
                "fetch-by-commit requires a full commit SHA checksum, got \"" + first.substring(0, 9) + "\"",
                refused(url + first.substring(0, 9)));
        assertEquals(
                "fetch-by-commit requires a checksum or a commit SHA ref",
                refused(http("r/.git?fetch-by-commit#main")));
    }

    @ParameterizedTest
    @CsvSource({"--keep-git-dir=false,?keep-git-dir=1", "--keep-git-dir,?keep-git-dir=0"})
    void whatKeepsTheGitDirMayNotDisagree(String flag, String query) {
        assertEquals("inconsistent keep-git-dir configuration", refused(flag, "https://example.com/r.git" + query));
    }

    /** One commit, and the name that was asked for, whichever way the files came. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAKeptGitDirHolds(boolean plainFiles) throws Exception {
        Path repository = repository("r");
        commit(repository, "two");
        git(repository, "tag", "-a", "v2", "-m", "v2");
        git(repository, "update-server-info");
        String second = git(repository, "rev-parse", "HEAD");
        commit(repository, "three");
        git(repository, "branch", "more");
        git(repository, "update-server-info");
        withDaemon(daemon -> {
            String url = plainFiles ? http("r/.git") : daemon + "r/.git";
            var image = build.build(
                            "FROM scratch",
                            "ADD --keep-git-dir " + url + "#more /b",
                            "ADD --keep-git-dir " + url + "#v2 /t",
                            "ADD --keep-git-dir " + url + "#" + second + " /c",
                            "ADD --keep-git-dir " + url + "?subdir=sub /s")
                    .image();
            try (var view = build.snapshots.view(image.chainId())) {
                Path branch = view.root().resolve("b");
                assertEquals("1", in(branch, "rev-list", "--count", "HEAD"));
                assertEquals(
                        "refs/heads/more\nrefs/remotes/origin/more", in(branch, "for-each-ref", "--format=%(refname)"));
                assertEquals(url, in(branch, "remote", "get-url", "origin"));
                assertEquals("", in(branch, "status", "--porcelain"));
                Path tag = view.root().resolve("t");
                assertEquals("v2", in(tag, "describe"));
                assertEquals("1", in(tag, "rev-list", "--count", "HEAD"));
                Path commit = view.root().resolve("c");
                assertEquals(second, in(commit, "rev-parse", "HEAD"));
                assertEquals("1", in(commit, "rev-list", "--count", "HEAD"));
                assertEquals("", in(commit, "for-each-ref"));
                assertTrue(Files.notExists(commit.resolve(".git/FETCH_HEAD")));
                assertTrue(Files.notExists(view.root().resolve("s/.git")));
            }
        });
    }

    private static String in(Path folder, String... words) throws Exception {
        var all = new ArrayList<>(List.of("-c", "safe.directory=*"));
        all.addAll(List.of(words));
        return git(folder, all.toArray(String[]::new));
    }

    @Test
    void aSubdirIsAFolderAndNoLink() throws Exception {
        Path repository = repository("r");
        Files.createSymbolicLink(repository.resolve("link"), Path.of("/"));
        commit(repository, "two");
        String url = http("r/.git");
        assertEquals("git subpath \"link/etc\" contains non-directory \"link\"", refused(url + "#main:link/etc"));
        assertEquals("git subpath \"sub/f\" contains non-directory \"sub/f\"", refused(url + "#main:sub/f"));
        assertEquals("subdir none not found in " + url + "#main:none", refused(url + "#main:none"));
    }

    /** Of all that the user may have set only what is needed to reach the server counts. */
    @Test
    void settingsOfTheUserDoNotChangeFiles() throws Exception {
        Path repository = repository("r");
        Files.writeString(repository.resolve(".gitattributes"), "* text=auto\n");
        commit(repository, "one\ntwo\n");
        Path home = Files.createDirectories(folder.resolve("home"));
        Path hook = Files.createDirectories(home.resolve("hooks")).resolve("post-checkout");
        Files.writeString(hook, "#!/bin/sh\necho hook > made-by-hook\n");
        assertTrue(hook.toFile().setExecutable(true));
        Files.writeString(
                home.resolve(".gitconfig"),
                "[core]\n\tautocrlf = true\n\teol = crlf\n\thooksPath = " + hook.getParent() + "\n");
        build.hostEnvironment.put("HOME", home.toString());
        assertEquals(
                List.of("0644 0:0 /sub/f one\\ntwo\\n"),
                added(http("r/.git")).stream()
                        .filter(line -> !line.contains(".gitattributes"))
                        .toList());
    }

    @Test
    void aPasswordDoesNotStayInAGitDir() throws Exception {
        repository("r");
        String url = http("r/.git").replace("//", "//me:secret@");
        var image =
                build.build("FROM scratch", "ADD --keep-git-dir " + url + " /").image();
        assertEquals(
                List.of(),
                build.tree(image).stream()
                        .filter(line -> Pattern.compile("secret").matcher(line).find())
                        .toList());
    }
}
