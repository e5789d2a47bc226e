package org.layerbook.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.repl.CellsFile.Cell;

class CellsFileTest {
    @TempDir
    Path folder;

    private CellsFile read(String name, String text) throws IOException {
        return CellsFile.read(Files.writeString(folder.resolve(name), text));
    }

    @Test
    void aNotebookGivesItsCodeCellsWithTheirIds() throws IOException {
        CellsFile file = read("a.ipynb", """
                {"cells": [
                  {"cell_type": "markdown", "id": "m", "source": "# title"},
                  {"cell_type": "code", "id": "one", "source": ["FROM x\\n", "RUN y"]},
                  {"cell_type": "code", "source": "docker images", "metadata": {"tags": ["raises-exception"]}},
                  {"cell_type": "code", "id": "empty", "source": []}
                ], "nbformat": 4}
                """);
        assertTrue(file.isNotebook());
        assertEquals(
                List.of(
                        new Cell("FROM x\nRUN y", Optional.of("one"), false),
                        new Cell("docker images", Optional.empty(), true)),
                file.cells());
    }

    @Test
    void aScriptIsSplitAtItsMarks() throws IOException {
        assertEquals(
                List.of(Cell.of("FROM x\n"), Cell.of("RUN a\nRUN b\n")),
                read("build.txt", "# %%\nFROM x\n# %% second\nRUN a\nRUN b\n# %%\n\n")
                        .cells());
        assertEquals(List.of(Cell.of("FROM x\n")), read("build", "FROM x").cells());
    }

    @Test
    void aDockerfileIsOneCellAsItIsWritten() throws IOException {
        String text = "# syntax=docker/dockerfile:1\r\nFROM x\r\n# %% no mark\r\nRUN y\r\n";
        for (String name : List.of("Dockerfile", "Containerfile", "Dockerfile.dev", "web.dockerfile", "x.Dockerfile")) {
            assertEquals(List.of(Cell.of(text)), read(name, text).cells(), name);
        }
        assertEquals(List.of(), read("Dockerfile", "\n").cells());
    }

    @Test
    void whatIsNoNotebookIsSaid() {
        assertEquals(
                "it is not a notebook in format 4: it has no list of cells",
                assertThrows(IOException.class, () -> read("a.ipynb", "{}")).getMessage());
        assertTrue(assertThrows(IOException.class, () -> read("b.ipynb", "FROM x"))
                .getMessage()
                .startsWith("it is not a notebook: "));
    }

    @Test
    void whatIsNoTextIsSaid() throws IOException {
        Path file = Files.write(folder.resolve("x"), new byte[] {'F', (byte) 0xff, (byte) 0xfe});
        assertEquals(
                "it is not UTF-8 text",
                assertThrows(IOException.class, () -> CellsFile.read(file)).getMessage());
        Path wide = Files.writeString(folder.resolve("Dockerfile"), "\uFEFFFROM x\n", StandardCharsets.UTF_16LE);
        assertEquals(
                "it is UTF-16 text, but must be UTF-8; convert it with: iconv -f UTF-16 -t UTF-8 Dockerfile >"
                        + " Dockerfile.utf8",
                assertThrows(IOException.class, () -> CellsFile.read(wide)).getMessage());
    }

    @Test
    void aByteOrderMarkIsNoCharacterOfTheFile() throws IOException {
        for (String name : List.of("Dockerfile", "cells.txt")) {
            assertEquals(
                    List.of(Cell.of("FROM x\r\n")),
                    read(name, "\uFEFFFROM x\r\n").cells(),
                    name);
        }
        String notebook = "{\"cells\": [{\"cell_type\": \"code\", \"source\": \"FROM x\"}]}";
        assertEquals(
                List.of(Cell.of("FROM x")), read("a.ipynb", "\uFEFF" + notebook).cells());
    }
}
