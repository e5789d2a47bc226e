package org.layerbook.interpreter.session;

import java.util.stream.Collectors;

/** Takes out of a session's text what is another on every machine and in every run. */
final class Normal {
    private static final String AGE =
            "(Less than a second|About an? \\w+|\\d+ (second|minute|hour|day|week|month|year)s?) ago";

    private Normal() {}

    /** Identities, times and ages; a table that has ages loses its column widths. */
    static String text(String text) {
        return text.lines()
                .map(line -> line.contains(" ago ") || line.contains("CREATED") ? line.replaceAll(" {2,}", "  ") : line)
                .map(line -> line.replaceAll(AGE, "AGE")
                        .replaceAll("sha256:[0-9a-f]{12,64}", "sha256:…")
                        .replaceAll("\\b[0-9a-f]{12}\\b", "ID")
                        .replaceAll("\\b\\d+\\.\\d\\d s\\b", "0.00 s")
                        // Archives are as large as this machine's compressor makes them.
                        .replaceAll("(\\.tar(?:\\.zst)?): [\\d.]+[kM]?B", "$1: SIZE")
                        .stripTrailing())
                .collect(Collectors.joining("\n"));
    }

    /** Sizes besides, which depend on the base images. */
    static String withoutSizes(String text) {
        return text(text)
                .replaceAll("[█▉▊▋▌▍▎▏]+", "")
                .replaceAll("[−+±]?\\b\\d+(\\.\\d+)? ?(B|kB|MB)\\b", "SIZE")
                .replaceAll("±0", "SIZE")
                .replaceAll("(?m) +", " ")
                .replaceAll("(ADD \\w+ / SIZE( SIZE)?) \\+\\d+", "$1")
                .replaceAll("[\\d,]+ bytes", "SIZE")
                .replaceAll("(?m) $", "")
                .replaceAll(" \\+ SIZE", "");
    }
}
