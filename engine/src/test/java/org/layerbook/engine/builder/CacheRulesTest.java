package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.CacheKey;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Processes;
import org.layerbook.engine.sandbox.ProcessSpec;

/** One test for each rule of docs/cache-keys.md: what misses, and what does not. */
class CacheRulesTest {
    @TempDir
    Path folder;

    private TestBuild build;

    @BeforeEach
    void open() throws IOException {
        build = new TestBuild(folder);
        build.file("a", "one").file("b", "two").file("d/x", "x").file("d/y", "y");
    }

    @AfterEach
    void close() throws IOException {
        build.close();
    }

    /** Builds the first, then the second, and says what the second took from the cache. */
    private String second(List<String> first, List<String> second) throws BuildException {
        build.build(first.toArray(String[]::new));
        return TestBuild.cached(build.build(second.toArray(String[]::new)));
    }

    @Test
    void theSameAgainIsAllCachedAndHasTheSameId() throws Exception {
        String[] file = {"FROM scratch", "COPY a /", "RUN write /f 1", "WORKDIR /w", "ENV A=b"};
        var first = build.build(file);
        var again = build.build(file);
        assertEquals("FROM* COPY RUN WORKDIR ENV", TestBuild.cached(first));
        assertEquals("FROM* COPY* RUN* WORKDIR* ENV", TestBuild.cached(again));
        assertEquals(first.image().id(), again.image().id());
    }

    @Test
    void cellsAndFilesShareTheCacheAndGiveTheSameImage() throws Exception {
        String[] file = {"FROM scratch", "COPY a /", "ARG V=1", "RUN write /f 1", "LABEL x=y"};
        var state = build.cells(file);
        var result = build.build(file);
        assertEquals("FROM* COPY* ARG RUN* LABEL", TestBuild.cached(result));
        assertEquals(state.live().orElseThrow().image().id(), result.image().id());
    }

    @Test
    void metadataBetweenMissesNothing() throws Exception {
        assertEquals(
                "FROM* LABEL EXPOSE RUN* CMD COPY*",
                second(
                        List.of("FROM scratch", "RUN write /f 1", "COPY a /"),
                        List.of("FROM scratch", "LABEL a=b", "EXPOSE 80", "RUN write /f 1", "CMD x", "COPY a /")));
    }

    @Test
    void anArgumentInScopeMissesLaterRunsAndOnlyThese() throws Exception {
        var file = List.of("FROM scratch", "RUN write /e 0", "ARG V", "COPY a /", "RUN write /f 1");
        build.settings = build.settings.change().buildArgs(Map.of("V", "1")).done();
        build.build(file.toArray(String[]::new));
        build.settings = build.settings.change().buildArgs(Map.of("V", "2")).done();
        var result = build.build(file.toArray(String[]::new));
        assertEquals("FROM* RUN* ARG COPY* RUN", TestBuild.cached(result));
        assertEquals(List.of("args"), build.last(result).miss().orElseThrow().changed());
    }

    @Test
    void anArgumentThatBecomesAVariableOfTheSameValueMissesNothing() throws Exception {
        assertEquals(
                "FROM* ENV RUN*",
                second(
                        List.of("FROM scratch", "ARG V=1", "RUN write /f 1"),
                        List.of("FROM scratch", "ENV V=1", "RUN write /f 1")));
        var result = build.build("FROM scratch", "ENV V=1", "RUN write /f 2");
        assertEquals(List.of("command"), build.last(result).miss().orElseThrow().changed());
    }

    @Test
    void theOrderOfTheVariablesMissesARun() throws Exception {
        build.build("FROM scratch", "ENV A=1", "ARG B=2", "RUN write /f 1");
        var result = build.build("FROM scratch", "ARG B=2", "ENV A=1", "RUN write /f 1");
        assertEquals("FROM* ARG ENV RUN", TestBuild.cached(result));
        assertEquals(
                List.of("variables"), build.last(result).miss().orElseThrow().changed());
    }

    @Test
    void aBuildArgumentThatNobodyDeclaresMissesNothing() throws Exception {
        build.build("FROM scratch", "RUN write /f 1");
        build.settings = build.settings.change().buildArgs(Map.of("V", "2")).done();
        assertEquals("FROM* RUN*", TestBuild.cached(build.build("FROM scratch", "RUN write /f 1")));
    }

    @Test
    void proxiesReachTheProcessButNotTheKeyNorTheHistory() throws Exception {
        build.build("FROM scratch", "RUN write /f 1");
        build.settings = build.settings
                .change()
                .buildArgs(Map.of("HTTP_PROXY", "http://p"))
                .done();
        assertEquals("FROM* RUN*", TestBuild.cached(build.build("FROM scratch", "RUN write /f 1")));
        var result = build.build("FROM scratch", "RUN write /g 1");
        assertTrue(
                build.sandbox.specs.getLast().env().containsAll(List.of("HTTP_PROXY=http://p", "http_proxy=http://p")));
        assertEquals(
                "RUN /bin/sh -c write /g 1 # buildkit",
                result.image().config().history().getLast().createdBy().orElseThrow());
        assertFalse(result.image().config().config().env().toString().contains("proxy"));
    }

    @Test
    void environmentMissesRunsButNotCopies() throws Exception {
        assertEquals(
                "FROM* ENV COPY* RUN",
                second(
                        List.of("FROM scratch", "ENV A=1", "COPY a /", "RUN write /f 1"),
                        List.of("FROM scratch", "ENV A=2", "COPY a /", "RUN write /f 1")));
    }

    @Test
    void userDirectoryShellAndNetworkMissARun() throws Exception {
        build.build("FROM scratch", "RUN mkdir /w && write /f 1");
        assertEquals(
                "FROM* USER RUN",
                TestBuild.cached(build.build("FROM scratch", "USER 1:1", "RUN mkdir /w && write /f 1")));
        assertEquals(
                "FROM* SHELL RUN",
                TestBuild.cached(build.build("FROM scratch", "SHELL [\"/b\",\"-c\"]", "RUN mkdir /w && write /f 1")));
        assertEquals(
                "FROM* RUN",
                TestBuild.cached(build.build("FROM scratch", "RUN --network=none mkdir /w && write /f 1")));
    }

    @Test
    void timesOfContextFilesMissNothing() throws Exception {
        build.build("FROM scratch", "COPY . /");
        LinuxFiles.setTimes(build.context.resolve("a"), 1, 0);
        LinuxFiles.setTimes(build.context.resolve("d"), 1, 0);
        assertEquals("FROM* COPY*", TestBuild.cached(build.build("FROM scratch", "COPY . /")));
    }

    @Test
    void ownersOfContextFilesMissNothing() throws Exception {
        assumeTrue(Processes.uid() == 0, "only root can give files away");
        build.build("FROM scratch", "COPY . /");
        LinuxFiles.lchown(build.context.resolve("a"), 4, 5);
        assertEquals("FROM* COPY*", TestBuild.cached(build.build("FROM scratch", "COPY . /")));
    }

    @Test
    void contentsModesAndNamesMiss() throws Exception {
        String[] file = {"FROM scratch", "COPY d /d/"};
        build.build(file);
        build.file("d/x", "X");
        var changed = build.build(file);
        assertEquals("FROM* COPY", TestBuild.cached(changed));
        assertEquals(List.of("files"), build.last(changed).miss().orElseThrow().changed());
        LinuxFiles.chmodFollowing(build.context.resolve("d/x"), 0755);
        assertEquals("FROM* COPY", TestBuild.cached(build.build(file)));
        Files.move(build.context.resolve("d/x"), build.context.resolve("d/z"));
        assertEquals("FROM* COPY", TestBuild.cached(build.build(file)));
        assertEquals("FROM* COPY*", TestBuild.cached(build.build(file)));
    }

    @Test
    void aFileThatIsAsItWasBeforeIsFoundAgain() throws Exception {
        String[] file = {"FROM scratch", "COPY a /"};
        build.build(file);
        build.file("a", "other");
        build.build(file);
        build.file("a", "one");
        assertEquals("FROM* COPY*", TestBuild.cached(build.build(file)));
    }

    @Test
    void filesThatAreNotCopiedMissNothing() throws Exception {
        build.file(".dockerignore", "b\n");
        String[] file = {"FROM scratch", "COPY --exclude=y . /", "COPY a /c"};
        build.build(file);
        build.file("b", "changed");
        assertEquals("FROM* COPY* COPY*", TestBuild.cached(build.build(file)));
    }

    @Test
    void flagsAndDestinationMiss() throws Exception {
        build.build("FROM scratch", "COPY a /");
        assertEquals("FROM* COPY", TestBuild.cached(build.build("FROM scratch", "COPY --chmod=600 a /")));
        assertEquals("FROM* COPY", TestBuild.cached(build.build("FROM scratch", "COPY --chown=1:2 a /")));
        assertEquals("FROM* COPY", TestBuild.cached(build.build("FROM scratch", "COPY a /c")));
    }

    @Test
    void aCopyFromAStageIsKeyedOnItsFilesNotOnTheStage() throws Exception {
        List<String> end = List.of("FROM scratch", "COPY --from=build /out /");
        var first = joined(List.of("FROM scratch AS build", "RUN write /out 1 && write /tmp 1"), end);
        var second = joined(List.of("FROM scratch AS build", "RUN write /out 1 && write /tmp 2"), end);
        assertEquals("FROM* COPY*", second(first, second));
    }

    @Test
    void ownersInAStageMiss() throws Exception {
        assumeTrue(Processes.uid() == 0, "only root can give files away");
        List<String> end = List.of("FROM scratch", "COPY --from=build /a /");
        var first = joined(List.of("FROM scratch AS build", "COPY a /"), end);
        var second = joined(List.of("FROM scratch AS build", "COPY --chown=1:1 a /"), end);
        assertEquals("FROM* COPY", second(first, second));
    }

    @Test
    void aLinkedCopyDoesNotDependOnWhatIsBelow() throws Exception {
        var first = List.of("FROM scratch", "RUN write /f 1", "COPY --link d /d/");
        var second = List.of("FROM scratch", "RUN write /f 2", "COPY --link d /d/");
        assertEquals("FROM* RUN COPY*", second(first, second));
        var result = build.build(second.toArray(String[]::new));
        assertEquals(
                List.of("0755 0:0 /d/", "0644 0:0 /d/x x", "0644 0:0 /d/y y", "0644 0:0 /f 2"),
                build.tree(result.image()).stream()
                        .filter(line -> line.contains("/d") || line.contains("/f"))
                        .toList());
    }

    /** What is below has the same files already: the layer has them all the same, for those who have not. */
    @Test
    void aLinkedCopyIsWholeWhateverIsBelow() throws Exception {
        var below = List.of("FROM scratch", "COPY --link d /d/", "RUN write /f 1", "COPY --link d /d/");
        build.settings = build.settings.change().noCache(true).done();
        var twice = build.build(below.toArray(String[]::new)).image().layers();
        assertEquals(twice.getFirst().diffId(), twice.getLast().diffId());
        build.settings = build.settings.change().noCache(false).done();
        var result = build.build("FROM scratch", "RUN write /f 2", "COPY --link d /d/");
        assertEquals("FROM* RUN COPY*", TestBuild.cached(result));
        assertTrue(build.tree(result.image()).contains("0644 0:0 /d/x x"));
    }

    @Test
    void whatIsMountedMissesARun() throws Exception {
        String[] file = {"FROM scratch", "RUN --mount=type=bind,source=d,target=/m cat /m/x"};
        build.build(file);
        build.file("a", "not mounted");
        assertEquals("FROM* RUN*", TestBuild.cached(build.build(file)));
        build.file("d/x", "mounted");
        var result = build.build(file);
        assertEquals("FROM* RUN", TestBuild.cached(result));
        assertEquals(List.of("mounts"), build.last(result).miss().orElseThrow().changed());
    }

    @Test
    void secretsAndCachesCountByNameOnly() throws Exception {
        String[] file = {
            "FROM scratch",
            "RUN --mount=type=secret,id=s --mount=type=cache,target=/c write /c/n 1 && cat /run/secrets/s"
        };
        build.settings = build.settings
                .change()
                .secrets(Map.of("s", new BuildSettings.Secret.Value("one")))
                .done();
        build.build(file);
        build.settings = build.settings
                .change()
                .secrets(Map.of("s", new BuildSettings.Secret.Value("two")))
                .done();
        assertEquals("FROM* RUN*", TestBuild.cached(build.build(file)));
    }

    @Test
    void noCacheBuildsAnewAndTheNewResultCounts() throws Exception {
        String[] file = {"FROM scratch", "RUN write /f 1"};
        build.build(file);
        build.settings = build.settings.change().noCache(true).done();
        var anew = build.build(file);
        assertEquals("FROM* RUN", TestBuild.cached(anew));
        build.settings = build.settings.change().noCache(false).done();
        var again = build.build(file);
        assertEquals("FROM* RUN*", TestBuild.cached(again));
        assertEquals(anew.image().id(), again.image().id());
    }

    @Test
    void whyNamesTheEarlierStepThatChanged() throws Exception {
        build.build("FROM scratch", "RUN write /f 1", "RUN write /g 1");
        var result = build.build("FROM scratch", "RUN write /f 2", "RUN write /g 1");
        var steps = result.state().stages().getLast().steps();
        assertEquals(List.of("command"), steps.get(1).miss().orElseThrow().changed());
        assertEquals(List.of("parent"), steps.get(2).miss().orElseThrow().changed());
        assertEquals(
                "changed: the file system from earlier steps",
                steps.get(2).miss().orElseThrow().explanation());
    }

    /** A COPY that stood at the same place of another build tells nothing about a RUN. */
    @Test
    void whyDoesNotCompareDifferentKinds() throws Exception {
        build.file("a", "one");
        build.build("FROM scratch", "COPY a /");
        var result = build.build("FROM scratch", "RUN write /f 2");
        var miss = result.state().stages().getLast().steps().getLast().miss().orElseThrow();
        assertEquals("this step has not been built here before", miss.explanation());
        assertEquals(List.of(), miss.changed());
    }

    @Test
    void sessionsThatNeedTheSameStepBuildItOnce() throws Exception {
        String[] file = {"FROM scratch", "RUN write /f 1"};
        try (var pool = Executors.newFixedThreadPool(4);
                var other = new TestBuild(folder)) {
            Callable<Builder.Result> here = () -> build.build(file);
            Callable<Builder.Result> there = () -> other.build(file);
            List<Future<Builder.Result>> all = pool.invokeAll(List.of(here, there, here, there));
            for (var each : all) {
                assertEquals(
                        all.getFirst().get().image().id(), each.get().image().id());
            }
            assertEquals(1, build.sandbox.specs.size() + other.sandbox.specs.size());
        }
    }

    @Test
    void aFailedStepLeavesNothingInTheCache() throws Exception {
        var state = build.cells("FROM scratch", "RUN write /f 1");
        for (int i = 0; i < 2; i++) {
            var e = assertThrows(
                    BuildException.class,
                    () -> build.build("FROM scratch", "RUN write /f 1", "RUN write /g 1 && fail 3"));
            assertEquals(BuildException.Kind.RUN_FAILED, e.kind());
            assertEquals(3, e.exitStatus());
            try (var root = e.failedRoot().orElseThrow()) {
                assertTrue(Files.exists(root.root().resolve("g")));
            }
        }
        assertEquals(3, build.sandbox.specs.size());
        assertEquals(1, state.live().orElseThrow().image().layers().size());
    }

    @Test
    void keysOfDifferentPartsAreDifferent() {
        assertNotEquals(new CacheKey(Map.of("a", "b\nc")).digest(), new CacheKey(Map.of("a", "b", "c", "")).digest());
    }

    private static List<String> joined(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private String secondRun(String first, String second) throws BuildException {
        return second(List.of("FROM scratch", "RUN " + first), List.of("FROM scratch", "RUN " + second));
    }

    @Test
    void whichCacheAMountHasDoesNotCountUnlessOnlyTheTargetNamesIt() throws Exception {
        String run = " write /f 1";
        assertEquals(
                "FROM* RUN*",
                secondRun("--mount=type=cache,id=one,target=/c" + run, "--mount=type=cache,id=two,target=/c" + run));
        assertEquals(
                "FROM* RUN*",
                secondRun(
                        "--mount=type=cache,id=one,target=/c" + run,
                        "--mount=type=cache,id=one,sharing=locked,target=/c" + run));
        assertEquals(
                "FROM* RUN*",
                secondRun("--mount=type=cache,target=/d" + run, "--mount=type=cache,id=/d,target=/d" + run));
        assertEquals(
                "FROM* RUN",
                secondRun("--mount=type=cache,target=/e" + run, "--mount=type=cache,id=e1,target=/e" + run));
        assertEquals(
                "FROM* RUN",
                secondRun("--mount=type=cache,id=one,target=/g" + run, "--mount=type=cache,id=one,target=/h" + run));
        assertEquals(
                "FROM* RUN",
                secondRun(
                        "--mount=type=cache,id=one,target=/i" + run,
                        "--mount=type=cache,id=one,mode=0700,target=/i" + run));
        assertEquals(
                "FROM* RUN",
                secondRun(
                        "--mount=type=cache,id=one,target=/j" + run,
                        "--mount=type=cache,id=one,target=/j,readonly" + run));
    }

    @Test
    void whatACacheMountBeginsWithCounts() throws Exception {
        List<String> file = List.of(
                "FROM scratch AS start",
                "COPY d /d",
                "FROM scratch",
                "RUN --mount=type=cache,id=x,target=/c,from=start,source=/d write /f 1");
        assertEquals("FROM* RUN*", second(file, file));
        build.file("d/x", "changed");
        assertEquals("FROM* RUN", TestBuild.cached(build.build(file.toArray(String[]::new))));
    }

    @Test
    void theSizeOfATmpfsCounts() throws Exception {
        assertEquals(
                "FROM* RUN",
                secondRun(
                        "--mount=type=tmpfs,target=/t write /f 1", "--mount=type=tmpfs,target=/t,size=1m write /f 1"));
    }

    @Test
    void defaultsThatAreWrittenOutMissNothing() throws Exception {
        build.settings = build.settings
                .change()
                .secrets(Map.of("s", new BuildSettings.Secret.Value("v")))
                .done();
        assertEquals(
                "FROM* RUN*",
                secondRun(
                        "--mount=type=secret,id=s write /f 1",
                        "--mount=type=secret,id=s,target=/run/secrets/s,mode=0400,uid=0 write /f 1"));
        assertEquals(
                "FROM* COPY*",
                second(
                        List.of("FROM scratch", "COPY --chmod=0644 a /"),
                        List.of("FROM scratch", "COPY --chmod=644 a /")));
    }

    @Test
    void theAddressOfAnAddedHostDoesNotCountButItsNameDoes() throws Exception {
        String[] file = {"FROM scratch", "RUN write /f 1"};
        assertEquals("FROM* RUN", cachedWithHost("db", "10.0.0.1", file));
        assertEquals("FROM* RUN*", cachedWithHost("db", "10.0.0.2", file));
        assertEquals("FROM* RUN", cachedWithHost("web", "10.0.0.2", file));
    }

    private String cachedWithHost(String name, String address, String... file) throws BuildException {
        build.settings = build.settings
                .change()
                .extraHosts(List.of(new ProcessSpec.Host(name, address)))
                .done();
        return TestBuild.cached(build.build(file));
    }

    @Test
    void anArgumentWithoutAValueMissesNothing() throws Exception {
        assertEquals(
                "FROM* ARG RUN*",
                second(List.of("FROM scratch", "RUN write /f 1"), List.of("FROM scratch", "ARG V", "RUN write /f 1")));
    }

    @Test
    void hostNameAndLimitsMissARun() throws Exception {
        String[] file = {"FROM scratch", "RUN write /f 1"};
        build.build(file);
        BuildSettings plain = build.settings;
        build.settings = plain.change()
                .buildArgs(Map.of("BUILDKIT_SANDBOX_HOSTNAME", "other"))
                .done();
        assertEquals("FROM* RUN", TestBuild.cached(build.build(file)));
        assertEquals("other", build.sandbox.specs.getLast().hostname().orElseThrow());
        build.settings = plain.change()
                .limits(new ProcessSpec.Limits(1 << 20, List.of()))
                .done();
        assertEquals("FROM* RUN", TestBuild.cached(build.build(file)));
        assertEquals(1 << 20, build.sandbox.specs.getLast().limits().shmBytes());
        build.settings = plain;
        assertEquals("FROM* RUN*", TestBuild.cached(build.build(file)));
    }
}
