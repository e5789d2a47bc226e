package org.layerbook.interpreter.cell;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What other kernels' magics are here. */
final class ForeignMagics {
    private static final String PYTHON = "it is a Python magic and needs a Python kernel";

    /** Of dockerfile-kernel and IPython, as hints. */
    private static final Map<String, String> LINES = Map.ofEntries(
            Map.entry("arg", "`%args NAME=VALUE` sets a build argument"),
            Map.entry("magics", "`%lsmagic` lists the magics"),
            Map.entry("magic", "`%lsmagic` lists the magics"),
            Map.entry("quickref", "`%lsmagic` lists the magics"),
            Map.entry("timeit", "`%time` times a single run"),
            Map.entry("set_env", "`%env NAME=VALUE` sets a variable of host commands"),
            Map.entry("pushd", "`%cd DIR` changes the directory, `%cd -` goes back"),
            Map.entry("popd", "`%cd -` returns to the previous directory"),
            Map.entry("dhist", "`%cd -` returns to the previous directory"));

    private static final Set<String> PROGRAMS = Set.of(
            "cp",
            "mv",
            "rm",
            "rmdir",
            "ll",
            "lf",
            "ldir",
            "lk",
            "lx",
            "cat",
            "man",
            "more",
            "less",
            "touch",
            "echo",
            "git",
            "pip",
            "conda",
            "mamba",
            "micromamba",
            "uv",
            "npm",
            "clear");

    private static final Set<String> OF_PYTHON = Set.of(
            "alias",
            "autoawait",
            "autocall",
            "autoindent",
            "automagic",
            "autoreload",
            "aimport",
            "autosave",
            "bookmark",
            "code_wrap",
            "colors",
            "config",
            "connect_info",
            "debug",
            "doctest_mode",
            "gui",
            "hist",
            "history",
            "load_ext",
            "logstart",
            "logstop",
            "macro",
            "matplotlib",
            "notebook",
            "page",
            "pastebin",
            "pdb",
            "pdef",
            "pdoc",
            "pfile",
            "pinfo",
            "pinfo2",
            "precision",
            "prun",
            "psearch",
            "psource",
            "pycat",
            "pylab",
            "qtconsole",
            "recall",
            "rehashx",
            "reload_ext",
            "rerun",
            "reset_selective",
            "save",
            "store",
            "sql",
            "tb",
            "unalias",
            "unload_ext",
            "who",
            "who_ls",
            "whos",
            "xdel",
            "xmode",
            "html",
            "javascript",
            "js",
            "latex",
            "markdown",
            "svg",
            "cython");

    private static final Set<String> SCRIPTS =
            Set.of("python", "python2", "python3", "pypy", "perl", "ruby", "node", "R", "zsh", "fish");

    private ForeignMagics() {}

    /** @param rest what stands behind the name */
    static Optional<String> line(String name, String rest) {
        String words = rest.strip();
        return switch (name) {
            case "tag" -> Optional.of("`docker tag @ " + (words.isEmpty() ? "NAME" : words) + "` names the live image");
            case "install" -> Optional.of(install(words));
            case "run" ->
                Optional.of("`!python3 " + (words.isEmpty() ? "FILE" : words) + "` runs a script on this host");
            default ->
                PROGRAMS.contains(name)
                        ? Optional.of(program((name + " " + words).strip()))
                        : Optional.ofNullable(LINES.get(name)).or(() -> ofPython(name));
        };
    }

    static Optional<String> cell(String name) {
        return switch (name) {
            case "timeit" -> Optional.of("`%%time` times a single run");
            case "shell", "cmd" -> Optional.of("`%%bash` runs the cell on this host");
            default ->
                SCRIPTS.contains(name)
                        ? Optional.of("`%%script " + name + "` runs the cell on this host")
                        : ofPython(name);
        };
    }

    private static Optional<String> ofPython(String name) {
        return OF_PYTHON.contains(name) ? Optional.of(PYTHON) : Optional.empty();
    }

    private static String program(String command) {
        return "`!" + command + "` runs on this host, `RUN " + command + "` in the image";
    }

    /** dockerfile-kernel's {@code %install apt curl}. */
    private static String install(String words) {
        String[] split = words.split("\\s+", 2);
        String packages = split.length > 1 ? split[1] : "PACKAGE";
        String command = switch (split[0]) {
            case "apk" -> "apk add --no-cache " + packages;
            case "pip", "npm" -> split[0] + " install " + packages;
            default -> "apt-get update && apt-get install -y " + packages;
        };
        return "write `RUN " + command + "`";
    }
}
