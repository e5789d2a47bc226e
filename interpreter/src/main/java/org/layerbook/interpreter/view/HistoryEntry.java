package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.interpreter.view.layout.Block;
import org.layerbook.interpreter.view.layout.Block.Cell;
import org.layerbook.interpreter.view.layout.SafeText;
import org.layerbook.interpreter.view.layout.Span;
import org.layerbook.interpreter.view.layout.Tone;

/**
 * The instruction behind a history entry, whichever builder wrote it: BuildKit ({@code RUN /bin/sh -c make # buildkit}),
 * the older builder ({@code /bin/sh -c #(nop) CMD ["sh"]}), or neither.
 *
 * @param keyword empty when it is no instruction
 */
record HistoryEntry(String keyword, String rest) {
    private static final Set<String> KEYWORDS = Set.of(
            "ADD",
            "ARG",
            "CMD",
            "COPY",
            "ENTRYPOINT",
            "ENV",
            "EXPOSE",
            "FROM",
            "HEALTHCHECK",
            "LABEL",
            "MAINTAINER",
            "ONBUILD",
            "RUN",
            "SHELL",
            "STOPSIGNAL",
            "USER",
            "VOLUME",
            "WORKDIR");
    private static final Pattern ARGUMENTS = Pattern.compile("^\\|\\d+ .*?(?=/bin/sh -c )");
    private static final String SHELL = "/bin/sh -c ";
    private static final String NO_RUN = "#(nop)";

    static HistoryEntry of(String createdBy) {
        String text = SafeText.clean(createdBy).strip();
        if (text.endsWith("# buildkit")) {
            text = text.substring(0, text.length() - "# buildkit".length()).stripTrailing();
        }
        boolean ran = false;
        Matcher arguments = ARGUMENTS.matcher(text);
        if (arguments.find()) {
            text = text.substring(arguments.end());
        }
        if (text.startsWith(SHELL)) {
            text = text.substring(SHELL.length()).strip();
            ran = !text.startsWith(NO_RUN);
            text = ran ? text : text.substring(NO_RUN.length()).strip();
        }
        if (ran) {
            return new HistoryEntry("RUN", text);
        }
        int blank = text.indexOf(' ');
        String first = (blank < 0 ? text : text.substring(0, blank)).toUpperCase(Locale.ROOT);
        if (!KEYWORDS.contains(first)) {
            return new HistoryEntry("", text);
        }
        String rest = blank < 0 ? "" : text.substring(blank + 1).strip();
        if (first.equals("RUN")) {
            rest = ARGUMENTS.matcher(rest).replaceFirst("");
            rest = rest.startsWith(SHELL) ? rest.substring(SHELL.length()) : rest;
        }
        return new HistoryEntry(first, rest);
    }

    Tone tone() {
        return switch (keyword) {
            case "RUN" -> Tone.RUN;
            case "COPY", "ADD" -> Tone.COPY;
            case "" -> Tone.BASE;
            default -> Tone.META;
        };
    }

    List<Span> spans(int columns) {
        return keyword.isEmpty()
                ? List.of(Span.code(rest, columns))
                : List.of(Span.key(keyword), Span.of(" "), Span.code(rest, columns - keyword.length() - 1));
    }

    /**
     * The instruction on one line, opening to all of it and to what its layer changed.
     *
     * @param nodes files that are shown
     */
    Cell unfolding(int columns, Optional<LayerChanges> changes, int nodes) {
        var body = new ArrayList<Block>();
        if (rest.length() > columns - keyword.length() - 1) {
            body.add(new Block.Listing(SourceText.lines(keyword, rest), false));
        }
        changes.filter(all -> !all.isEmpty()).ifPresent(all -> {
            body.add(new Block.Paragraph(ChangesView.summary(all), false));
            body.add(ChangesView.tree(all, nodes));
        });
        List<Span> summary = SourceText.oneLine(keyword, rest, columns);
        return body.isEmpty() ? Cell.of(summary) : new Block.Unfolding(summary, body);
    }
}
