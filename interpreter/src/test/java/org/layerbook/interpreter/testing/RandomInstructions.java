package org.layerbook.interpreter.testing;

import java.util.List;
import java.util.Random;

/**
 * Instructions made up at random that need no file: all valid, each in the spellings that a Dockerfile allows. Variables
 * {@code p}, {@code q}, {@code r} and {@code top} may or may not be set. What depends on files is added by subclasses.
 */
public class RandomInstructions {
    private static final List<String> VALUES = List.of(
            "1",
            "$top",
            "\"a b\"",
            "${q:-none}",
            "it\\'s",
            "'$p'",
            "${p:+set}",
            "\"$p-${q}\"",
            "\\$p",
            "a\\ b",
            "\"\\\"q\\\"\"",
            "${p:-${q:-deep}}",
            "\"${r:-a b}\"",
            "é",
            "''",
            "\"\"",
            "a=b",
            "'a\\b'",
            "\"a\\tb\"",
            "\"a\\\\b\"",
            "$undefined",
            "x\"y z\"w",
            "$p$q",
            "${p}x",
            "#no",
            "a,b;c",
            "<&>");

    private final Random random;

    public RandomInstructions(Random random) {
        this.random = random;
    }

    public final String one(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    public final <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Whether something happens that happens once in {@code times}. */
    public final boolean once(int times) {
        return random.nextInt(times) == 0;
    }

    /** Less than {@code bound}. */
    public final int number(int bound) {
        return random.nextInt(bound);
    }

    public final String name() {
        return one("p", "q", "r");
    }

    /** What may stand behind {@code =}, quoted and expanded. */
    public final String value() {
        return one(VALUES);
    }

    /** An instruction about the image's config or the folder that it works in. */
    public final String metadata() {
        String name = name();
        return switch (number(20)) {
            case 0, 1 -> "ENV " + name + "=" + value();
            case 2 -> "ENV " + name + "=" + value() + one(" ", " \\\n    ", "  ") + name() + "=" + value();
            case 3 -> "ENV " + name + one(" 1", " a  b", " \"a b\" c", " $p $q", " it\\'s", " a\\ b");
            case 4 -> "ARG " + name + one("", "=", "=1", "=$top", "=\"x y\"", "=${q:-none}", " r=2");
            case 5 -> "ARG top";
            case 6 -> "LABEL " + name + "=" + value() + one("", " other=" + value(), " \\\n third=3");
            case 7 -> "LABEL " + one("\"a b\"=c", "a.b-c/d=1", name + " legacy form", "\"$p\"=1", "k=");
            case 8 -> "WORKDIR " + one("/w", "sub", "/w/$p/", "\"/with space\"", "/", "..", "/w/../x/./y", "${q:-/d}");
            case 9 -> "CMD " + one("[\"a\"]", "a $p", "[ \"a\" , \"b\" ]", "[\"$p\", \"\\u00e9\"]", "[]", "'a'  b");
            case 10 -> "ENTRYPOINT " + one("[\"a\"]", "a $p", "[\"/bin/x\", \"--y=$p\"]", "exec \"$@\"");
            case 11 -> "EXPOSE " + one("80", "90-92/udp", "8${none:-1}", "80/tcp 53/udp", "443/TCP", "1-1 2");
            case 12 -> "HEALTHCHECK " + healthcheck();
            case 13 -> "STOPSIGNAL " + one("SIGTERM", "9", "RTMIN+1", "sigint", "SIG${none:-KILL}");
            case 14 -> "SHELL " + one("[\"/bin/sh\", \"-c\"]", "[\"/bin/sh\", \"-e\", \"-c\"]");
            case 15 -> "VOLUME " + one("/v", "[\"/v\", \"/x y\"]", "/v/$p", "/b /a", "rel", "[\"/$p\"]");
            case 16 -> "MAINTAINER " + one(name + " <a@example.org>", "\"quoted\" name", "$p");
            case 17 -> "ONBUILD " + one("ENV ob=$p", "LABEL ob=1", "WORKDIR ob", "ARG ob=1", "CMD [\"ob\"]", "USER 0");
            case 18 -> "USER " + one("5:6", "0", "7", "0:0", "${none:-3}", "8:${none:-9}");
            default -> "USER 0";
        };
    }

    private String healthcheck() {
        return one(
                "NONE",
                "--interval=3s --retries=2 CMD a $p",
                "CMD [\"a\"]",
                "--timeout=1m30s CMD a  b",
                "--start-period=1h --interval=0 CMD [\"a\", \"$p\"]");
    }
}
