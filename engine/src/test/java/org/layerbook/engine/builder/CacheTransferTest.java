package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerbook.engine.builder.plan.CacheOptions;
import org.layerbook.engine.builder.plan.CacheOptions.Export;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.cache.CachePlace;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.Platform;

/** A cache goes from one machine to another that has nothing: its steps are cached there, and nothing in it is believed. */
class CacheTransferTest {
    private static final String[] STAGES = {
        "FROM scratch AS builder",
        "RUN write /tool 1",
        "COPY a /src/a",
        "RUN write /out made",
        "FROM scratch",
        "WORKDIR /app",
        "COPY --from=builder /out /app/out",
        "ARG WORD=plain",
        "RUN write /last $WORD",
        "LABEL x=y"
    };

    @TempDir
    Path folder;

    private Path cache;
    private TestBuild here;
    private TestBuild there;

    @BeforeEach
    void open() throws IOException {
        cache = folder.resolve("cache");
        here = new TestBuild(Files.createDirectories(folder.resolve("here")));
        there = new TestBuild(Files.createDirectories(folder.resolve("there")));
        here.file("a", "one");
        there.file("a", "one");
    }

    @AfterEach
    void close() throws IOException {
        here.close();
        there.close();
    }

    private CachePlace.Folder place(String tag) {
        return new CachePlace.Folder(cache, tag, "CACHE");
    }

    private Builder.Result export(boolean all, String... lines) throws Exception {
        var to = new CacheOptions(List.of(), List.of(new Export.To(place("latest"), all, false)));
        here.settings = here.settings.change().caches(to).done();
        Builder.Result result = here.build(lines);
        here.builder.exportCaches(
                List.of(result), to, event -> here.events.addAll(TestEvents.lines(event)), new Cancellation());
        return result;
    }

    private Builder.Result imported(String... lines) throws BuildException {
        there.settings = there.settings
                .change()
                .caches(new CacheOptions(List.of(place("latest")), List.of()))
                .done();
        return there.build(lines);
    }

    private static List<String> cached(Builder.Result result) {
        return result.state().stages().stream()
                .map(stage -> String.join(
                        " ",
                        stage.steps().stream()
                                .map(step -> step.instruction().keyword() + (step.cached() ? "*" : ""))
                                .toList()))
                .toList();
    }

    private List<String> warnings() {
        return there.events.stream()
                .filter(line -> line.startsWith("  warning: "))
                .toList();
    }

    private List<Path> blobs() throws IOException {
        try (Stream<Path> files = Files.walk(cache.resolve("blobs"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** The blobs of layers, which are compressed. */
    private List<Path> layers() throws IOException {
        var layers = new ArrayList<Path>();
        for (Path blob : blobs()) {
            byte[] content = Files.readAllBytes(blob);
            if ((content[0] & 0xff) == 0x1f) {
                layers.add(blob);
            }
        }
        return layers;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyStepIsCachedElsewhereAndTheImageIsTheSame(boolean all) throws Exception {
        Builder.Result made = export(all, STAGES);
        Builder.Result taken = imported(STAGES);
        assertEquals(
                List.of("FROM* RUN* COPY* RUN*", "FROM* WORKDIR* COPY* ARG RUN* LABEL"),
                cached(taken),
                there.events::toString);
        assertEquals(made.image().id(), taken.image().id());
        assertEquals(here.tree(made.image()), there.tree(taken.image()));
        assertEquals(List.of(), there.sandbox.specs, "nothing was run");
        assertEquals(List.of(), warnings());
        assertEquals(all ? 6 : 3, layers().size());
    }

    @Test
    void onlyTheLayersOfTheImageAreFetched() throws Exception {
        Builder.Result made = export(true, STAGES);
        imported(STAGES);
        for (Stage stage : made.state().stages()) {
            Digest top = stage.image().chainId().orElseThrow();
            assertEquals(stage.index() == 1, there.snapshots.contains(top), stage.title());
        }
    }

    @Test
    void whatIsFetchedStaysInTheStoresOwnCache() throws Exception {
        export(true, STAGES);
        imported(STAGES);
        there.settings = there.settings.change().caches(CacheOptions.NONE).done();
        assertEquals(List.of("FROM* RUN COPY RUN", "FROM* WORKDIR* COPY* ARG RUN* LABEL"), cached(there.build(STAGES)));
    }

    @Test
    void aChangeAtTheEndBuildsOnlyTheEnd() throws Exception {
        export(false, STAGES);
        there.settings =
                there.settings.change().buildArgs(Map.of("WORD", "other")).done();
        Builder.Result taken = imported(STAGES);
        assertEquals(List.of("FROM* RUN* COPY* RUN*", "FROM* WORKDIR* COPY* ARG RUN LABEL"), cached(taken));
        assertEquals(1, there.sandbox.specs.size());
        assertEquals(
                "the imported cache differs; changed: a build argument in scope",
                taken.state()
                        .stages()
                        .getLast()
                        .steps()
                        .get(4)
                        .miss()
                        .orElseThrow()
                        .explanation());
        assertEquals(
                List.of("0755 0:0 /app/", "0644 0:0 /app/out made", "0644 0:0 /last $WORD"), there.tree(taken.image()));
    }

    @Test
    void aLayerThatTheCacheOnlyToldOfIsBuiltWhereItIsNeeded() throws Exception {
        export(false, STAGES);
        there.file("a", "changed");
        Builder.Result taken = imported(STAGES);
        assertEquals(
                List.of("FROM* RUN COPY RUN", "FROM* WORKDIR* COPY* ARG RUN* LABEL"),
                cached(taken),
                there.events::toString);
        assertEquals(List.of(), warnings(), "that is no fault");
        long starts = there.events.stream()
                .filter(line -> line.contains("WORKDIR /app"))
                .count();
        assertEquals(1, starts, () -> "a step that is cached again is told once: " + there.events);
    }

    @Test
    void withAllLayersNothingIsBuiltTwice() throws Exception {
        export(true, STAGES);
        there.file("a", "changed");
        Builder.Result taken = imported(STAGES);
        assertEquals(List.of("FROM* RUN* COPY RUN", "FROM* WORKDIR* COPY* ARG RUN* LABEL"), cached(taken));
        assertEquals(1, there.sandbox.specs.size());
    }

    @Test
    void linkedCopiesFitOnAnyBase() throws Exception {
        export(true, "FROM scratch", "RUN write /x 1", "COPY --link a /a");
        Builder.Result taken = imported("FROM scratch", "RUN write /y 2", "COPY --link a /a");
        assertEquals("FROM* RUN COPY*", TestBuild.cached(taken));
        assertEquals(List.of("0644 0:0 /a one", "0644 0:0 /y 2"), there.tree(taken.image()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"flipped", "cut", "gone", "link", "other"})
    void aDamagedLayerIsAWarningAndTheStepIsBuilt(String damage) throws Exception {
        Builder.Result made = export(true, "FROM scratch", "RUN write /x 1", "RUN write /y 2");
        Path blob = layers().getFirst();
        byte[] content = Files.readAllBytes(blob);
        switch (damage) {
            case "flipped" -> {
                content[content.length / 2] ^= 1;
                Files.write(blob, content);
            }
            case "cut" -> Files.write(blob, Arrays.copyOf(content, content.length / 2));
            case "gone" -> Files.delete(blob);
            case "link" -> {
                Path elsewhere = Files.move(blob, folder.resolve("elsewhere"));
                Files.createSymbolicLink(blob, elsewhere);
            }
            default -> Files.copy(layers().getLast(), blob, StandardCopyOption.REPLACE_EXISTING);
        }
        Builder.Result taken = imported("FROM scratch", "RUN write /x 1", "RUN write /y 2");
        assertEquals(here.tree(made.image()), there.tree(taken.image()));
        assertFalse(there.sandbox.specs.isEmpty(), () -> "something was run: " + there.events);
        assertEquals(1, warnings().size(), there.events::toString);
        assertTrue(warnings().getFirst().startsWith("  warning: the cache CACHE is damaged: "), warnings()::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "{\"manifests\": 1}",
                "{\"manifests\": []}",
                "{\"manifests\": [{\"digest\": \"sha256:../../etc/passwd\", \"size\": 1}]}",
                "{\"manifests\": [{\"mediaType\": \"application/vnd.buildkit.cacheconfig.v0\", \"size\": 2, \"digest\":"
                        + " \"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\"}]}"
            })
    void anIndexThatIsNoneIsAWarning(String index) throws Exception {
        Files.createDirectories(cache);
        Files.writeString(cache.resolve("index.json"), index);
        assertEquals("FROM* RUN", TestBuild.cached(imported("FROM scratch", "RUN write /x 1")));
        assertEquals(1, warnings().size(), there.events::toString);
        assertTrue(warnings().getFirst().startsWith("  warning: cannot use the cache CACHE: "));
    }

    @Test
    void aConfigThatLiesIsRefused() throws Exception {
        Builder.Result made = export(true, "FROM scratch", "RUN write /x 1", "RUN write /y 2");
        // Each result under the other's key: the diff IDs are right, so only who trusts the cache is deceived; but a
        // layer that is not its diff ID's is found out.
        String text = Files.readString(config());
        List<String> ids =
                made.image().config().diffIds().stream().map(Digest::toString).toList();
        replaceConfig(text.replace(ids.get(0), ids.get(1)));
        Builder.Result taken = imported("FROM scratch", "RUN write /x 1", "RUN write /y 2");
        assertEquals(here.tree(made.image()), there.tree(taken.image()));
        assertFalse(warnings().isEmpty());
    }

    private Path config() throws IOException {
        for (Path blob : blobs()) {
            if (!layers().contains(blob) && Files.readString(blob).startsWith("{\"version\":1")) {
                return blob;
            }
        }
        throw new IOException("no config in " + blobs());
    }

    /** As somebody does who knows the format. */
    private void replaceConfig(String text) throws IOException {
        Path old = config();
        Path manifest = blobs().stream()
                .filter(blob -> {
                    try {
                        return Files.readString(blob, StandardCharsets.ISO_8859_1)
                                .contains("\"config\": {");
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .findFirst()
                .orElseThrow();
        Path config = put(text);
        String changed = Files.readString(manifest)
                .replace(old.getFileName().toString(), config.getFileName().toString())
                .replace("\"size\": " + Files.size(old), "\"size\": " + Files.size(config));
        Path newManifest = put(changed);
        Path index = cache.resolve("index.json");
        Files.writeString(
                index,
                Files.readString(index)
                        .replace(
                                manifest.getFileName().toString(),
                                newManifest.getFileName().toString())
                        .replace("\"size\":" + Files.size(manifest), "\"size\":" + Files.size(newManifest)));
    }

    private Path put(String text) throws IOException {
        Digest digest = Digest.sha256(text.getBytes(StandardCharsets.UTF_8));
        return Files.writeString(cache.resolve("blobs/sha256").resolve(digest.hex()), text);
    }

    @Test
    void whatSeveralPlatformsGaveIsOneCache() throws Exception {
        var to = new CacheOptions(List.of(), List.of(new Export.To(place("latest"), true, false)));
        String[] file = {"FROM scratch", "ARG TARGETARCH", "COPY a /$TARGETARCH"};
        var results = new ArrayList<Builder.Result>();
        var platforms = List.of(new Platform("linux", "s390x"), new Platform("linux", "ppc64le"));
        for (Platform platform : platforms) {
            here.settings = here.settings.change().givenPlatform(platform).done();
            results.add(here.build(file));
        }
        here.builder.exportCaches(results, to, event -> {}, new Cancellation());
        for (int i = 0; i < platforms.size(); i++) {
            there.settings =
                    there.settings.change().givenPlatform(platforms.get(i)).done();
            Builder.Result taken = imported(file);
            assertEquals("FROM* ARG COPY*", TestBuild.cached(taken));
            assertEquals(results.get(i).image().id(), taken.image().id());
        }
    }

    @Test
    void aFolderThatIsNotThereIsAWarning() throws Exception {
        imported("FROM scratch", "RUN write /x 1");
        assertEquals(List.of("  warning: cannot use the cache CACHE: it has no index.json"), warnings());
    }

    @Test
    void anotherExportReplacesTheFirstAndRemovesWhatOnlyItNeeded() throws Exception {
        export(true, "FROM scratch", "RUN write /x 1", "RUN write /y 2");
        assertEquals(2, layers().size());
        Files.writeString(cache.resolve("blobs/sha256/mine"), "not of the cache");
        export(true, "FROM scratch", "RUN write /x 1");
        assertEquals(1, layers().size());
        assertTrue(Files.exists(cache.resolve("blobs/sha256/mine")));
        assertEquals(
                1,
                Json.parse(Files.readAllBytes(cache.resolve("index.json")), "index")
                        .elements("manifests")
                        .size());
        assertEquals("FROM* RUN* RUN", TestBuild.cached(imported("FROM scratch", "RUN write /x 1", "RUN write /y 2")));
    }

    @Test
    void cachesOfSeveralTagsLieSideBySide() throws Exception {
        export(true, "FROM scratch", "RUN write /x 1");
        var to = new CacheOptions(List.of(), List.of(new Export.To(place("other"), true, false)));
        Builder.Result result = here.build("FROM scratch", "RUN write /y 2");
        here.builder.exportCaches(List.of(result), to, event -> {}, new Cancellation());
        assertEquals("FROM* RUN* RUN", TestBuild.cached(imported("FROM scratch", "RUN write /x 1", "RUN write /y 2")));
        there.settings = there.settings
                .change()
                .caches(new CacheOptions(List.of(place("other")), List.of()))
                .done();
        assertEquals("FROM* RUN*", TestBuild.cached(there.build("FROM scratch", "RUN write /y 2")));
    }

    @Test
    void noBuildArgumentCanBeReadInIt() throws Exception {
        here.settings = here.settings
                .change()
                .buildArgs(Map.of("TOKEN", "s3cr3t-t0ken"))
                .done();
        export(false, "FROM scratch AS one", "ARG TOKEN", "RUN write /x 1", "FROM scratch", "COPY --from=one /x /");
        for (Path blob : blobs()) {
            assertFalse(Files.readString(blob, StandardCharsets.ISO_8859_1).contains("s3cr3t-t0ken"), blob.toString());
        }
    }

    @Test
    void whatCannotBeWrittenIsAnErrorOrWhereAskedForAWarning() throws Exception {
        Files.writeString(cache, "a file");
        Exception failure = assertThrows(IOException.class, () -> export(true, "FROM scratch", "RUN write /x 1"));
        assertTrue(failure.getMessage().startsWith("exporting cache to CACHE: "), failure.getMessage());
        var to = new CacheOptions(List.of(), List.of(new Export.To(place("latest"), true, true)));
        Builder.Result result = here.build("FROM scratch", "RUN write /x 1");
        here.builder.exportCaches(
                List.of(result), to, event -> here.events.addAll(TestEvents.lines(event)), new Cancellation());
        assertTrue(here.events.getLast().startsWith("  warning: exporting cache to CACHE failed: "));
    }

    @Test
    void anInlineCacheGoesIntoTheManifestAndLeavesTheIdAsItIs() throws Exception {
        Builder.Result plain = here.build(STAGES);
        here.settings = here.settings
                .change()
                .caches(new CacheOptions(List.of(), List.of(new Export.Inline())))
                .done();
        Builder.Result inline = here.build(STAGES);
        assertEquals(plain.image().id(), inline.image().id());
        String manifest = new String(here.store
                .content()
                .read(inline.image().manifest().orElseThrow().digest())
                .toArray());
        assertTrue(manifest.contains("org.layerbook.cache.v1"), manifest);
        assertEquals(Optional.empty(), plain.image().manifest());
    }
}
