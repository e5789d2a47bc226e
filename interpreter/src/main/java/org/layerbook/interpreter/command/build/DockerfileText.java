package org.layerbook.interpreter.command.build;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.plan.RemoteContext;
import org.layerbook.engine.dockerfile.TextEncoding;
import org.layerbook.engine.linux.RootedPath;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.command.spec.CommandException;

/**
 * The Dockerfile of a build, where it was found.
 *
 * @param name as messages name it
 * @param fromSession whether it is the session itself ({@code -f @})
 * @param ignoreFile the .dockerignore of its own, beside it
 */
record DockerfileText(String name, String text, boolean fromSession, Optional<Path> ignoreFile) {
    private static final String USUAL = "Dockerfile";
    private static final List<String> USUAL_NAMES = List.of(USUAL, "Containerfile", "dockerfile");
    /** BuildKit's limit, 16 MiB: nothing that a user writes reaches it. */
    private static final int MAX_SIZE = 16 << 20;

    /** @param given of {@code --file}: a path from the user's folder, a URL, {@code -} or {@code @} */
    static DockerfileText find(
            BuildContexts.Place place, Optional<String> given, BuildContexts contexts, CommandContext context)
            throws CommandException, IOException {
        String file = given.orElse("");
        if (file.equals("@")) {
            return new DockerfileText("@", "", true, Optional.empty());
        }
        if (file.equals("-") || file.equals("/dev/stdin")) {
            return of(USUAL, context.stdin());
        }
        if (file.startsWith("http://") || file.startsWith("https://")) {
            if (RemoteContext.of(file).orElseThrow() instanceof RemoteContext.Url url) {
                return contexts.dockerfile(url);
            }
            throw BuildRequestReader.failed("failed to solve: " + file + " is a repository, not a Dockerfile");
        }
        if (place.dockerfile().isPresent()) {
            return place.dockerfile().get();
        }
        Path folder = place.folder().orElseThrow();
        return file.isEmpty() ? usual(folder) : named(file, folder, place, context);
    }

    /** A Dockerfile that comes as a stream, read to its end. */
    static DockerfileText of(String name, InputStream in) throws CommandException, IOException {
        return new DockerfileText(name, read(name, in), false, Optional.empty());
    }

    /** A Dockerfile without a .dockerignore of its own. */
    static DockerfileText of(String name, Path file) throws CommandException, IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return of(name, in);
        }
    }

    private static String read(String name, InputStream in) throws CommandException, IOException {
        byte[] bytes = in.readNBytes(MAX_SIZE + 1);
        if (bytes.length > MAX_SIZE) {
            throw BuildRequestReader.failed("failed to solve: failed to read dockerfile: " + name
                    + " exceeds maximum allowed size of " + MAX_SIZE + " bytes");
        }
        Optional<String> encoding = TextEncoding.problem(bytes, name);
        if (encoding.isPresent()) {
            throw BuildRequestReader.failed(
                    "failed to solve: failed to read dockerfile: " + name + ": " + encoding.get());
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static DockerfileText usual(Path folder) throws CommandException, IOException {
        for (String name : USUAL_NAMES) {
            Path path = RootedPath.resolve(folder, name);
            if (Files.isRegularFile(path)) {
                return at(path, name, folder.resolve(name + ".dockerignore"));
            }
        }
        throw missing(folder.resolve(USUAL), USUAL);
    }

    /** From the user's folder, or where there is none such, in the context; of what was fetched only in it. */
    private static DockerfileText named(String file, Path folder, BuildContexts.Place place, CommandContext context)
            throws CommandException, IOException {
        Path here = context.resolve(file);
        if (place.fetched() || !Files.exists(here)) {
            Path inside = RootedPath.resolve(folder, file);
            String name = folder.relativize(inside).toString();
            if (!Files.isRegularFile(inside)) {
                throw missing(inside, name);
            }
            return at(inside, name, inside.resolveSibling(inside.getFileName() + ".dockerignore"));
        }
        String name = here.startsWith(folder)
                ? folder.relativize(here).toString()
                : here.getFileName().toString();
        if (!Files.isRegularFile(here)) {
            throw missing(here, name);
        }
        return at(here, name, here.resolveSibling(here.getFileName() + ".dockerignore"));
    }

    private static CommandException missing(Path path, String name) {
        boolean isThere = Files.exists(path);
        return BuildRequestReader.failed("failed to solve: failed to read dockerfile: open " + name + ": "
                + (isThere ? "it is not a regular file" : "no such file or directory"));
    }

    private static DockerfileText at(Path path, String name, Path ownIgnoreFile) throws CommandException, IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return new DockerfileText(
                    name,
                    read(name, in),
                    false,
                    Files.isRegularFile(ownIgnoreFile) ? Optional.of(ownIgnoreFile) : Optional.empty());
        }
    }
}
