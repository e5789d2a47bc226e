package org.layerbook.repl.doctor;

import java.util.ArrayList;
import java.util.List;

/** Findings as text: a sign, the subject, what was found, and beneath it what to do. */
public final class DoctorText {
    private static final int LEAST_TEXT = 30;
    private static final String PLAIN = "\u001b[0m";

    private final int columns;
    private final boolean colour;

    /** @param columns how wide lines may be */
    public DoctorText(int columns, boolean colour) {
        this.columns = columns;
        this.colour = colour;
    }

    public String of(List<Finding> findings) {
        int subject =
                findings.stream().mapToInt(f -> f.subject().length()).max().orElse(0);
        var text = new StringBuilder();
        for (Finding finding : findings) {
            String indent = " ".repeat(subject + 4);
            String gap = " ".repeat(subject - finding.subject().length() + 2);
            String head = ink(sign(finding.state()), sgr(finding.state())) + " " + finding.subject() + gap;
            List<String> lines = wrap(finding.text(), columns - indent.length());
            text.append(head).append(String.join("\n" + indent, lines)).append('\n');
            for (String note : finding.notes()) {
                List<String> wrapped = wrap(note, columns - indent.length() - 2);
                text.append(indent)
                        .append("· ")
                        .append(String.join("\n" + indent + "  ", wrapped))
                        .append('\n');
            }
        }
        return text.append('\n').append(summary(findings)).append('\n').toString();
    }

    private static String sign(Finding.State state) {
        return switch (state) {
            case GOOD -> "✓";
            case WEAK -> "!";
            case ABSENT -> "–";
            case BROKEN -> "✗";
        };
    }

    private static String sgr(Finding.State state) {
        return switch (state) {
            case GOOD -> "32";
            case WEAK -> "33";
            case ABSENT -> "2";
            case BROKEN -> "31";
        };
    }

    private static String summary(List<Finding> findings) {
        long broken = count(findings, Finding.State.BROKEN);
        long weak = count(findings, Finding.State.WEAK);
        if (broken > 0) {
            return "Something is broken: see ✗.";
        }
        return weak == 0 ? "Layerbook works." : "Layerbook works, with limitations: see !.";
    }

    private static long count(List<Finding> findings, Finding.State state) {
        return findings.stream().filter(f -> f.state() == state).count();
    }

    private String ink(String text, String sgr) {
        return colour ? "\u001b[" + sgr + "m" + text + PLAIN : text;
    }

    private static List<String> wrap(String text, int width) {
        int most = Math.max(LEAST_TEXT, width);
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (String word : text.split("\\s+")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > most) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
