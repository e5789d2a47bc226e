package org.layerbook.interpreter.cell;

import java.util.List;
import java.util.regex.Pattern;

/** Recognises Python, which ends up in a cell when a notebook has the wrong kernel. */
final class Python {
    private static final List<Pattern> SIGNS = List.of(
            Pattern.compile("import\\s+[A-Za-z_][\\w.]*(\\s+as\\s+\\w+|\\s*,.*)?"),
            Pattern.compile("from\\s+[\\w.]+\\s+import\\s+[\\w(*].*"),
            Pattern.compile("(def|class)\\s+\\w+\\s*[(:].*"),
            Pattern.compile("(if|elif|for|while|with|try|except|else)\\b[^;]*:"),
            Pattern.compile("[A-Za-z_]\\w*(\\.\\w+)*\\(.*\\)?"),
            Pattern.compile("[A-Za-z_][\\w.\\[\\]'\"]*\\s+[-+*/]?=\\s+\\S.*"),
            Pattern.compile("(return|yield|assert|raise|lambda|del)\\b.*"),
            Pattern.compile("@[A-Za-z_]\\w*\\.\\w+.*"));

    private Python() {}

    static boolean isPython(String line) {
        String text = line.strip();
        return SIGNS.stream().anyMatch(sign -> sign.matcher(text).matches());
    }
}
