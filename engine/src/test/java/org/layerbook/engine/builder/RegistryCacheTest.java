package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.builder.plan.CacheOptions;
import org.layerbook.engine.builder.plan.CacheOptions.Export;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.cache.CachePlace;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.DebianRegistry;
import org.layerbook.engine.registry.transfer.TransferListener;

/** Caches at Debian's docker-registry. */
class RegistryCacheTest {
    private static final String[] STAGES = {
        "FROM scratch AS builder", "RUN write /out made", "FROM scratch", "COPY --from=builder /out /", "RUN write /x 1"
    };

    @TempDir
    Path folder;

    private DebianRegistry server;
    private TestBuild here;
    private TestBuild there;

    @BeforeEach
    void open() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/docker-registry")), "docker-registry is not installed");
        server = new DebianRegistry(folder.resolve("registry"), "", "");
        here = new TestBuild(Files.createDirectories(folder.resolve("here")));
        there = new TestBuild(Files.createDirectories(folder.resolve("there")));
    }

    @AfterEach
    void close() throws Exception {
        if (server != null) {
            here.close();
            there.close();
            server.close();
        }
    }

    private CachePlace place(String name) {
        return new CachePlace.Repository(
                Reference.parse(server.host() + "/" + name).tagged());
    }

    private Builder.Result imported(String name) throws BuildException {
        there.settings = there.settings
                .change()
                .caches(new CacheOptions(List.of(place(name)), List.of()))
                .done();
        return there.build(STAGES);
    }

    private static List<String> cached(Builder.Result result) {
        return result.state().stages().stream()
                .flatMap(stage -> stage.steps().stream())
                .map(step -> step.instruction().keyword() + (step.cached() ? "*" : ""))
                .toList();
    }

    @Test
    void whatOneMachinePushesAnotherUses() throws Exception {
        for (boolean all : List.of(false, true)) {
            String name = all ? "max/cache:1" : "min/cache";
            Builder.Result made = here.build(STAGES);
            var to = new CacheOptions(List.of(), List.of(new Export.To(place(name), all, false)));
            here.builder.exportCaches(List.of(made), to, event -> {}, new Cancellation());
            Builder.Result taken = imported(name);
            assertEquals(List.of("FROM*", "RUN*", "FROM*", "COPY*", "RUN*"), cached(taken), there.events::toString);
            assertEquals(made.image().id(), taken.image().id());
            assertEquals(here.tree(made.image()), there.tree(taken.image()));
        }
        assertEquals(List.of(), there.sandbox.specs);
    }

    @Test
    void anImageBringsItsInlineCache() throws Exception {
        here.settings = here.settings
                .change()
                .caches(new CacheOptions(List.of(), List.of(new Export.Inline())))
                .done();
        Builder.Result made = here.build(STAGES);
        here.store.images().put(made.image());
        here.registries
                .get()
                .push(
                        here.store.images().get(made.image().id()).orElseThrow(),
                        Reference.parse(server.host() + "/app:1"),
                        TransferListener.NONE,
                        new Cancellation());
        Builder.Result taken = imported("app:1");
        assertEquals(List.of("FROM*", "RUN*", "FROM*", "COPY*", "RUN*"), cached(taken), there.events::toString);
        assertEquals(made.image().id(), taken.image().id());
    }

    @Test
    void whatIsNoCacheOrNotThereIsAWarning() throws Exception {
        Builder.Result made = here.build("FROM scratch", "RUN write /plain 1");
        here.store.images().put(made.image());
        here.registries
                .get()
                .push(
                        here.store.images().get(made.image().id()).orElseThrow(),
                        Reference.parse(server.host() + "/plain:1"),
                        TransferListener.NONE,
                        new Cancellation());
        for (Map.Entry<String, String> each : Map.of(
                        "plain:1",
                        "the image has no cache metadata",
                        "nowhere:1",
                        "manifest for " + server.host() + "/nowhere:1 not found")
                .entrySet()) {
            there.events.clear();
            imported(each.getKey());
            List<String> warnings = there.events.stream()
                    .filter(line -> line.startsWith("  warning: "))
                    .toList();
            assertEquals(1, warnings.size(), there.events::toString);
            assertTrue(warnings.getFirst().contains(": " + each.getValue()), warnings::toString);
        }
    }
}
