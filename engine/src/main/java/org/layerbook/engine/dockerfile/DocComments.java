package org.layerbook.engine.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The comments above an instruction that say what a stage or an argument is for: {@code # NAME what it is}. */
public final class DocComments {
    private final List<String> lines;

    public DocComments(Dockerfile dockerfile) {
        this.lines = dockerfile.text().lines().toList();
    }

    /** What is said of {@code name} above {@code instruction}, without the name. An empty comment ends what belongs to it. */
    public Optional<String> of(Instruction instruction, String name) {
        if (name.isEmpty()) {
            return Optional.empty();
        }
        var comments = new ArrayList<String>();
        int above = Math.min(instruction.origin().range().startLine() - 1, lines.size());
        for (String line : lines.subList(0, above).reversed()) {
            String text = line.strip();
            if (!text.isEmpty() && !text.startsWith("#") || text.equals("#")) {
                break;
            }
            if (!text.isEmpty()) {
                comments.addFirst(text.substring(1).strip());
            }
        }
        return comments.stream()
                .filter(comment -> comment.startsWith(name + " "))
                .map(comment -> comment.substring(name.length() + 1))
                .findFirst();
    }
}
