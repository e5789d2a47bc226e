package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.run.AgentSocket;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.sandbox.ProcessSpec;

/** What RUN's mounts show to the process, and what is left of them. */
class RunMountsTest {
    @TempDir
    Path folder;

    private TestBuild build;

    @Test
    void aDeviceThatIsNotRequiredIsDoneWithout() throws BuildException {
        build.build("FROM scratch", "RUN --device=a.b/c=1 --device=d.e/f,required=false write /x 1");
        assertEquals(
                List.of(
                        "  warning: optional device \"a.b/c=1\" is not registered: host devices are not available in"
                                + " builds",
                        "  warning: optional device \"d.e/f\" is not registered: host devices are not available in"
                                + " builds"),
                build.events.stream().filter(line -> line.contains("warning")).toList());
    }

    @BeforeEach
    void open() throws IOException {
        build = new TestBuild(folder);
        build.file("a", "one").file("d/x", "x").file("secret.md", "hidden").file(".dockerignore", "*.md\n");
    }

    @AfterEach
    void close() throws IOException {
        build.close();
    }

    private List<String> output() {
        return build.events.stream().filter(e -> e.startsWith("  |")).toList();
    }

    @Test
    void theContextIsSeenWithoutWhatIsIgnoredAndIsNeverWritten() throws Exception {
        var result = build.build(
                "FROM scratch", "RUN --mount=target=/m,rw cat /m/a && write /m/a changed && write /m/new x",
                "RUN --mount=type=bind,source=d,target=/m cat /m/x", "RUN --mount=source=a,target=/f cat /f");
        assertEquals(List.of("  | one", "  | x", "  | one"), output());
        assertEquals("one", Files.readString(build.context.resolve("a")));
        assertFalse(Files.exists(build.context.resolve("new")));
        assertEquals(List.of(), build.tree(result.image()));
        var mount =
                (ProcessSpec.Mount.Bind) build.sandbox.specs.getLast().mounts().getFirst();
        assertEquals("/f", mount.target());
        assertTrue(mount.readOnly());
        assertThrows(NoSuchFileException.class, () -> {
            try {
                build.build("FROM scratch", "RUN --mount=target=/m cat /m/secret.md");
            } catch (BuildException e) {
                throw e.getCause().getCause();
            }
        });
    }

    @Test
    void aStageIsSeenAsItIsAndNotChanged() throws Exception {
        var result = build.build(
                "FROM scratch AS s",
                "RUN write /f 1",
                "FROM scratch",
                "RUN --mount=from=s,target=m,rw cat m/f && write m/f 2",
                "RUN --mount=from=s,source=f,target=/g cat /g");
        assertEquals(List.of("  | 1", "  | 1"), output());
        assertEquals(List.of(), build.tree(result.image()));
    }

    @Test
    void aSourceThatIsNotThere() {
        var e = assertThrows(
                BuildException.class, () -> build.build("FROM scratch", "RUN --mount=source=dd,target=/m echo"));
        assertEquals(BuildException.Kind.NOT_IN_CONTEXT, e.kind());
        assertEquals(
                Optional.of("there is no dd in the build context; did you mean d?"),
                e.diagnostic().hint());
    }

    @Test
    void aCacheOutlivesTheBuildAndStaysOutOfTheImage() throws Exception {
        var result = build.build("FROM scratch", "RUN --mount=type=cache,target=/c write /c/n 1");
        build.build("FROM scratch", "RUN --mount=type=cache,target=/c cat /c/n");
        build.build("FROM scratch", "RUN --mount=type=cache,id=/c,target=/elsewhere cat /elsewhere/n");
        assertEquals(List.of("  | 1", "  | 1"), output());
        assertEquals(List.of(), build.tree(result.image()));
    }

    @Test
    void aNewCacheBeginsWithWhatItIsFrom() throws Exception {
        build.build(
                "FROM scratch AS s",
                "RUN mkdir /p && write /p/f 1",
                "FROM scratch",
                "RUN --mount=type=cache,target=/c,from=s,source=p,uid=5,gid=6,mode=0700 cat /c/f && write /c/f 2",
                "RUN --mount=type=cache,target=/c,from=s,source=p,uid=5,gid=6,mode=0700 cat /c/f && echo",
                "RUN --mount=type=cache,target=/c write /c/g 3");
        assertEquals(List.of("  | 1", "  | 2", "  | "), output());
    }

    @Test
    void aPrivateCacheIsNotSharedWhileItIsUsed() throws Exception {
        build.build(
                "FROM scratch",
                "RUN --mount=type=cache,target=/a,id=p,sharing=private --mount=type=cache,target=/b,id=p,sharing=private"
                        + " write /a/f 1 && write /b/f 2 && cat /a/f");
        assertEquals(List.of("  | 1"), output());
    }

    @Test
    void secretsAreFilesOrVariablesForTheProcessOnly() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "from a file");
        build.settings = build.settings
                .change()
                .secrets(Map.of(
                        "file", new BuildSettings.Secret.File(file), "value", new BuildSettings.Secret.Value("v")))
                .done();
        var result = build.build(
                "FROM scratch",
                "RUN --mount=type=secret,id=file --mount=type=secret,id=value,target=/t,mode=0444"
                        + " --mount=type=secret,id=value,env=TOKEN --mount=type=secret,id=none"
                        + " cat /run/secrets/file && cat /t && env TOKEN");
        assertEquals(List.of("  | from a file", "  | v", "  | TOKEN=v"), output());
        assertEquals(List.of(), build.tree(result.image()));
        assertFalse(new String(result.image().configBytes().toArray(), StandardCharsets.UTF_8).contains("from a file"));
        for (ProcessSpec.Mount mount : build.sandbox.specs.getLast().mounts()) {
            assertFalse(Files.exists(((ProcessSpec.Mount.Bind) mount).source()), mount.target());
        }
        var e = assertThrows(
                BuildException.class,
                () -> build.build("FROM scratch", "RUN --mount=type=secret,id=none,required echo"));
        assertEquals("secret none: not found", e.getMessage());
        assertEquals(
                Optional.of("pass it with --secret id=none,src=FILE"),
                e.diagnostic().hint());
    }

    @Test
    void theAgentIsReachedThroughASocketOfOurOwn() throws Exception {
        Path agent = folder.resolve("agent");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(agent));
            Thread.ofVirtual().start(() -> answerOnce(server));
            Path path = folder.resolve("ours");
            try (var socket = new AgentSocket(agent, path);
                    var client = SocketChannel.open(UnixDomainSocketAddress.of(socket.path()))) {
                client.write(ByteBuffer.wrap("who".getBytes(StandardCharsets.UTF_8)));
                ByteBuffer answer = ByteBuffer.allocate(16);
                client.read(answer);
                assertEquals("agent:who", new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8));
            }
            assertFalse(Files.exists(path));
        }
    }

    private static void answerOnce(ServerSocketChannel server) {
        try (SocketChannel connection = server.accept()) {
            ByteBuffer question = ByteBuffer.allocate(16);
            connection.read(question);
            String text = "agent:" + new String(question.array(), 0, question.position(), StandardCharsets.UTF_8);
            connection.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anAgentIsNamedInTheEnvironment() throws Exception {
        build.settings = build.settings
                .change()
                .sshSockets(Map.of("default", folder.resolve("agent")))
                .done();
        build.build("FROM scratch", "RUN --mount=type=ssh --mount=type=ssh,id=other env SSH_AUTH_SOCK");
        assertEquals(List.of("  | SSH_AUTH_SOCK=/run/buildkit/ssh_agent.0"), output());
        assertEquals(1, build.sandbox.specs.getLast().mounts().size());
    }

    @Test
    void aScriptIsThereForItsProcess() throws Exception {
        build.build("FROM scratch", "RUN <<EOF", "#!/usr/bin/env python3", "print()", "EOF", "RUN echo");
        var mount =
                (ProcessSpec.Mount.Bind) build.sandbox.specs.getFirst().mounts().getFirst();
        assertEquals("/dev/pipes", mount.target());
        assertEquals("/dev/pipes/EOF", build.sandbox.specs.getFirst().argv().getLast());
        assertEquals(List.of(), build.sandbox.specs.getLast().mounts());
    }

    @Test
    void rootIsNoTarget() {
        var e = assertThrows(BuildException.class, () -> build.build("FROM scratch", "RUN --mount=target=/ echo"));
        assertEquals("invalid mount target \"/\"", e.getMessage());
    }

    @Test
    void withoutATargetTheWorkingDirectoryIsMeant() throws Exception {
        build.build("FROM scratch", "WORKDIR /w", "RUN --mount=type=tmpfs echo");
        assertEquals("/w", build.sandbox.specs.getLast().mounts().getFirst().target());
    }

    private void buildAnew(boolean noCache, String... lines) throws BuildException {
        BuildSettings before = build.settings;
        build.settings = before.change().noCache(noCache).done();
        build.events.clear();
        build.build(lines);
        build.settings = before;
    }

    @Test
    void aBuildWithoutCacheBeginsItsCachesAnewOnce() throws Exception {
        String write = "RUN --mount=type=cache,target=/c write /c/";
        buildAnew(false, "FROM scratch", write + "one 1");
        buildAnew(true, "FROM scratch", write + "two 2", "RUN --mount=type=cache,target=/c cat /c/two");
        assertEquals(List.of("  | 2"), output());
        assertThrows(
                IOException.class,
                () -> Files.readString(mounted().resolve("one")),
                "what was there before is not there any more");
        buildAnew(false, "FROM scratch", "RUN --mount=type=cache,target=/c cat /c/two && write /f 3");
        assertEquals(List.of("  | 2"), output());
        assertEquals(
                1,
                new BuilderFolders(build.store)
                        .list().stream()
                                .filter(item -> item.type() == BuilderFolders.Type.CACHE_MOUNT)
                                .count());
    }

    private Path mounted() {
        return ((ProcessSpec.Mount.Bind) build.sandbox.specs.getLast().mounts().getFirst()).source();
    }

    @Test
    void cachesOfOtherNamespacesAreOthers() throws Exception {
        build.build("FROM scratch", "RUN --mount=type=cache,id=x,target=/c write /c/f 1");
        Path plain = mounted();
        build.settings = build.settings
                .change()
                .buildArgs(Map.of("BUILDKIT_CACHE_MOUNT_NS", "mine"))
                .done();
        build.build("FROM scratch", "RUN --mount=type=cache,id=x,target=/c write /c/g 1");
        assertFalse(plain.equals(mounted()));
        assertFalse(Files.exists(mounted().resolve("f")));
    }

    @Test
    void aRelativeTargetNamesItsCacheAsItIsWritten() throws Exception {
        build.build("FROM scratch", "WORKDIR /a", "RUN --mount=type=cache,target=c write /a/c/f 1");
        Path first = mounted();
        build.build("FROM scratch", "WORKDIR /b", "RUN --mount=type=cache,target=./c write /b/c/g 1");
        assertEquals(first, mounted());
    }
}
