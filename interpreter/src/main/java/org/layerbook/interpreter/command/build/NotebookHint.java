package org.layerbook.interpreter.command.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.linux.SmallFile;

/** A notebook in the context changes at every save, and with it misses the cache: worth a word when it was copied. */
final class NotebookHint {
    private NotebookHint() {}

    static Optional<String> of(BuildRequest request) {
        boolean copiesAll = request.dockerfile().instructions().stream().anyMatch(NotebookHint::copiesContext);
        if (!copiesAll
                || request.settings().context().isEmpty()
                || request.settings().contextIsFetched()) {
            return Optional.empty();
        }
        Path folder = request.settings().context().get();
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".ipynb"))
                    .sorted()
                    .findFirst()
                    .filter(name -> !isIgnored(folder))
                    .map(name -> name + " is in the build context and changes on every save: add *.ipynb to"
                            + " .dockerignore");
        } catch (IOException e) {
            // Only a hint: a folder that cannot be listed has been reported by the build.
            return Optional.empty();
        }
    }

    private static boolean copiesContext(Instruction instruction) {
        List<String> sources = switch (instruction) {
            case Instruction.Copy copy
            when copy.from().isEmpty() -> copy.sources().paths();
            case Instruction.Add add -> add.sources().paths();
            default -> List.of();
        };
        return sources.stream().anyMatch(path -> path.matches("\\.?/*|\\*|\\./\\*|.*\\.ipynb"));
    }

    private static boolean isIgnored(Path folder) {
        try {
            byte[] rules = SmallFile.read(folder.resolve(".dockerignore"), SmallFile.TEXT)
                    .orElse(new byte[0]);
            return new String(rules, StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .anyMatch(line -> line.endsWith(".ipynb") && !line.startsWith("!"));
        } catch (IOException e) {
            return false;
        }
    }
}
