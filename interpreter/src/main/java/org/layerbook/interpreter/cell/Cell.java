package org.layerbook.interpreter.cell;

import java.util.List;
import java.util.Optional;
import org.layerbook.engine.dockerfile.parse.Completeness;

/**
 * A cell as read: its entries in the order of the text. Every line that is not blank belongs to one.
 *
 * @param text as the user wrote it
 * @param escape the escape character in force for the cell's instructions
 * @param completeness whether it could be run as it stands
 */
public record Cell(String text, List<Entry> entries, char escape, Completeness completeness) {
    public Cell {
        entries = List.copyOf(entries);
    }

    public Optional<Entry.Mistake> firstMistake() {
        return entries.stream()
                .filter(Entry.Mistake.class::isInstance)
                .map(Entry.Mistake.class::cast)
                .findFirst();
    }
}
