package org.layerbook.interpreter.inspection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.layer.LayerChanges.Change;
import org.layerbook.engine.layer.LayerChanges.FileKind;
import org.layerbook.engine.layer.LayerChanges.Kind;
import org.layerbook.interpreter.report.LayersReport.Efficiency;
import org.layerbook.interpreter.report.LayersReport.Waste;

class WastedTest {
    private final LayerEfficiency wasted = new LayerEfficiency();

    @Test
    void nothingTwiceIsPerfect() throws IOException {
        layer(Map.of("/a", 10L));
        layer(Map.of("/b", 5L));
        assertEquals(new Efficiency(1, 15, 0, List.of(), 0), wasted.result());
    }

    @Test
    void aFileWrittenAgainCountsEachTime() throws IOException {
        layer(Map.of("/a", 100L, "/b", 50L));
        layer(Map.of("/a", 80L));
        var result = wasted.result();
        assertEquals(230, result.bytes());
        assertEquals(180, result.wasted());
        assertEquals((80 + 50) / 230.0, result.score());
        assertEquals(List.of(new Waste("/a", 2, 180)), result.worst());
    }

    @Test
    void aDeletedFileIsThereForNothing() throws IOException {
        layer(Map.of("/a", 100L, "/b", 100L));
        layer(Map.of(), deleted("/a", FileKind.FILE));
        var result = wasted.result();
        assertEquals(100 / 200.0, result.score());
        assertEquals(List.of(new Waste("/a", 2, 100)), result.worst());
    }

    @Test
    void aDeletedFolderCountsWhatWasInItOnce() throws IOException {
        layer(Map.of("/cache/a", 30L, "/cache/d/b", 20L, "/cache0", 1L));
        layer(
                Map.of("/cache/a", 7L),
                deleted("/cache", FileKind.DIRECTORY),
                deleted("/cache/a", FileKind.FILE),
                deleted("/cache/d/b", FileKind.FILE));
        var result = wasted.result();
        // "/cache" has only its deletion, which is its least too; "/cache/a" is there twice.
        assertEquals((50 + 7 + 20 + 1) / (30.0 + 20 + 1 + 50 + 7), result.score());
        assertEquals(List.of(new Waste("/cache/a", 2, 37)), result.worst());
        assertEquals(58, result.bytes());
    }

    @Test
    void anEmptyImageIsPerfect() {
        assertEquals(new Efficiency(1, 0, 0, List.of(), 0), wasted.result());
    }

    private void layer(Map<String, Long> files, Change... changes) throws IOException {
        wasted.layer(
                visitor -> {
                    for (var file : files.entrySet()) {
                        visitor.visit(file.getKey(), file.getValue());
                    }
                },
                new LayerChanges(List.of(changes)));
    }

    private static Change deleted(String path, FileKind kind) {
        return new Change(Kind.DELETED, path, kind, 0);
    }
}
