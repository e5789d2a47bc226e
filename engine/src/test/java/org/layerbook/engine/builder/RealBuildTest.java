package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.step.BuildEvent;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.parse.DockerfileParser;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.sandbox.BusyboxRoot;
import org.layerbook.engine.sandbox.selection.Sandboxes;
import org.layerbook.engine.store.Identity;

/** Builds with real processes in the container runtime of this machine, on a root file system of busybox. */
class RealBuildTest {
    @TempDir
    Path folder;

    private TestBuild build;

    @BeforeEach
    void open() throws Exception {
        Sandboxes.Detected detected = Sandboxes.detect(new Sandboxes.Settings(
                Map.of("PATH", System.getenv("PATH")),
                folder.resolve("runtime"),
                Files.createDirectory(folder.resolve("scratch")),
                folder,
                "realbuild" + ProcessHandle.current().pid()));
        assumeTrue(detected.runtime().isPresent(), "needs a container runtime: " + detected.notes());
        build = new TestBuild(folder, Optional.of(detected.sandbox()));
        BusyboxRoot.make(build.context.resolve("root"));
        build.file("root/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nme:x:7:8::/home/me:/bin/sh\n");
        build.file("root/etc/group", "root:x:0:\nours:x:8:\nextra:x:9:me\n");
        build.images.put("busybox", build.build("FROM scratch", "COPY root /").image());
        build.events.clear();
    }

    @AfterEach
    void close() throws IOException {
        if (build != null) {
            build.close();
        }
    }

    private String output() {
        return String.join(
                "\n",
                build.events.stream()
                        .filter(e -> e.startsWith("  |") || e.startsWith("  !"))
                        .map(e -> e.substring(4))
                        .toList());
    }

    private static List<String> changes(StepRecord step) {
        return step.changes().changes().stream()
                .map(c -> (c.kind() == LayerChanges.Kind.DELETED ? "-" : "+") + c.path())
                .filter(line -> !List.of("+/proc", "+/sys", "+/dev").contains(line))
                .toList();
    }

    @Test
    void aProcessHasItsUserDirectoryAndEnvironment() throws Exception {
        build.build(
                "FROM busybox",
                "ARG a=1",
                "ENV b=2",
                "USER me",
                "WORKDIR /home/me",
                "RUN id -u && id -g && id -G && pwd && echo $a$b && touch f",
                "RUN grep ^Groups /proc/self/status");
        // The group of the process is among its additional groups, as BuildKit has it.
        assertEquals("7\n8\n8 9\n/home/me\n12\nGroups:\t8 9", output().strip());
    }

    @Test
    void layersHoldWhatTheProcessDidAndNothingElse() throws Exception {
        var result = build.build(
                "FROM busybox",
                "RUN echo 1 > /one && mkdir /d && echo 2 > /d/two",
                "RUN rm /one && ln -s d /l",
                "RUN true",
                "RUN --mount=type=tmpfs,target=/a/b --mount=type=cache,target=/c touch /a/b/x /c/y");
        var steps = result.state().stages().getLast().steps();
        assertEquals(List.of("+/d", "+/d/two", "+/one"), changes(steps.get(1)));
        assertEquals(List.of("+/l", "-/one"), changes(steps.get(2)));
        assertEquals(List.of(), changes(steps.get(3)));
        assertEquals(List.of(), changes(steps.get(4)));
        assertEquals(5, result.image().layers().size());
    }

    @Test
    void heredocsInEveryForm() throws Exception {
        build.build(
                "FROM busybox",
                "RUN <<EOF",
                "echo one",
                "echo two",
                "EOF",
                "RUN <<EOF",
                "#!/bin/cat",
                "three",
                "EOF",
                "RUN cat <<A && cat <<-B",
                "four",
                "A",
                "\tfive",
                "\tB");
        assertEquals("one\ntwo\n#!/bin/cat\nthree\nfour\nfive", output());
    }

    @Test
    void mountsShowWhatTheyShould() throws Exception {
        build.file("src/f", "context");
        build.settings = build.settings
                .change()
                .secrets(Map.of("s", new BuildSettings.Secret.Value("hush")))
                .done();
        var result = build.build(
                "FROM busybox AS other",
                "RUN echo stage > /f",
                "FROM busybox",
                "RUN --mount=source=src,target=/m cat /m/f && ! touch /m/x 2>/dev/null",
                "RUN --mount=from=other,target=/o,rw cat /o/f && touch /o/x",
                "RUN --mount=type=secret,id=s cat /run/secrets/s && stat -c %a /run/secrets/s",
                "RUN --network=none cat /proc/net/route | wc -l");
        // Where one piece of output ends and the next begins is chance.
        assertEquals("contextstagehush4001", output().replace("\n", ""));
        for (StepRecord step : result.state().stages().getLast().steps()) {
            assertEquals(List.of(), changes(step));
        }
    }

    /** Every option of every kind, and what the process sees of it. */
    @Test
    void mountsHaveTheirOptions() throws Exception {
        assumeTrue(Identity.current().idCount() > 1, "needs more than one user id");
        Path secret = Files.writeString(folder.resolve("secret"), "TOP-SECRET-VALUE");
        build.file("f", "context\n");
        build.settings = build.settings
                .change()
                .secrets(Map.of(
                        "s", new BuildSettings.Secret.File(secret),
                        "e", new BuildSettings.Secret.Value("VERY-SECRET-VALUE")))
                .done();
        build.build(
                "FROM busybox AS other",
                "RUN mkdir -p /data/sub && echo other > /data/sub/g",
                "FROM busybox",
                "WORKDIR /w",
                "RUN --mount=type=bind,source=f,target=rel cat rel; touch rel 2>/dev/null || echo read-only",
                "RUN --mount=from=other,source=/data,target=/m,rw echo new > /m/n && ls /m",
                "RUN --mount=type=bind,from=other,source=data/sub,target=/m,readonly=true cat /m/g",
                "RUN --mount=type=tmpfs,target=/t,size=1m df -k /t | grep -q ' 1024 ' && stat -c %a /t",
                "RUN --mount=type=cache,target=/c,mode=0711,uid=7,gid=8 stat -c '%a %u %g' /c && echo kept > /c/k",
                "RUN --mount=type=cache,id=/c,target=/d,mode=0711,uid=7,gid=8,ro cat /d/k; touch /d/x 2>/dev/null || echo ro",
                "RUN --mount=type=cache,target=/p,sharing=private --mount=type=cache,target=/l,sharing=locked ls /p /l",
                "RUN --mount=type=cache,target=/b,from=other,source=/data cat /b/sub/g && echo mine > /b/sub/g",
                "RUN --mount=type=cache,target=/b,from=other,source=/data cat /b/sub/g",
                "RUN --mount=type=secret,id=s wc -c < /run/secrets/s && stat -c '%a %u %g' /run/secrets/s",
                "RUN --mount=type=secret,id=s,dst=/x/y,mode=0444,uid=7,gid=8 stat -c '%a %u %g' /x/y",
                "RUN --mount=type=secret,id=e,env=E test $E = VERY-SECRET-VALUE && test ! -e /run/secrets/e && echo variable",
                "RUN --mount=type=secret,id=e,env=E,target=/both test $E = $(cat /both) && echo both",
                "RUN --mount=type=secret,id=none test ! -e /run/secrets/none && echo none",
                "USER me",
                "RUN --mount=type=secret,id=s cat /run/secrets/s 2>/dev/null || echo refused",
                "RUN ls /m /t /c /d /p /l /b /x /both /run/secrets 2>/dev/null | wc -l");
        assertEquals("""
                context
                read-only
                n
                sub
                other
                1777
                711 7 8
                kept
                ro
                /l:

                /p:
                other
                mine
                16
                400 0 0
                444 7 8
                variable
                both
                none
                refused
                0""", output());
        try (var files = Files.walk(folder.resolve("store"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertFalse(text.contains("SECRET-VALUE") && !text.contains("test $E = VERY"), file.toString());
            }
        }
    }

    @Test
    void aFailureHandsOutItsFileSystem() throws Exception {
        var e = assertThrows(
                BuildException.class,
                () -> build.build("FROM busybox", "RUN echo evidence > /e; echo no >&2; exit 42"));
        assertEquals(42, e.exitStatus());
        assertEquals("no", output());
        try (var root = e.failedRoot().orElseThrow()) {
            assertEquals("evidence\n", Files.readString(root.root().resolve("e")));
        }
        var missing = assertThrows(BuildException.class, () -> build.build("FROM busybox", "RUN [\"nothing\"]"));
        assertEquals(127, missing.exitStatus());
        missing.failedRoot().orElseThrow().close();
    }

    @Test
    void cancellingEndsEverythingAtOnce() throws Exception {
        var cancellation = new Cancellation();
        var dockerfile = DockerfileParser.parse("FROM busybox\nRUN echo started; sleep 600 & sleep 600\n");
        var started = new CompletableFuture<Void>();
        var failure = CompletableFuture.supplyAsync(() -> assertThrows(
                BuildException.class,
                () -> build.builder.build(
                        dockerfile,
                        build.settings,
                        event -> {
                            if (event instanceof BuildEvent.Output) {
                                started.complete(null);
                            }
                        },
                        cancellation)));
        started.get();
        cancellation.cancel();
        assertEquals(BuildException.Kind.CANCELLED, failure.get().kind());
    }
}
