package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.builder.plan.NamedContext;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.BuildListener;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.parse.DockerfileParser;
import org.layerbook.engine.layer.Ownership;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.sandbox.ProcessSpec;

/** Whole sequences of events, stages, triggers, failures and cancellation. */
class BuildEventsTest {
    @TempDir
    Path folder;

    private TestBuild build;

    @BeforeEach
    void open() throws IOException {
        build = new TestBuild(folder);
    }

    @AfterEach
    void close() throws IOException {
        build.close();
    }

    @Test
    void aWholeBuildAsItIsHeard() throws Exception {
        build.file("a", "one");
        build.images.put(
                "base:1", build.build("FROM scratch", "ENV GREETING=hi").image());
        build.events.clear();
        String[] file = {
            "ARG tag=1",
            "FROM base:${tag}",
            "# comment",
            "RUN echo \"$GREETING\" \\",
            "  # within",
            "  $unknown",
            "copy a /$GREETING",
            "LABEL x=$GREETING",
            "workdir /w"
        };
        build.build(file);
        assertEquals(
                List.of(
                        "[1/4] FROM docker.io/library/base:1",
                        "  done, cached",
                        "[2/4] RUN echo \"hi\"   $unknown",
                        "  | \"$GREETING\"   $unknown",
                        "  done",
                        "[3/4] COPY a /hi",
                        "  done",
                        "[0/4] LABEL x=$GREETING",
                        "  done",
                        "[4/4] WORKDIR /w",
                        "  done"),
                build.events);
        build.events.clear();
        build.build(file);
        assertTrue(build.events.containsAll(List.of("[2/4] RUN echo \"hi\"   $unknown", "  done, cached")));
    }

    @Test
    void triggersRunAfterFromInTheirOrder() throws Exception {
        build.file("a", "one");
        build.images.put(
                "base",
                build.build("FROM scratch", "ONBUILD ARG who=me", "ONBUILD COPY a /$who", "ONBUILD RUN echo $who")
                        .image());
        build.events.clear();
        var result = build.build("FROM base", "LABEL last=1");
        assertEquals(
                List.of(
                        "[1/1] FROM docker.io/library/base:latest",
                        "  done, cached",
                        "[0/4] ONBUILD ARG who=me",
                        "  done",
                        "[2/4] ONBUILD COPY a /me",
                        "  done",
                        "[3/4] ONBUILD RUN echo me",
                        "  | $who",
                        "  done",
                        "[0/4] LABEL last=1",
                        "  done"),
                build.events);
        assertEquals(List.of(), result.image().config().config().onBuild());
        assertEquals(
                List.of("FROM false", "ARG true", "COPY true", "RUN true", "LABEL false"),
                result.state().stages().getLast().steps().stream()
                        .map(step -> step.instruction().keyword() + " " + step.onBuild())
                        .toList());
    }

    @Test
    void triggersOfAStageRunForTheNext() throws Exception {
        var result = build.build(
                "FROM scratch AS tools",
                "RUN write /t x",
                "FROM scratch AS base",
                "ONBUILD COPY --from=tools /t /t",
                "FROM base");
        assertEquals(List.of("0644 0:0 /t x"), build.tree(result.image()));
    }

    @Test
    void onlyStagesThatTheTargetNeedsAreBuilt() throws Exception {
        String[] file = {
            "FROM scratch AS unused",
            "RUN fail 1",
            "FROM scratch AS one",
            "RUN write /a 1",
            "FROM scratch AS two",
            "RUN write /b 2",
            "FROM one AS both",
            "COPY --from=two /b /",
            "FROM scratch AS last"
        };
        build.settings = build.settings.change().target("BOTH").done();
        var result = build.build(file);
        assertEquals(List.of("0644 0:0 /a 1", "0644 0:0 /b 2"), build.tree(result.image()));
        assertEquals(
                List.of(1, 2, 3),
                result.state().stages().stream().map(Stage::index).toList());
        build.settings = build.settings.change().target("last").done();
        assertEquals(List.of(), build.tree(build.build(file).image()));
        build.settings = build.settings.change().target("4").done();
        assertThrows(BuildException.class, () -> build.build(file));
        build.settings = build.settings.change().target("bosh").done();
        var e = assertThrows(BuildException.class, () -> build.build(file));
        assertEquals("target stage \"bosh\" could not be found (did you mean both?)", e.getMessage());
    }

    @Test
    void nothingIsRunBeforeAllIsPlanned() throws Exception {
        var base = build.build("FROM scratch", "ONBUILD ENV P=80", "ENV NAME=value");
        build.images.put("base", base.image());
        build.events.clear();
        var e = assertThrows(
                BuildException.class,
                () -> build.build(
                        "FROM base AS one",
                        "RUN write /f 1",
                        "FROM base",
                        "COPY --from=one /f /",
                        "EXPOSE $P",
                        "LABEL a=${NAME:?} b=${OTHER:?}"));
        assertTrue(e.getMessage().endsWith("OTHER: is not allowed to be unset"), e.getMessage());
        assertEquals(6, e.diagnostic().range().startLine());
        assertEquals(List.of(), build.events);
    }

    @Test
    void aStageInheritsEverythingButTriggersAndTheOwnCmd() throws Exception {
        var result = build.build(
                "FROM scratch AS base",
                "ARG a=1",
                "ENV b=2",
                "CMD [\"c\"]",
                "USER 5",
                "WORKDIR /w",
                "FROM base",
                "RUN echo",
                "ENTRYPOINT [\"e\"]");
        ImageConfig config = result.image().config();
        assertEquals(Optional.empty(), config.config().cmd());
        assertEquals("/w", config.config().workingDir());
        ProcessSpec spec = build.sandbox.specs.getLast();
        assertEquals(5, spec.user().uid());
        assertEquals("/w", spec.cwd());
        assertTrue(spec.env().containsAll(List.of("a=1", "b=2")));
    }

    @Test
    void aMissingBaseNamesTheNearest() {
        build.images.put("busybox", null);
        var e = assertThrows(BuildException.class, () -> build.build("FROM busybos"));
        assertEquals(BuildException.Kind.NO_SUCH_IMAGE, e.kind());
        assertEquals(Optional.of("did you mean busybox?"), e.diagnostic().hint());
        assertEquals(1, e.diagnostic().range().startLine());
    }

    @Test
    void namedImagesAndContextsStandForNames() throws Exception {
        var given = build.build("FROM scratch", "RUN write /g 1").image();
        Files.createDirectories(folder.resolve("other"));
        Files.writeString(folder.resolve("other/f"), "x");
        build.images.put("alpine", given);
        build.settings = build.settings
                .change()
                .namedImages(Map.of("@web/builder", given))
                .namedContexts(Map.of(
                        "ctx", new NamedContext.Folder(folder.resolve("other"), true),
                        "os", new NamedContext.ImageName("alpine")))
                .done();
        var result = build.build(
                "FROM @web/builder AS a",
                "FROM os AS b",
                "FROM scratch",
                "COPY --from=@web/builder /g /1",
                "COPY --from=ctx f /2",
                "COPY --from=b /g /3");
        assertEquals(List.of("0644 0:0 /1 1", "0644 0:0 /2 x", "0644 0:0 /3 1"), build.tree(result.image()));
    }

    private void context(String name, boolean isLocal) {
        var contexts = new HashMap<>(build.settings.namedContexts());
        contexts.put(name, new NamedContext.Folder(folder.resolve("other"), isLocal));
        build.settings = build.settings.change().namedContexts(contexts).done();
    }

    @Test
    void aFolderAsABase() throws Exception {
        Files.createDirectories(folder.resolve("other/bin"));
        Files.writeString(folder.resolve("other/bin/tool"), "t");
        Files.writeString(folder.resolve("other/left-out"), "x");
        Files.writeString(folder.resolve("other/.dockerignore"), "left-out\n");
        context("os", true);
        String[] file = {"FROM os:latest", "RUN write /made 1"};
        var result = build.build(file);
        assertEquals(
                List.of(
                        "0644 0:0 /.dockerignore left-out\\n",
                        "0755 0:0 /bin/",
                        "0644 0:0 /bin/tool t",
                        "0644 0:0 /made 1"),
                build.tree(result.image()));
        ImageConfig config = result.image().config();
        assertEquals(2, config.diffIds().size());
        assertEquals(
                "local source for os", config.history().getFirst().createdBy().orElseThrow());
        assertEquals("FROM* RUN*", TestBuild.cached(build.build(file)));
        assertEquals(result.image().id(), build.build(file).image().id());
        Files.writeString(folder.resolve("other/bin/tool"), "changed");
        assertEquals("FROM* RUN", TestBuild.cached(build.build(file)));
    }

    @Test
    void aFetchedFolderHasNoIgnoreFileAndKeepsItsOwners() throws Exception {
        Files.createDirectories(folder.resolve("other"));
        Files.writeString(folder.resolve("other/f"), "x");
        Files.writeString(folder.resolve("other/.dockerignore"), "f\n");
        build.snapshots.ownership().set(folder.resolve("other/f"), FileStat.REGULAR, new Ownership.Owner(5, 6, 0640));
        context("other", false);
        var result = build.build("FROM scratch", "COPY --from=other f /");
        assertEquals(List.of("0640 5:6 /f x"), build.tree(result.image()));
        build.settings = build.settings
                .change()
                .context(folder.resolve("other"))
                .contextIsFetched(true)
                .done();
        assertEquals(
                List.of("0640 5:6 /f x"),
                build.tree(build.build("FROM scratch", "COPY f /").image()));
    }

    @Test
    void aNamedContextTakesTheNameOfAStageAndOfAnImage() throws Exception {
        Files.createDirectories(folder.resolve("other"));
        Files.writeString(folder.resolve("other/f"), "x");
        context("tools", true);
        context("alpine:3.20", true);
        var result = build.build(
                "FROM nowhere AS Tools",
                "RUN fail 1",
                "FROM alpine:3.20",
                "COPY --from=tools /f /a",
                "COPY --from=0 /f /b",
                "COPY --from=docker.io/library/alpine:3.20 /f /c",
                "RUN --mount=from=tools,target=/m cat /m/f && write /d 1",
                "RUN --mount=from=alpine:3.20,target=/m cat /m/f && write /e 1");
        assertEquals(
                List.of(
                        "0644 0:0 /a x",
                        "0644 0:0 /b x",
                        "0644 0:0 /c x",
                        "0644 0:0 /d 1",
                        "0644 0:0 /e 1",
                        "0644 0:0 /f x"),
                build.tree(result.image()).stream()
                        .filter(line -> !line.endsWith(" /m/"))
                        .toList());
    }

    @Test
    void anEmptyNamedContext() throws Exception {
        build.settings = build.settings
                .change()
                .namedContexts(Map.of("busybox", new NamedContext.ImageName("scratch")))
                .done();
        var result = build.build("FROM busybox", "RUN write /f 1");
        assertEquals(List.of("0644 0:0 /f 1"), build.tree(result.image()));
    }

    @Test
    void aFailureNamesItsLineAndStopsTheOthers() throws Exception {
        var e = assertThrows(
                BuildException.class,
                () -> build.build(
                        "FROM scratch AS a",
                        "RUN hang",
                        "FROM scratch AS b",
                        "RUN write /x 1",
                        "RUN fail 7",
                        "FROM scratch",
                        "COPY --from=a /x /",
                        "COPY --from=b /x /"));
        assertEquals(BuildException.Kind.RUN_FAILED, e.kind());
        assertEquals(7, e.exitStatus());
        assertEquals(5, e.diagnostic().range().startLine());
        assertEquals("process \"/bin/sh -c fail 7\" did not complete successfully: exit code: 7", e.getMessage());
        e.failedRoot().orElseThrow().close();
    }

    @Test
    void cancellingEndsTheStepAndLeavesNothing() throws Exception {
        var cancellation = new Cancellation();
        var dockerfile = DockerfileParser.parse("FROM scratch\nRUN write /f 1 && hang\n");
        var failure = CompletableFuture.supplyAsync(() -> assertThrows(
                BuildException.class,
                () -> build.builder.build(dockerfile, build.settings, BuildListener.NONE, cancellation)));
        build.sandbox.hanging.await();
        cancellation.cancel();
        assertEquals(BuildException.Kind.CANCELLED, failure.get().kind());
        assertFalse(failure.get().failedRoot().isPresent());
    }

    @Test
    void aCancelledBuildCopiesNothing() throws Exception {
        build.file("a", "one");
        var cancellation = new Cancellation();
        cancellation.cancel();
        var dockerfile = DockerfileParser.parse("FROM scratch\nCOPY a /\n");
        var e = assertThrows(
                BuildException.class,
                () -> build.builder.build(dockerfile, build.settings, BuildListener.NONE, cancellation));
        assertEquals(BuildException.Kind.CANCELLED, e.kind());
    }

    @Test
    void usersOfAProcessAreThoseOfTheImage() throws Exception {
        String passwd = "RUN mkdir /etc && write /etc/passwd me:x:7:8:::\n";
        build.build("FROM scratch", passwd + "RUN write /etc/group g:x:9:me", "USER me", "RUN echo");
        assertEquals(
                new ProcessSpec.Identity(7, 8, List.of(8, 9)),
                build.sandbox.specs.getLast().user());
        build.build("FROM scratch", "USER 77", "RUN echo");
        assertEquals(
                new ProcessSpec.Identity(77, 0, List.of(0)),
                build.sandbox.specs.getLast().user());
        var e = assertThrows(BuildException.class, () -> build.build("FROM scratch", "USER you", "RUN echo"));
        assertEquals("unable to find user you: no matching entries in passwd file", e.getMessage());
        assertEquals(BuildException.Kind.INVALID, e.kind());
    }

    @Test
    void labelsOfTheCommandMakeNoHistory() throws Exception {
        build.settings = build.settings.change().labels(Map.of("a", "b")).done();
        var image = build.build("FROM scratch", "LABEL c=d").image();
        assertEquals(Map.of("a", "b", "c", "d"), image.config().config().labels());
        assertEquals(1, image.config().history().size());
    }

    @Test
    void sourceDateEpochIsEveryTimeThatTheBuildMakes() throws Exception {
        build.file("a", "one");
        build.settings = build.settings.change().sourceDateEpoch(86400L).done();
        var image = build.build("FROM scratch", "COPY a /d/", "WORKDIR /w", "ENV a=b")
                .image();
        assertEquals(Optional.of("1970-01-02T00:00:00Z"), image.config().created());
        assertTrue(image.config().history().stream()
                .allMatch(h -> h.created().equals(Optional.of("1970-01-02T00:00:00Z"))));
        try (var view = build.snapshots.view(image.chainId())) {
            for (String name : List.of("d", "d/a", "w")) {
                assertEquals(
                        86400,
                        Files.getLastModifiedTime(view.root().resolve(name))
                                .toInstant()
                                .getEpochSecond(),
                        name);
            }
        }
    }

    @Test
    void timesOfCopiesAreKept() throws Exception {
        build.file("a", "one");
        Files.setLastModifiedTime(build.context.resolve("a"), FileTime.fromMillis(1_000_000_000_123L));
        var image = build.build("FROM scratch", "COPY a /a").image();
        try (var view = build.snapshots.view(image.chainId())) {
            assertEquals(
                    1_000_000_000_123L,
                    Files.getLastModifiedTime(view.root().resolve("a")).toMillis());
        }
    }

    @Test
    void aChangedContextIsSeen() throws Exception {
        build.file("a", "one");
        var state = build.cells("FROM scratch", "ENV x=1", "COPY a /", "RUN echo");
        Stage stage = state.live().orElseThrow();
        List<Boolean> before = stage.steps().stream()
                .map(step -> build.builder.isOutOfDate(state, stage, step, build.settings))
                .toList();
        assertEquals(List.of(false, false, false, false), before);
        build.file("a", "two");
        List<Boolean> after = stage.steps().stream()
                .map(step -> build.builder.isOutOfDate(state, stage, step, build.settings))
                .toList();
        assertEquals(List.of(false, false, true, false), after);
    }
}
