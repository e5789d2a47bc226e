package org.layerbook.interpreter.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The Dockerfile of a build, where it was found.
 *
 * @param name as messages name it
 * @param fromSession whether it is the session itself ({@code -f @})
 * @param ignoreFile the .dockerignore of its own, beside it
 */
record DockerfileText(String name, String text, boolean fromSession, Optional<Path> ignoreFile) {
    private static final List<String> USUAL_NAMES = List.of("Dockerfile", "Containerfile");

    /** @param given of {@code --file}: a path from the person's folder, {@code -} or {@code @} */
    static DockerfileText find(BuildContexts.Place place, Optional<String> given, CommandContext context)
            throws CommandException, IOException {
        if (place.dockerfile().isPresent()) {
            return new DockerfileText("Dockerfile", place.dockerfile().get(), false, Optional.empty());
        }
        String file = given.orElse("");
        if (file.equals("@")) {
            return new DockerfileText("@", "", true, Optional.empty());
        }
        if (file.equals("-")) {
            String text = new String(context.stdin().readAllBytes(), StandardCharsets.UTF_8);
            return new DockerfileText("Dockerfile", text, false, Optional.empty());
        }
        Path folder = place.folder().orElseThrow();
        Path path = file.isEmpty() ? usual(folder) : named(file, folder, place, context);
        if (!Files.isRegularFile(path)) {
            throw BuildRequestReader.failed("failed to solve: failed to read dockerfile: open "
                    + (file.isEmpty() ? "Dockerfile" : path.getFileName()) + ": no such file or directory");
        }
        return new DockerfileText(
                path.startsWith(folder)
                        ? folder.relativize(path).toString()
                        : path.getFileName().toString(),
                Files.readString(path),
                false,
                ignoreFile(path));
    }

    private static Path usual(Path folder) {
        return USUAL_NAMES.stream()
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElse(folder.resolve("Dockerfile"));
    }

    /** From the person's folder, or where there is none such, in the context. */
    private static Path named(String file, Path folder, BuildContexts.Place place, CommandContext context) {
        Path here = context.resolve(file);
        Path inside = folder.resolve(file).normalize();
        boolean takeInside = place.unpacked() || !Files.exists(here) && Files.exists(inside);
        return takeInside ? inside : here;
    }

    private static Optional<Path> ignoreFile(Path dockerfile) {
        Path own = dockerfile.resolveSibling(dockerfile.getFileName() + ".dockerignore");
        return Files.isRegularFile(own) ? Optional.of(own) : Optional.empty();
    }
}
