package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.ImageConfig.History;

/** Bases whose history has another number of entries than they have layers. */
class BaseHistoryTest {
    private static final String MADE_UP = "pulled from docker.io/library/base:latest";

    @TempDir
    Path folder;

    private TestBuild build;

    @BeforeEach
    void open() throws Exception {
        build = new TestBuild(folder);
        build.file("f", "x");
    }

    @AfterEach
    void close() throws Exception {
        build.close();
    }

    private List<String> childOf(int layers, History... history) throws Exception {
        var lines = new ArrayList<>(List.of("FROM scratch"));
        for (int i = 0; i < layers; i++) {
            lines.add("COPY f /" + i);
        }
        Image image = build.build(lines.toArray(String[]::new)).image();
        ImageConfig plain = image.config();
        var config = new ImageConfig(
                plain.platform(),
                Optional.of("2020-01-02T03:04:05Z"),
                plain.author(),
                plain.config(),
                plain.diffIds(),
                List.of(history));
        build.images.put("base", new Image(Bytes.of(config.toJson()), config, image.layers(), Optional.empty()));
        Image child = build.build("FROM base", "LABEL a=b", "COPY f /f").image();
        assertEquals(
                child.layers().size(),
                child.config().history().stream()
                        .filter(entry -> !entry.emptyLayer())
                        .count());
        return child.config().history().stream()
                .map(entry -> entry.createdBy().orElse("") + (entry.emptyLayer() ? " (empty)" : ""))
                .toList();
    }

    private static History entry(String createdBy, boolean empty) {
        return new History(
                Optional.of("2019-01-02T03:04:05Z"), Optional.of(createdBy), Optional.empty(), Optional.empty(), empty);
    }

    @Test
    void whatIsMissingStandsBeforeWhatTheStageAdds() throws Exception {
        assertEquals(List.of(MADE_UP, "LABEL a=b (empty)", "COPY f /f # buildkit"), childOf(1));
        assertEquals(
                List.of("one", "meta (empty)", MADE_UP, MADE_UP, "LABEL a=b (empty)", "COPY f /f # buildkit"),
                childOf(3, entry("one", false), entry("meta", true)));
    }

    @Test
    void whatIsTooMuchMakesNoLayer() throws Exception {
        assertEquals(
                List.of(
                        "one",
                        "two (empty)",
                        "meta (empty)",
                        "three (empty)",
                        "LABEL a=b (empty)",
                        "COPY f /f # buildkit"),
                childOf(1, entry("one", false), entry("two", false), entry("meta", true), entry("three", false)));
    }

    @Test
    void aHistoryThatFitsStays() throws Exception {
        assertEquals(
                List.of("meta (empty)", "one", "LABEL a=b (empty)", "COPY f /f # buildkit"),
                childOf(1, entry("meta", true), entry("one", false)));
    }

    @Test
    void aMadeUpEntryIsAsOldAsTheImage() throws Exception {
        childOf(1);
        Image child = build.build("FROM base", "LABEL a=b").image();
        History first = child.config().history().getFirst();
        assertEquals(Optional.of("2020-01-02T03:04:05Z"), first.created());
        assertEquals(Optional.of("buildkit.exporter.image.v0"), first.comment());
    }
}
