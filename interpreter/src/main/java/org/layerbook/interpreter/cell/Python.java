package org.layerbook.interpreter.cell;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Recognises Python, which ends up in a cell when a notebook has the wrong kernel.
 *
 * <p>The rule: a line is Python when it is a statement or an expression of Python and neither an instruction nor something
 * that a shell would do anything sensible with. A word alone is a program's name; {@code a=b} is a shell's assignment; what
 * is dotted is Python unless it reads as the name of a file or a host.
 */
final class Python {
    private static final String NAME = "[\\p{L}_][\\p{L}\\p{N}_]*";
    private static final String DOTTED = NAME + "(?:\\." + NAME + ")*";
    private static final String TARGET = "\\*?" + NAME + "(?:\\." + NAME + "|\\[[^\\]]*\\])*";
    private static final String TARGETS = "\\(?" + TARGET + "(?:\\s*,\\s*" + TARGET + ")*,?\\)?";
    private static final String STRING = "[rbfuRBFU]{0,2}(?:\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*')";
    private static final String NUMBER = "-?\\d[\\d_]*(?:\\.\\d+)?(?:e-?\\d+)?";
    private static final String OPERAND = "(?:" + NUMBER + "|" + STRING + "|" + DOTTED + "(?:[(\\[].*)?|[(\\[{].*)";
    private static final String OPERATOR = "(?:\\+|-|\\*\\*?|//?|%|==|!=|<=?|>=?)";
    private static final String END = "\\s*(?:#.*)?";

    private static final List<Pattern> STATEMENTS = Stream.of(
                    "import\\s+" + DOTTED + "(?:\\s+as\\s+\\w+|\\s*,.*)?\\s*(?:[;#].*)?",
                    "from\\s+[\\w.]+\\s+import\\s+[\\w(*].*",
                    "(?:async\\s+)?(?:def|class)\\s+\\w+\\s*[(:\\[].*",
                    "(?:if|elif|while|with|except|match|case)\\b[^;]*:" + END,
                    "(?:try|else|finally):" + END,
                    "(?:async\\s+)?for\\s+" + TARGETS + "\\s+in\\s+[^;]+:.*",
                    "(?:async\\s+)?with\\s+.+\\s+as\\s+" + TARGETS + "\\s*(?::|,).*",
                    "(?:if|while)\\s+(?!\\[)[^;]*[\\w)\\]\"']:\\s+\\S[^;]*",
                    "(?:return|yield|raise|assert|await)(?:\\s.*)?",
                    "lambda\\s+" + TARGETS + "(?:\\s*[:=,].*)?" + END,
                    "del\\s+(?:" + DOTTED + "\\[.*|" + NAME + "(?:\\s*,\\s*" + NAME + ")*)" + END,
                    "(?:global|nonlocal)\\s+" + NAME + "(?:\\s*,\\s*" + NAME + ")*",
                    "(?:pass|True|False|None)" + END,
                    "print(?:\\s+(?:[\"'%(\\w>].*))?")
            .map(Pattern::compile)
            .toList();

    /** With a blank before the sign, which a shell would take for a program and its argument, or of several at once. */
    private static final List<Pattern> ASSIGNMENTS = Stream.of(
                    TARGETS + "\\s+(?:[-+*/%|&^@]|\\*\\*|//|>>|<<)?=\\s*[^=\\s].*",
                    "\\(?" + TARGET + "(?:\\s*,\\s*" + TARGET + ")+,?\\)?\\s*=\\s*\\S.*",
                    NAME + "\\s*:\\s*[A-Za-z_][\\w.\\[\\], |\"']*\\s+=\\s+\\S.*")
            .map(Pattern::compile)
            .toList();

    /** Without blanks, where no shell could read what follows. */
    private static final List<Pattern> TIGHT_ASSIGNMENTS = Stream.of(
                    TARGET + "[-+*/%|&]?=" + DOTTED + "\\(.*",
                    "[a-z]\\w*=\\[(?:\\s*|.*[,'\"\\d].*)\\]" + END,
                    "[a-z]\\w*=\\{.*\\}" + END,
                    NAME + "(?:\\." + NAME + "|\\[[^\\]]*\\])+\\s*[-+*/%|&]?=\\s*\\S.*")
            .map(Pattern::compile)
            .toList();

    private static final List<Pattern> EXPRESSIONS = Stream.of(
                    STRING + END,
                    STRING + "(?:\\.\\w+\\(.*|\\s*[%+*]\\s*\\S.*|\\[.*\\])",
                    "[rbfuRBFU]{0,2}(?:\"\"\"|''').*",
                    NUMBER + "(?:\\s*" + OPERATOR + "\\s*(?:" + NUMBER + "|" + DOTTED + "(?:[(\\[].*)?))+" + END,
                    DOTTED + "(?:[(\\[].*[)\\]])?\\s+(?:\\+|==|!=|//|\\*\\*|<=|>=)\\s+" + OPERAND,
                    DOTTED + "\\s+(?:is(?:\\s+not)?\\s+None|not\\s+in\\s+" + OPERAND + ")",
                    "\\[\\s*(?:(?:" + NUMBER + "|" + STRING + "|" + DOTTED + ")\\s*,)+.*",
                    "[\\[({].*\\sfor\\s.*\\sin\\s.*[\\])}]" + END,
                    "\\((?:\\s*(?:" + NUMBER + "|" + STRING + ")\\s*,)+.*\\)" + END)
            .map(Pattern::compile)
            .toList();

    /** {@code f() {} begins a function of a shell. */
    private static final Pattern CALL = Pattern.compile(TARGET + "\\((?!\\s*\\)\\s*\\{).*");

    private static final Pattern ATTRIBUTE =
            Pattern.compile("(?<first>" + NAME + ")(?<rest>(?:\\.(?<last>" + NAME + ")|\\[[^\\]\\s]+\\])+)" + END);
    private static final Pattern DECORATOR = Pattern.compile("@" + DOTTED + "(?:\\(.*)?" + END);
    private static final Pattern DECORATED = Pattern.compile("(?:async\\s+)?(?:def|class)\\s.*");
    private static final Pattern HEAD = Pattern.compile("([A-Za-z]+)\\b.*", Pattern.DOTALL);

    /** What the last part of a file's or a host's name can be. */
    private static final Set<String> SUFFIXES = Set.of(
            "sh",
            "bash",
            "py",
            "txt",
            "md",
            "yml",
            "yaml",
            "json",
            "xml",
            "html",
            "htm",
            "css",
            "js",
            "mjs",
            "ts",
            "tsx",
            "jsx",
            "go",
            "rs",
            "c",
            "h",
            "cpp",
            "cc",
            "java",
            "class",
            "jar",
            "war",
            "rb",
            "pl",
            "php",
            "lua",
            "sql",
            "exe",
            "bat",
            "cmd",
            "ps1",
            "msi",
            "dll",
            "so",
            "conf",
            "cfg",
            "ini",
            "toml",
            "env",
            "lock",
            "log",
            "csv",
            "tsv",
            "tar",
            "gz",
            "tgz",
            "xz",
            "bz2",
            "zip",
            "zst",
            "deb",
            "rpm",
            "apk",
            "iso",
            "img",
            "pem",
            "key",
            "crt",
            "csr",
            "pub",
            "sock",
            "pid",
            "service",
            "socket",
            "timer",
            "target",
            "mount",
            "repo",
            "list",
            "d",
            "bak",
            "tmp",
            "old",
            "orig",
            "dist",
            "example",
            "local",
            "dockerignore",
            "Dockerfile",
            "dockerfile",
            "mk",
            "in",
            "com",
            "org",
            "net",
            "edu",
            "gov",
            "dev",
            "app",
            "info",
            "cloud",
            "localhost",
            "internal",
            "png",
            "jpg",
            "jpeg",
            "gif",
            "svg",
            "pdf",
            "ipynb",
            "properties",
            "gradle",
            "tf",
            "proto");

    private Python() {}

    static boolean isPython(String line) {
        return isPython(List.of(line));
    }

    /** @param lines the one in question, and those after it */
    static boolean isPython(List<String> lines) {
        String text = lines.getFirst().strip();
        if (isInstruction(text)) {
            return false;
        }
        if (text.startsWith("@")) {
            return isDecorator(text, lines.subList(1, lines.size()));
        }
        boolean function = lines.size() > 1 && lines.get(1).strip().equals("{");
        Predicate<Pattern> matches = pattern -> pattern.matcher(text).matches();
        return STATEMENTS.stream().anyMatch(matches)
                || isAssignment(text)
                || EXPRESSIONS.stream().anyMatch(matches)
                || !function && CALL.matcher(text).matches()
                || isAttribute(text);
    }

    /** Whether it is Python that a shell would take for a command: {@code docker = client()}, {@code help(docker)}. */
    static boolean isAssignmentOrCall(String line) {
        String text = line.strip();
        return isAssignment(text) || CALL.matcher(text).matches() && !text.matches("\\w+\\(\\)");
    }

    private static boolean isAssignment(String text) {
        return Stream.of(ASSIGNMENTS, TIGHT_ASSIGNMENTS)
                .flatMap(List::stream)
                .anyMatch(pattern -> pattern.matcher(text).matches());
    }

    /** An instruction in capitals, whatever its arguments look like; {@code ENV = 1} is none. */
    private static boolean isInstruction(String text) {
        Matcher head = HEAD.matcher(text);
        return head.matches() && Vocabulary.INSTRUCTIONS.contains(head.group(1)) && !isAssignment(text);
    }

    /** {@code @app.route("/")}; a name alone could be an image of the session, unless a function follows. */
    private static boolean isDecorator(String text, List<String> following) {
        if (!DECORATOR.matcher(text).matches()) {
            return false;
        }
        if (text.contains(".") || text.contains("(")) {
            return true;
        }
        return following.stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#") && !line.startsWith("@"))
                .findFirst()
                .filter(line -> DECORATED.matcher(line).matches())
                .isPresent();
    }

    /** {@code container.status}, {@code rows[0]}. */
    private static boolean isAttribute(String text) {
        Matcher matcher = ATTRIBUTE.matcher(text);
        if (!matcher.matches()) {
            return false;
        }
        String last = matcher.group("last");
        boolean file = last != null
                && !matcher.group("rest").endsWith("]")
                && (SUFFIXES.contains(last)
                        || last.length() < 3
                        || matcher.group("first").endsWith("file"));
        boolean reversedHost = Set.of("com", "org", "io", "net").contains(matcher.group("first"));
        return !file && !reversedHost;
    }
}
