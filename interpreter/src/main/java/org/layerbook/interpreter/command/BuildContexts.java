package org.layerbook.interpreter.command;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.layerbook.engine.layer.Trees;

/** Where a build's files are: a folder, an archive on standard input, or nowhere. Closing removes what was unpacked. */
final class BuildContexts implements AutoCloseable {
    private static final int PEEK = 512;

    private Optional<Path> unpacked = Optional.empty();

    /**
     * @param folder absent for a Dockerfile without a context
     * @param dockerfile the Dockerfile itself, when it came in the context's place
     * @param unpacked whether the folder is an archive's
     */
    record Place(Optional<Path> folder, Optional<String> dockerfile, boolean unpacked) {}

    Place open(String argument, Optional<String> file, CommandContext context) throws CommandException, IOException {
        if (argument.equals("-")) {
            return fromInput(file, context);
        }
        boolean remote = argument.matches("(https?|git|ssh)://.*|git@.*|github\\.com/.*");
        if (remote && !Files.exists(context.resolve(argument))) {
            throw BuildRequestReader.failed("a context from an address is not part of Layerbook yet: `!git clone "
                    + argument + "`, then build the folder");
        }
        Path folder = context.resolve(argument);
        if (!Files.isDirectory(folder)) {
            throw BuildRequestReader.failed(
                    Files.exists(folder)
                            ? "unable to prepare context: path \"" + argument
                                    + "\" is not a folder: give its Dockerfile with -f"
                            : "unable to prepare context: path \"" + argument + "\" not found");
        }
        return new Place(Optional.of(folder.toRealPath()), Optional.empty(), false);
    }

    private Place fromInput(Optional<String> file, CommandContext context) throws CommandException, IOException {
        if (file.filter("-"::equals).isPresent()) {
            throw BuildRequestReader.failed("invalid argument: can't use stdin for both build context and dockerfile");
        }
        var in = new BufferedInputStream(context.stdin(), 1 << 16);
        in.mark(PEEK);
        byte[] head = in.readNBytes(PEEK);
        in.reset();
        if (head.length == 0) {
            throw BuildRequestReader.failed(
                    "failed to solve: the Dockerfile cannot be empty: nothing came on standard input");
        }
        if (!ContextArchive.looksLikeOne(head)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Place(Optional.empty(), Optional.of(text), false);
        }
        Path folder = Files.createTempDirectory("layerbook-context");
        unpacked = Optional.of(folder);
        ContextArchive.unpack(in, folder);
        return new Place(Optional.of(folder), Optional.empty(), true);
    }

    @Override
    public void close() throws IOException {
        if (unpacked.isPresent()) {
            Trees.delete(unpacked.get());
        }
    }
}
