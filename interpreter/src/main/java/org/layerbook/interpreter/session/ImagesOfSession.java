package org.layerbook.interpreter.session;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.layerbook.engine.build.Stage;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.store.Image;
import org.layerbook.interpreter.command.CommandException;
import org.layerbook.interpreter.command.SessionImages;

/** The session as docker commands see it. A view of one moment. */
final class ImagesOfSession implements SessionImages {
    private final SessionHistory history;
    private final SessionState state;
    private final DockerfileReader reader;

    ImagesOfSession(SessionHistory history, SessionState state, DockerfileReader reader) {
        this.history = history;
        this.state = state;
        this.reader = reader;
    }

    @Override
    public Optional<Image> resolve(String reference) {
        return References.resolve(reference, history, state);
    }

    @Override
    public List<String> references() {
        return References.all(history, state);
    }

    @Override
    public Dockerfile asDockerfile() throws CommandException {
        try {
            return reader.read(DockerfileExport.of(history, state));
        } catch (DockerfileExport.Unsayable e) {
            throw new CommandException("the session cannot be said as a Dockerfile: " + e.getMessage(), 1);
        } catch (org.layerbook.engine.dockerfile.DockerfileException e) {
            throw new CommandException("the session cannot be said as a Dockerfile: " + e.getMessage(), 1);
        }
    }

    @Override
    public List<Image> inUse() {
        return held(history, state);
    }

    /** Every image that a cell can still go back to or name. */
    static List<Image> held(SessionHistory history, SessionState state) {
        var images = new LinkedHashSet<Image>(history.produced().values());
        Stream.concat(history.checkpoints().stream().map(Checkpoint::after), Stream.of(state))
                .flatMap(s -> s.builds().stream())
                .flatMap(b -> b.state().stages().stream())
                .map(Stage::image)
                .forEach(images::add);
        return List.copyOf(images);
    }
}
