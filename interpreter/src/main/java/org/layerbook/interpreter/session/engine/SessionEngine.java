package org.layerbook.interpreter.session.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.Builder;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.report.LayersReport;

/** What a session needs of the engine, once it is open. The session closes it. */
public interface SessionEngine extends AutoCloseable {
    Builder builder();

    /**
     * Runs a docker command.
     *
     * @param words without {@code docker}
     * @return the exit status
     */
    int docker(List<String> words, CommandContext context) throws CommandException;

    /** The stored image that a name, an id or the beginning of one means. */
    Optional<Image> image(String name) throws IOException;

    FileTree files(Image image) throws IOException;

    /** The layers of an image, what each changed and what is wasted in them. */
    LayersReport layers(Image image) throws IOException;

    /**
     * Holds these images in the store, and lets go of those that it held before: what the session stands on is not
     * collected as garbage by another session.
     */
    void hold(Collection<Image> images) throws IOException;

    /** A new folder on the store's disk, removed when the session closes, or later where it is killed. */
    Path scratch() throws IOException;

    @Override
    void close();
}
