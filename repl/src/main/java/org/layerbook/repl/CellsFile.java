package org.layerbook.repl;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.layerbook.engine.dockerfile.TextEncoding;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The cells of a file that {@code layerbook run} is given: a notebook's code cells, a script's parts between lines that
 * begin with {@code # %%} (as editors split scripts), or a Dockerfile, whose text is one cell.
 *
 * @param file absolute
 */
record CellsFile(Path file, boolean isNotebook, List<Cell> cells) {
    /** How nbclient marks a cell that is meant to fail. */
    private static final String MAY_FAIL = "raises-exception";

    CellsFile {
        cells = List.copyOf(cells);
    }

    /**
     * @param id of a notebook cell, where it has one
     * @param mayFail its failure does not stop the others
     */
    record Cell(String code, Optional<String> id, boolean mayFail) {
        static Cell of(String code) {
            return new Cell(code, Optional.empty(), false);
        }
    }

    /** @throws IOException with a sentence, without the file's name, when it cannot be read or is not a notebook */
    static CellsFile read(Path file) throws IOException {
        boolean notebook = file.toString().endsWith(".ipynb");
        String text = withoutMark(text(file));
        List<Cell> cells = notebook ? notebook(text) : isDockerfile(file) ? dockerfile(text) : script(text);
        return new CellsFile(file.toAbsolutePath().normalize(), notebook, cells);
    }

    private static String text(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Optional<String> encoding =
                TextEncoding.problem(bytes, file.getFileName().toString());
        if (encoding.isPresent()) {
            throw new IOException(encoding.get());
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("it is not UTF-8 text", e);
        }
    }

    /** Named as docker and editors expect; in such a file {@code # %%} is a comment. */
    private static boolean isDockerfile(Path file) {
        String name = file.getFileName().toString();
        return Stream.of("Dockerfile", "Containerfile")
                        .anyMatch(word -> name.equals(word) || name.startsWith(word + "."))
                || name.toLowerCase(Locale.ROOT).endsWith(".dockerfile");
    }

    private static List<Cell> dockerfile(String text) {
        return text.isBlank() ? List.of() : List.of(Cell.of(text));
    }

    private static List<Cell> notebook(String text) throws IOException {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(text);
        } catch (JacksonException e) {
            throw new IOException("it is not a notebook: " + e.getOriginalMessage(), e);
        }
        if (!root.path("cells").isArray()) {
            throw new IOException("it is not a notebook in format 4: it has no list of cells");
        }
        var cells = new ArrayList<Cell>();
        for (JsonNode cell : root.path("cells")) {
            String code = source(cell.path("source"));
            if ("code".equals(cell.path("cell_type").asString("")) && !code.isBlank()) {
                Optional<String> id = Optional.of(cell.path("id").asString("")).filter(i -> !i.isEmpty());
                cells.add(new Cell(code, id, mayFail(cell)));
            }
        }
        return cells;
    }

    private static boolean mayFail(JsonNode cell) {
        for (JsonNode tag : cell.path("metadata").path("tags")) {
            if (MAY_FAIL.equals(tag.asString(""))) {
                return true;
            }
        }
        return false;
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
        for (String line : text.split("(?<=\n)")) {
            if (line.startsWith("# %%")) {
                add(cells, cell);
            } else {
                cell.append(line).append(line.endsWith("\n") ? "" : "\n");
            }
        }
        add(cells, cell);
        return cells;
    }

    /** The byte order mark that editors of Windows write is no character of the text. */
    private static String withoutMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static void add(List<Cell> cells, StringBuilder cell) {
        if (!cell.toString().isBlank()) {
            cells.add(Cell.of(cell.toString()));
        }
        cell.setLength(0);
    }
}
