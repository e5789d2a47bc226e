package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.layer.LayerChanges.Change;
import org.layerbook.engine.layer.LayerChanges.FileKind;
import org.layerbook.engine.layer.LayerChanges.Kind;
import org.layerbook.interpreter.view.layout.Numbers;

/** Changes, a line each; a folder that is new or gone as a whole is one line, with what is in it counted. */
final class ChangedLines {
    private final List<String> lines = new ArrayList<>();
    private Optional<Change> whole = Optional.empty();
    private int within;
    private long bytes;

    private ChangedLines() {}

    static List<String> of(LayerChanges changes) {
        var collected = new ChangedLines();
        // Folders directly before what is in them, whatever their names.
        changes.changes().stream()
                .sorted((a, b) -> a.path().replace('/', '\0').compareTo(b.path().replace('/', '\0')))
                .forEach(collected::add);
        collected.end();
        return collected.lines;
    }

    private void add(Change change) {
        boolean isWithin = whole.filter(folder ->
                        folder.kind() == change.kind() && change.path().startsWith(folder.path() + "/"))
                .isPresent();
        if (isWithin) {
            within += change.fileKind() == FileKind.DIRECTORY ? 0 : 1;
            bytes += change.size();
            return;
        }
        end();
        if (change.fileKind() == FileKind.DIRECTORY && change.kind() != Kind.MODIFIED) {
            whole = Optional.of(change);
        } else {
            boolean sized = change.fileKind() == FileKind.FILE && change.kind() != Kind.DELETED;
            lines.add(letter(change) + change.path() + (sized ? "  " + Numbers.size(change.size()) : ""));
        }
    }

    private void end() {
        whole.ifPresent(folder -> {
            String files = within == 0 ? "" : "  " + Numbers.count(within, "file");
            String size = within == 0 || folder.kind() == Kind.DELETED ? "" : ", " + Numbers.size(bytes);
            lines.add(letter(folder) + folder.path() + "/" + files + size);
        });
        whole = Optional.empty();
        within = 0;
        bytes = 0;
    }

    private static String letter(Change change) {
        return switch (change.kind()) {
            case ADDED -> "A ";
            case MODIFIED -> "C ";
            case DELETED -> "D ";
        };
    }
}
