package org.layerbook.repl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * The kernelspec folder: {@code kernel.json} and logos. The template lies in {@code kernelspec/} of the installation,
 * beside the launcher.
 */
final class KernelSpec {
    static final String NAME = "layerbook";
    private static final List<String> FILES =
            List.of("kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg");

    private KernelSpec() {}

    /** Where Jupyter looks: {@code DIR/share/jupyter}, {@code $JUPYTER_DATA_DIR}, or the user's data folder. */
    static Path folder(Optional<Path> prefix, Map<String, String> environment) {
        Path data = prefix.map(p -> p.toAbsolutePath().resolve("share/jupyter"))
                .or(() ->
                        Optional.ofNullable(environment.get("JUPYTER_DATA_DIR")).map(Path::of))
                .or(() -> Optional.ofNullable(environment.get("XDG_DATA_HOME"))
                        .filter(d -> !d.isEmpty())
                        .map(d -> Path.of(d, "jupyter")))
                .orElseGet(() -> Path.of(environment.getOrDefault("HOME", "/root"), ".local/share/jupyter"));
        return data.resolve("kernels").resolve(NAME);
    }

    /** The {@code layerbook} script that runs this program, told by itself. */
    static Path launcher(Map<String, String> environment) {
        String launcher = environment.get("LAYERBOOK_LAUNCHER");
        if (launcher == null) {
            throw new UserErrorException("only an installed layerbook can install the kernelspec: run ./install first");
        }
        return Path.of(launcher);
    }

    static void install(Path launcher, Path target) throws IOException {
        Path template = launcher.toRealPath().resolveSibling("kernelspec");
        Files.createDirectories(target);
        for (String file : FILES) {
            byte[] content = Files.readAllBytes(template.resolve(file));
            if (file.equals("kernel.json")) {
                String quoted = JsonMapper.shared().writeValueAsString(launcher.toString());
                content = new String(content, StandardCharsets.UTF_8)
                        .replace("\"@LAUNCHER@\"", quoted)
                        .getBytes(StandardCharsets.UTF_8);
            }
            Files.write(target.resolve(file), content);
        }
    }

    /** @return whether there was one */
    static boolean uninstall(Path target) throws IOException {
        if (!Files.isDirectory(target)) {
            return false;
        }
        for (String file : FILES) {
            Files.deleteIfExists(target.resolve(file));
        }
        Files.delete(target);
        return true;
    }
}
