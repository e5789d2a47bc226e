package org.layerbook.repl.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What can show a notebook here, and whether it knows Layerbook. */
final class FrontEndCheck {
    private static final String KERNEL = "layerbook";
    /** The packages worth naming, in this order. */
    private static final List<String> SHOWN = List.of("jupyterlab", "notebook", "nbclient", "jupyter_client");

    private static final List<String> VS_CODES =
            List.of("code", "code-insiders", "codium", "code-server", "cursor", "openvscode-server");
    private static final List<String> EXTENSION_FOLDERS = List.of(
            ".vscode/extensions",
            ".vscode-server/extensions",
            ".vscode-insiders/extensions",
            ".vscode-oss/extensions",
            ".local/share/code-server/extensions",
            ".cursor/extensions");

    private final Programs programs;
    private final Path userKernels;

    /** @param userKernels where `layerbook kernel install` puts the kernelspec of this user */
    FrontEndCheck(Programs programs, Path userKernels) {
        this.programs = programs;
        this.userKernels = userKernels;
    }

    List<Finding> findings() {
        Optional<Path> jupyter = programs.find("jupyter");
        var kernelspecs = CompletableFuture.supplyAsync(
                () -> jupyter.flatMap(j -> programs.ask(List.of(j.toString(), "kernelspec", "list", "--json"))));
        var findings = new ArrayList<Finding>();
        findings.add(jupyter(jupyter));
        findings.add(kernelspec(kernelspecs.join()));
        findings.add(vsCode());
        return findings;
    }

    private Finding jupyter(Optional<Path> jupyter) {
        if (jupyter.isEmpty()) {
            return Finding.absent(
                    "Jupyter",
                    "not on the PATH",
                    "`pip install jupyterlab` in a virtual environment provides notebooks in the browser.");
        }
        String versions = programs.ask(List.of(jupyter.get().toString(), "--version"))
                .map(FrontEndCheck::versions)
                .orElse("");
        return versions.isEmpty()
                ? Finding.weak("Jupyter", jupyter.get() + ", version unknown")
                : Finding.good("Jupyter", versions + " (" + jupyter.get() + ")");
    }

    /** @param text lines of {@code package : version}, or {@code package : not installed} */
    static String versions(String text) {
        Map<String, String> found = new TreeMap<>();
        text.lines()
                .map(line -> line.split("\\s*:\\s*", 2))
                .filter(pair -> pair.length == 2 && !pair[1].isBlank() && Character.isDigit(pair[1].charAt(0)))
                .forEach(pair -> found.put(pair[0].strip(), pair[1].strip()));
        return String.join(
                ", ",
                SHOWN.stream()
                        .filter(found::containsKey)
                        .map(name -> name + " " + found.get(name))
                        .toList());
    }

    private Finding kernelspec(Optional<String> listed) {
        var folders = new LinkedHashSet<Path>();
        listed.flatMap(FrontEndCheck::layerbookIn).ifPresent(folders::add);
        boolean known = !folders.isEmpty();
        Stream.of(userKernels, Path.of("/usr/local/share/jupyter/kernels", KERNEL))
                .filter(folder -> Files.exists(folder.resolve("kernel.json")))
                .forEach(folders::add);
        if (folders.isEmpty()) {
            return Finding.weak(
                    "kernelspec", "not installed", "`layerbook kernel install` registers the Jupyter kernel.");
        }
        Path folder = folders.iterator().next();
        Optional<String> fault = fault(folder);
        if (fault.isPresent()) {
            return Finding.weak("kernelspec", folder + ": " + fault.get(), "`layerbook kernel install` repairs it.");
        }
        return listed.isPresent() && !known
                ? Finding.weak(
                        "kernelspec",
                        folder + ", where the jupyter on the PATH does not look",
                        "`layerbook kernel install --prefix DIR` installs it in the virtual environment DIR.")
                : Finding.good("kernelspec", folder.toString());
    }

    private static Optional<Path> layerbookIn(String json) {
        try {
            JsonNode folder = JsonMapper.shared()
                    .readTree(json)
                    .path("kernelspecs")
                    .path(KERNEL)
                    .path("resource_dir");
            return folder.isString() ? Optional.of(Path.of(folder.asString())) : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /** What is wrong with the kernelspec, if something is: it may name a launcher that is gone. */
    private static Optional<String> fault(Path folder) {
        try {
            JsonNode program = JsonMapper.shared()
                    .readTree(Files.readString(folder.resolve("kernel.json")))
                    .path("argv")
                    .path(0);
            return program.isString() && Files.isExecutable(Path.of(program.asString()))
                    ? Optional.empty()
                    : Optional.of("it starts " + program.asString("nothing") + ", which does not exist");
        } catch (IOException | JacksonException e) {
            return Optional.of("kernel.json cannot be read");
        }
    }

    private Finding vsCode() {
        Optional<Path> program =
                VS_CODES.stream().flatMap(name -> programs.find(name).stream()).findFirst();
        Path home = Path.of(programs.variable("HOME").isEmpty() ? "/root" : programs.variable("HOME"));
        Optional<Path> extensions = EXTENSION_FOLDERS.stream()
                .map(home::resolve)
                .filter(Files::isDirectory)
                .findFirst();
        if (program.isEmpty() && extensions.isEmpty()) {
            return Finding.absent(
                    "VS Code",
                    "not found",
                    "With the extension ms-toolsai.jupyter, VS Code opens notebooks with this kernel, too.");
        }
        String where = program.or(() -> extensions).orElseThrow().toString();
        return EXTENSION_FOLDERS.stream().map(home::resolve).anyMatch(FrontEndCheck::hasJupyter)
                ? Finding.good("VS Code", where + ", with the Jupyter extension")
                : Finding.weak(
                        "VS Code",
                        where + ", without the Jupyter extension",
                        "The extension ms-toolsai.jupyter provides notebooks with this kernel.");
    }

    private static boolean hasJupyter(Path extensions) {
        try (var folders = Files.newDirectoryStream(extensions, "ms-toolsai.jupyter-[0-9]*")) {
            return folders.iterator().hasNext();
        } catch (IOException e) {
            return false;
        }
    }
}
