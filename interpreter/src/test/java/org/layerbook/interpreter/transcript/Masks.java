package org.layerbook.interpreter.transcript;

import java.util.List;
import java.util.regex.Pattern;

/** Takes out of a text what no two runs have in common. */
final class Masks {
    private static final Pattern UNORDERED =
            Pattern.compile("docker( -\\S+)* (images|image (ls|list))|system df -v| prune");

    private Masks() {}

    /** What a clock of the machine has put in, and the IDs that come of it. */
    static String times(String script, String text) {
        String masked = text.replaceAll("(\"LastTagTime\": ?)\"[^\"]+\"", "$1\"TIME\"");
        return script.startsWith("import") ? masked.replaceAll("sha256:[0-9a-f]{64}", "sha256:ID") : masked;
    }

    /**
     * Whether both texts say the same. Where images are listed, docker's client puts the repositories of one image into
     * the order of a Go map, another one each time; so does a daemon with the images that it prunes.
     */
    static boolean same(String line, String ours, String engine) {
        return ours.equals(engine)
                || UNORDERED.matcher(line).find() && sorted(ours).equals(sorted(engine));
    }

    private static List<String> sorted(String text) {
        return text.lines().sorted().toList();
    }
}
