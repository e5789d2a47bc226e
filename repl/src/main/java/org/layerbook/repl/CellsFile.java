package org.layerbook.repl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The cells of a file that {@code layerbook run} is given: a notebook's code cells, a script's parts between lines that
 * begin with {@code # %%} (as editors split scripts), or a Dockerfile, whose text is one cell.
 */
record CellsFile(Path folder, List<Cell> cells) {
    /** @param id of a notebook cell, where it has one */
    record Cell(String code, Optional<String> id) {}

    /** {@link IOException} with a sentence when the file cannot be read or is not a notebook. */
    static CellsFile read(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        Path folder = Optional.ofNullable(file.toAbsolutePath().normalize().getParent())
                .orElse(Path.of("/"));
        return new CellsFile(folder, file.toString().endsWith(".ipynb") ? notebook(file, text) : script(text));
    }

    private static List<Cell> notebook(Path file, String text) throws IOException {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(text);
        } catch (JacksonException e) {
            throw new IOException(file + " is not a notebook: " + e.getOriginalMessage(), e);
        }
        if (!root.path("cells").isArray()) {
            throw new IOException(file + " is not a notebook: it has no cells");
        }
        var cells = new ArrayList<Cell>();
        for (JsonNode cell : root.path("cells")) {
            if ("code".equals(cell.path("cell_type").asString(""))) {
                cells.add(new Cell(
                        source(cell.path("source")),
                        Optional.of(cell.path("id").asString("")).filter(id -> !id.isEmpty())));
            }
        }
        return cells;
    }

    /** nbformat allows one string or a list of lines. */
    private static String source(JsonNode source) {
        if (!source.isArray()) {
            return source.asString("");
        }
        var text = new StringBuilder();
        source.forEach(line -> text.append(line.asString("")));
        return text.toString();
    }

    private static List<Cell> script(String text) {
        var cells = new ArrayList<Cell>();
        var cell = new StringBuilder();
        for (String line : text.lines().toList()) {
            if (line.startsWith("# %%")) {
                add(cells, cell);
            } else {
                cell.append(line).append('\n');
            }
        }
        add(cells, cell);
        return cells;
    }

    private static void add(List<Cell> cells, StringBuilder cell) {
        if (!cell.toString().isBlank()) {
            cells.add(new Cell(cell.toString(), Optional.empty()));
        }
        cell.setLength(0);
    }
}
