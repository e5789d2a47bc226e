package org.layerbook.engine.builder.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.plan.NamedContext;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.StepFailedException;
import org.layerbook.engine.dockerfile.IgnorePatterns;
import org.layerbook.engine.linux.SmallFile;

/** A build context on disk with its .dockerignore. */
public final class ContextFolder {
    private static final String IGNORE_FILE = ".dockerignore";

    private ContextFolder() {}

    /** The main context; empty when the build has none. */
    public static Optional<SourceTree> open(BuildSettings settings) throws IOException, StepFailedException {
        if (settings.context().isEmpty()) {
            return Optional.empty();
        }
        Path folder = settings.context().get();
        if (settings.contextIsFetched()) {
            return Optional.of(SourceTree.rootFs(folder));
        }
        return Optional.of(open(folder, settings.ignoreFile(), settings.hidden()));
    }

    public static SourceTree open(NamedContext.Folder named) throws IOException, StepFailedException {
        return named.isLocal() ? open(named.folder(), Optional.empty(), List.of()) : SourceTree.rootFs(named.folder());
    }

    /** @param ignoreFile instead of the folder's own; @param hidden rules that stand after those of the file */
    public static SourceTree open(Path folder, Optional<Path> ignoreFile, List<String> hidden)
            throws IOException, StepFailedException {
        if (!Files.isDirectory(folder)) {
            throw new StepFailedException(
                    BuildException.Kind.NOT_IN_CONTEXT,
                    "the build context " + folder + " is not a directory",
                    Optional.empty());
        }
        Path file = ignoreFile.orElse(folder.resolve(IGNORE_FILE));
        String rules = new String(SmallFile.read(file, SmallFile.TEXT).orElse(new byte[0]), StandardCharsets.UTF_8);
        try {
            String all = hidden.isEmpty() ? rules : rules + "\n" + String.join("\n", hidden);
            return SourceTree.context(folder.toRealPath(), IgnorePatterns.parse(all));
        } catch (IllegalArgumentException e) {
            throw StepFailedException.invalid(file.getFileName() + ": " + e.getMessage());
        }
    }
}
