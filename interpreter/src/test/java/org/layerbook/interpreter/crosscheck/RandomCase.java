package org.layerbook.interpreter.crosscheck;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.layerbook.interpreter.crosscheck.ContextFile.Kind;
import org.layerbook.interpreter.testing.RandomInstructions;

/** Makes a build up at random, of features that Docker 20.10 has; the same for the same seed. */
final class RandomCase extends RandomInstructions {
    private static final List<String> NAMES = List.of(
            "a", "b.txt", "c d", "é", "-dash", "e f", "s-t", "x.gz", "q-q", ".hid", "n.go", "m.go", "UP", "w", "lib",
            "ü.t", "z");

    private final long seed;
    private final List<ContextFile> files = new ArrayList<>();
    private final List<String> folders = new ArrayList<>(List.of(""));
    private final List<String> lines = new ArrayList<>();
    private int count;

    private RandomCase(long seed) {
        super(new Random(seed));
        this.seed = seed;
    }

    static Case of(long seed) {
        var made = new RandomCase(seed);
        made.context();
        String place = made.one("Dockerfile", "Dockerfile", "Dockerfile", "other.Dockerfile", "../outside");
        List<String> options = made.dockerfile();
        return new Case(seed, List.copyOf(made.files), List.copyOf(made.lines), place, options);
    }

    // ------------------------------------------------------------------ the context
    private void context() {
        int size = 3 + number(10);
        for (int i = 0; i < size; i++) {
            String folder = one(folders);
            String path = folder + fileName();
            if (files.stream().noneMatch(file -> file.path().equals(path))) {
                file(path);
            }
        }
        if (once(5)) {
            files.add(new ContextFile(Kind.FILE, ".dockerignore", 0644, ignoreFile()));
        }
    }

    private void file(String path) {
        int mode = once(3) ? one(List.of(0600, 0755, 04755, 0666, 0400, 01644, 02755)) : 0644;
        List<String> plain = files.stream()
                .filter(file -> file.kind() == Kind.FILE)
                .map(ContextFile::path)
                .toList();
        switch (number(14)) {
            case 0, 1, 2, 3 -> {
                files.add(new ContextFile(Kind.FOLDER, path, once(4) ? one(List.of(0700, 01777, 02750)) : 0755, ""));
                folders.add(path + "/");
            }
            case 4 -> files.add(new ContextFile(Kind.LINK, path, 0777, "/" + anyPath()));
            case 5 -> {
                if (once(2)) {
                    files.add(new ContextFile(Kind.LINK, path, 0777, one("nowhere", "/etc/motd", "../up", "a/../a")));
                }
            }
            case 6 -> {
                if (!plain.isEmpty()) {
                    files.add(new ContextFile(Kind.HARD_LINK, path, 0644, one(plain)));
                }
            }
            case 7 -> files.add(new ContextFile(Kind.TAR, path, mode, one("gz", "bz2", "xz", "")));
            default -> files.add(new ContextFile(Kind.FILE, path, mode, one("", "text\n", "text of " + path)));
        }
    }

    private String ignoreFile() {
        var text = new StringBuilder();
        int patterns = 1 + number(4);
        for (int i = 0; i < patterns; i++) {
            text.append(one("", "", "!"))
                    .append(
                            switch (number(8)) {
                                case 0 -> "**/" + one(NAMES);
                                case 1 -> "*.go";
                                case 2 -> one("*", "**", ".dockerignore", "Dockerfile", "# comment", "");
                                case 3 -> "/" + anyPath();
                                case 4 -> one(NAMES) + "/**";
                                case 5 -> "*/" + one(NAMES);
                                case 6 -> one("[a-l]*", "?", "**/*.t*", "a/", "./b.txt", "  lib  ");
                                default -> anyPath();
                            })
                    .append('\n');
        }
        return text.toString();
    }

    /** A name that is awkward in a Dockerfile, rarely: most of what is made up shall build. */
    private String fileName() {
        return once(12) ? one("[x]", "q?", "$p", "w*", "b\\c", "'q'") : one(NAMES);
    }

    /** Of a file that is there. Most are no links: many of those lead nowhere. */
    private String anyPath() {
        List<String> plain = files.stream()
                .filter(file -> file.kind() != Kind.LINK || once(6))
                .map(ContextFile::path)
                .toList();
        return plain.isEmpty() ? one(NAMES) : one(plain);
    }

    // ------------------------------------------------------------------ the Dockerfile
    /** @return the options that it is built with */
    private List<String> dockerfile() {
        var options = new ArrayList<String>();
        if (once(3)) {
            lines.add("ARG top=" + value());
        }
        if (once(4)) {
            options.add("--build-arg=" + one("top=given", "p=1", "q=é", "unused=1", "top"));
        }
        if (once(8)) {
            options.add("--label=" + one("l=1", "p=over", "k"));
        }
        int stages = 1 + number(3);
        for (int stage = 0; stage < stages; stage++) {
            stage(stage);
        }
        if (once(8)) {
            options.add("--target=" + one("s0", "s0", "S0", "s" + number(stages), once(6) ? "s9" : "s0"));
        }
        return List.copyOf(options);
    }

    private void stage(int stage) {
        String base = stage > 0 && once(2)
                ? (once(20) ? "S" : "s") + number(stage)
                : one("plain", "plain", "plain", "rich", "trigger", "scratch");
        lines.add("FROM " + base + one(" AS", " as") + " s" + stage);
        boolean runs = !base.equals("scratch");
        int instructions = 1 + number(7);
        for (int i = 0; i < instructions; i++) {
            count++;
            switch (number(8)) {
                case 0, 1 -> lines.add(runs ? run() : "COPY " + copyWords());
                case 2, 3 -> lines.add("COPY " + chown() + chmod() + copyWords());
                case 4 -> lines.add("ADD " + chown() + copyWords());
                case 5 -> lines.add(stage > 0 ? copyFrom(stage) : user());
                default -> lines.add(metadata());
            }
        }
    }

    private String user() {
        return once(2)
                ? "USER "
                        + one(
                                "me",
                                "me:extra",
                                "7:8",
                                "root",
                                "root:root",
                                "me:0",
                                "70",
                                once(4) ? "ghost" : "9",
                                "0:extra",
                                "nb",
                                "me:root",
                                "root:8")
                : one("ONBUILD RUN echo on > /on", "ONBUILD COPY " + copyWords(), "ONBUILD ADD . /obadd/");
    }

    private String chown() {
        return once(4)
                ? "--chown="
                        + one("5:6", "me", "me:extra", "1:root", "ghost", "7", "me:99", "$p", "0:me", ":6", "5:", "nb")
                        + " "
                : "";
    }

    private String chmod() {
        return once(6) ? "--chmod=" + one("755", "644", "4755", "600", "700") + " " : "";
    }

    private String copyFrom(int stage) {
        String from =
                one("s" + number(stage), "" + number(stage), "S" + number(stage), "plain", "plain", "plain", "rich");
        return "COPY --from=" + from + " " + chown()
                + one(
                        "/etc /e" + count + "/",
                        "/etc/passwd /bin/s* /x/",
                        "/ /all" + count + "/",
                        "/w* /ww/",
                        "/dirlink /dl",
                        "/filelink /fl",
                        "/dirlink/ /dl2/",
                        "/real/../etc/motd .",
                        "/abs /abs2",
                        "etc/motd .",
                        "/dangling /x/",
                        "/e* /r* /many/",
                        once(4) ? "/missing ." : "/etc/ .");
    }

    private String copyWords() {
        var words = new ArrayList<String>();
        int sources = once(4) ? 2 : 1;
        for (int i = 0; i < sources; i++) {
            words.add(source());
        }
        words.add(destination(sources));
        boolean plain = words.stream().noneMatch(word -> word.contains(" ") || word.contains("'"));
        boolean json = !plain || once(5);
        return json
                ? "["
                        + String.join(
                                ", ",
                                words.stream().map(word -> "\"" + word + "\"").toList()) + "]"
                : String.join(" ", words);
    }

    private String source() {
        String path = anyPath();
        if (path.contains("[")) {
            // The beginning of a class is no pattern, which an old engine sees only where files are sent.
            return path;
        }
        return switch (number(14)) {
            case 0 -> one(".", "./", "/", "*", "*.go", "?", "[a-l]*", "*/*", "./*", "**");
            case 1 -> "/" + path;
            case 2 -> "./" + path;
            case 3 -> path + (once(2) ? "/" : "");
            case 4 -> path + (once(3) ? "/." : "");
            case 5 -> once(3) ? "lib/../" + path : path;
            case 6 -> path.substring(0, path.length() - 1) + "*";
            case 7 -> path.substring(0, path.length() - 1) + "?";
            case 8 -> once(3) ? path + "/*" : path;
            case 9 -> once(9) ? "missing" : path;
            default -> path;
        };
    }

    private String destination(int sources) {
        String name = name();
        return sources > 1 && !once(6)
                ? one("/" + name + "/", "./", "/", "rel/", "/c d/", "/$p/")
                : one(
                        "/" + name,
                        "/" + name + "/",
                        ".",
                        "./",
                        "rel",
                        "rel/" + name,
                        "/deep/" + name + "/x",
                        "/c d",
                        "/dirlink/",
                        "/dirlink/" + name,
                        "/abs/",
                        "/${p:-d}/",
                        "/real",
                        once(2) ? "/filelink" : "/f/",
                        once(2) ? "/dangling" : "/f/",
                        once(2) ? "/etc/motd" : "/f/",
                        "..",
                        "/" + name + "/../y");
    }

    private String run() {
        String name = name();
        String path = "/r" + number(4);
        if (once(12)) {
            return "RUN [\"/bin/sh\", \"-c\", \"echo $0 $p > /exec" + count + "\"]";
        }
        return "RUN " + mount() + command(path, name) + (once(15) ? "" : " || true");
    }

    private String command(String path, String name) {
        return switch (number(16)) {
            case 0 -> "echo $" + name + "-${q:-none}-\"$top\" > " + path;
            case 1 -> "rm -rf " + path + " /real/x";
            case 2 -> "mkdir -p " + path + " && echo " + name + " > " + path + "/" + name;
            case 3 -> "rm -rf /real && mkdir /real && echo new > /real/new";
            case 4 -> "mv /real /moved" + count;
            case 5 -> "echo 1 > " + path + "h && ln " + path + "h /hard" + count;
            case 6 -> "ln -s " + path + " /soft" + count;
            case 7 -> "chmod " + one("700", "4711", "u-w", "1777") + " /etc/motd /real";
            case 8 -> "chown " + one("me", "5:6", "me:extra", "70") + " /etc/motd /real";
            case 9 -> "env | grep -v ^HOSTNAME= | sort > /env" + count;
            case 10 -> "(id -u; id -g; id -G) > /id" + count + "; pwd > /pwd" + count + "; umask >> /pwd" + count;
            case 11 -> "cp -a /etc /copy" + count + " && cp /etc/passwd .";
            case 12 -> "touch here && rm -f /etc/motd && ln -s /real /etc/motd";
            case 13 -> "(echo $0 $p > /exec" + count + ")";
            case 14 ->
                once(9) ? "exit " + one("1", "3") : "true \\\n  # remark\n\n  && echo ${p}\\$ 'a \\\n b' > " + path;
            default -> "find . -xdev -type f | sort | head -n 5 > /found" + count;
        };
    }

    private String mount() {
        return once(8)
                ? "--mount="
                        + one(
                                "type=cache,target=/k",
                                "type=tmpfs,target=/t",
                                "target=/ctx",
                                "type=bind,source=" + one("a", "lib", ".") + ",target=/b",
                                "type=cache,target=rel,uid=7",
                                "type=bind,from=plain,source=/etc,target=/pe")
                        + " "
                : "";
    }
}
