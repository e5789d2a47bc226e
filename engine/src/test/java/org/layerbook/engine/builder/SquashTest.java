package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.oci.ImageConfig.History;

/** {@code --squash}: the same files in one layer, and nothing in it that was only on the way. */
class SquashTest {
    @TempDir
    Path folder;

    private TestBuild build;
    private Image base;

    @BeforeEach
    void open() throws Exception {
        build = new TestBuild(folder);
        build.file("a", "one").file("d/x", "x").file("d/y", "y");
        Files.createLink(build.context.resolve("d/z"), build.context.resolve("d/x"));
        base = build.build("FROM scratch", "COPY d /d", "RUN mkdir /old && write /old/1 1 && write /f 0", "ENV B=1")
                .image();
        build.images.put("base", base);
    }

    @AfterEach
    void close() throws IOException {
        build.close();
    }

    private Image squashed(String... lines) throws BuildException {
        BuildSettings before = build.settings;
        build.settings = before.change().squash(true).done();
        Image image = build.build(lines).image();
        build.settings = before;
        return image;
    }

    private List<String> changes(Layer layer) throws IOException {
        return build.snapshots.changes(layer.chainId()).changes().stream()
                .map(change -> (change.kind() == LayerChanges.Kind.ADDED
                                ? "+"
                                : change.kind() == LayerChanges.Kind.DELETED ? "-" : "~")
                        + change.path())
                .toList();
    }

    private static final String[] FILE = {
        "FROM base",
        "RUN write /tmp1 big && mkdir /new && write /new/1 1",
        "RUN rm /tmp1 && rm /old",
        "RUN mkdir /old && write /old/2 2",
        "RUN write /f 1 && rm /d/y",
        "RUN write /f 2 && rm /new/1 && write /new/2 2",
        "LABEL x=y"
    };

    @Test
    void theBaseKeepsItsLayersAndAllElseIsOne() throws Exception {
        Image plain = build.build(FILE).image();
        Image squashed = squashed(FILE);
        assertEquals(build.tree(plain), build.tree(squashed));
        assertEquals(base.layers().size() + 1, squashed.layers().size());
        assertEquals(
                base.layers().stream().map(Layer::diffId).toList(),
                squashed.layers().subList(0, base.layers().size()).stream()
                        .map(Layer::diffId)
                        .toList());
        assertEquals(
                List.of("-/d/y", "~/f", "+/new", "+/new/2", "-/old/1", "+/old/2"),
                changes(squashed.layers().getLast()));
    }

    @Test
    void theHistoryStaysAndSaysWhatWasMerged() throws Exception {
        Image plain = build.build(FILE).image();
        Image squashed = squashed(FILE);
        List<History> before = plain.config().history();
        List<History> after = squashed.config().history();
        assertEquals(before.size() + 1, after.size());
        for (int i = 0; i < before.size(); i++) {
            assertEquals(before.get(i).createdBy(), after.get(i).createdBy());
            boolean ofBase = i < base.config().history().size();
            assertEquals(!ofBase || before.get(i).emptyLayer(), after.get(i).emptyLayer());
        }
        assertEquals(
                Optional.of("merge " + plain.id() + " to " + base.id()),
                after.getLast().comment());
        assertEquals(plain.config().config(), squashed.config().config());
        assertEquals(squashed.id(), squashed(FILE).id(), "the same again");
        assertNotEquals(plain.id(), squashed.id());
    }

    @Test
    void fromScratchAllIsOneLayer() throws Exception {
        String[] file = {"FROM scratch", "COPY d /d", "RUN write /d/x changed", "RUN write /b 1"};
        Image plain = build.build(file).image();
        Image squashed = squashed(file);
        assertEquals(1, squashed.layers().size());
        assertEquals(build.tree(plain), build.tree(squashed));
        assertEquals(
                Optional.of("create new from " + plain.id()),
                squashed.config().history().getLast().comment());
    }

    @Test
    void aStageThatIsTheBaseKeepsItsLayers() throws Exception {
        String[] file = {
            "FROM scratch AS one", "RUN write /x 1", "RUN write /y 1", "FROM one", "RUN rm /x", "RUN write /z 1"
        };
        Image squashed = squashed(file);
        assertEquals(3, squashed.layers().size());
        assertEquals(List.of("-/x", "+/z"), changes(squashed.layers().getLast()));
    }

    @Test
    void withoutNewLayersThereIsOneThatIsEmpty() throws Exception {
        Image squashed = squashed("FROM base", "LABEL x=y");
        assertEquals(base.layers().size() + 1, squashed.layers().size());
        assertEquals(List.of(), changes(squashed.layers().getLast()));
        assertEquals(build.tree(base), build.tree(squashed));
    }

    @Test
    void hardLinksStayLinked() throws Exception {
        Image squashed = squashed("FROM scratch", "COPY d /d", "RUN write /e 1");
        try (var view = build.snapshots.view(squashed.chainId())) {
            assertEquals(
                    Files.getAttribute(view.root().resolve("d/x"), "unix:ino"),
                    Files.getAttribute(view.root().resolve("d/z"), "unix:ino"));
        }
    }

    @Test
    void labelsOfTheCommandLineAreInIt() throws Exception {
        build.settings = build.settings.change().labels(Map.of("l", "1")).done();
        assertEquals(
                "1",
                squashed("FROM base", "RUN write /x 1")
                        .config()
                        .config()
                        .labels()
                        .get("l"));
    }
}
