package org.layerbook.interpreter.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.Interpreter;
import org.layerbook.interpreter.Interpreter.CellRequest;
import org.layerbook.interpreter.Rendered;

/**
 * A whole session in one readable file: cells and what they show.
 *
 * <pre>
 * Text before the first cell says what the scenario is about.
 * &gt;&gt;&gt; first                 a cell with the id "first"; without an id the front-end has none
 * RUN echo hi
 * &lt;&lt;&lt;                       what it shows
 * &gt; hi                      standard output
 * ! a warning               standard error
 * #  step …                 a rich result, as text
 * × RUN failed 3            the cell failed; the lines of the message follow
 * </pre>
 *
 * <p>{@code >>> first deleted=a,b} also tells of deleted cells. {@code >>> first write=FILE} is no cell: its text goes into
 * a file of the session's folder.
 */
public final class SessionScript {
    private final String intro;
    private final List<Cell> cells;

    private record Cell(String header, String code, String expected) {
        Optional<String> id() {
            return words().filter(w -> w.indexOf('=') < 0).findFirst();
        }

        Optional<String> value(String name) {
            return words().filter(w -> w.startsWith(name + "="))
                    .map(w -> w.substring(name.length() + 1))
                    .findFirst();
        }

        private Stream<String> words() {
            return Stream.of(header.split(" ")).filter(w -> !w.isBlank());
        }
    }

    private SessionScript(String intro, List<Cell> cells) {
        this.intro = intro;
        this.cells = cells;
    }

    public static SessionScript read(Path file) throws IOException {
        String[] sections = Files.readString(file).split("(?m)^>>>", -1);
        var cells = new ArrayList<Cell>();
        for (int i = 1; i < sections.length; i++) {
            String[] head = sections[i].split("\n", 2);
            String[] parts = head[1].split("(?m)^<<<\n?", 2);
            cells.add(new Cell(
                    head[0].strip(),
                    parts.length > 1 ? parts[0].replaceFirst("\n$", "") : parts[0].stripTrailing(),
                    parts.length > 1 ? parts[1].strip() : ""));
        }
        return new SessionScript(sections[0], cells);
    }

    /** The script as it should be. */
    public String expected(UnaryOperator<String> normalise) {
        return text(cells.stream().map(c -> normalise.apply(c.expected())).toList());
    }

    /** Runs it. @param folder the session's; @param normalise takes out what differs from run to run */
    public String run(Interpreter interpreter, Path folder, UnaryOperator<String> normalise) throws IOException {
        var shown = new ArrayList<String>();
        int number = 0;
        for (Cell cell : cells) {
            Optional<String> file = cell.value("write");
            if (file.isPresent()) {
                Path path = folder.resolve(file.get());
                Files.createDirectories(path.getParent());
                Files.writeString(path, cell.code() + "\n");
                shown.add("");
                continue;
            }
            var output = new Transcript();
            List<String> deleted =
                    cell.value("deleted").map(d -> List.of(d.split(","))).orElse(List.of());
            CellResult result =
                    interpreter.run(new CellRequest(cell.code(), cell.id(), Optional.of(++number), deleted), output);
            output.end(result);
            String text = output.text().replace(folder.toString(), "/work");
            shown.add(normalise.apply(text.strip()));
        }
        return text(shown);
    }

    private String text(List<String> shown) {
        var text = new StringBuilder(intro);
        for (int i = 0; i < cells.size(); i++) {
            Cell cell = cells.get(i);
            text.append(">>>").append(cell.header().isEmpty() ? "" : " " + cell.header());
            text.append('\n').append(cell.code()).append('\n');
            if (cell.value("write").isEmpty()) {
                text.append("<<<\n").append(shown.get(i)).append(shown.get(i).isEmpty() ? "" : "\n");
            }
            text.append('\n');
        }
        return text.toString().stripTrailing() + "\n";
    }

    /** What a cell shows, line by line; of something that changed in place, what it was at the end. */
    public static class Transcript implements CellOutput {
        private final List<StringBuilder> parts = new ArrayList<>(List.of(new StringBuilder()));
        private String stream = "";

        private StringBuilder part() {
            return parts.getLast();
        }

        private synchronized void add(String prefix, String more) {
            if (!stream.equals(prefix)) {
                endLine();
                stream = prefix;
            }
            for (String line : more.splitWithDelimiters("\n", -1)) {
                boolean begins = part().isEmpty() || part().charAt(part().length() - 1) == '\n';
                part().append(begins && !line.isEmpty() && !line.equals("\n") ? prefix : "")
                        .append(line);
            }
        }

        private void endLine() {
            if (!part().isEmpty() && part().charAt(part().length() - 1) != '\n') {
                part().append('\n');
            }
            stream = "";
        }

        @Override
        public void stdout(String more) {
            add("> ", more.replace("\r", "␍"));
        }

        @Override
        public void stderr(String more) {
            add("! ", more);
        }

        @Override
        public synchronized void display(Rendered rendered) {
            endLine();
            part().append(rendered.text()).append('\n');
        }

        @Override
        public synchronized Display live(Rendered rendered) {
            endLine();
            var shown = new StringBuilder(rendered.text()).append('\n');
            parts.add(shown);
            parts.add(new StringBuilder());
            return changed -> replace(shown, changed);
        }

        private synchronized void replace(StringBuilder shown, Rendered changed) {
            shown.setLength(0);
            shown.append(changed.text()).append('\n');
        }

        @Override
        public Optional<String> ask(String prompt, boolean password) {
            return Optional.empty();
        }

        @Override
        public int columns() {
            return 100;
        }

        public synchronized void end(CellResult result) {
            endLine();
            if (result instanceof CellResult.Failed(String name, String message, List<String> details, int status)) {
                part().append("× ")
                        .append(name)
                        .append(status == 1 ? "" : " " + status)
                        .append('\n');
                details.forEach(line -> part().append(line.stripTrailing()).append('\n'));
            }
        }

        public synchronized String text() {
            return String.join("", parts);
        }
    }
}
