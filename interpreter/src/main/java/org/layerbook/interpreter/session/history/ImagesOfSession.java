package org.layerbook.interpreter.session.history;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.parse.DockerfileParser;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.oci.Digest;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.SessionImages;

/** The session as docker commands see it. A view of one moment. */
public final class ImagesOfSession implements SessionImages {
    private final References references;

    public ImagesOfSession(References references) {
        this.references = references;
    }

    @Override
    public Optional<Image> resolve(String reference) {
        return references.resolve(reference);
    }

    @Override
    public List<String> references() {
        return references.all();
    }

    @Override
    public Dockerfile asDockerfile() throws CommandException {
        try {
            return DockerfileParser.parse(DockerfileExport.of(references.history(), references.state()));
        } catch (DockerfileExport.NotExpressibleException | DockerfileException e) {
            throw new CommandException("the session cannot be expressed as a Dockerfile: " + e.getMessage(), 1);
        }
    }

    @Override
    public List<Image> inUse() {
        return held(references.history(), references.state());
    }

    @Override
    public void keepFailed(BuildException failure) {
        references.failed().keep(failure);
    }

    /** Every image that a cell can still go back to or name, and the bases that they stand on. */
    public static List<Image> held(SessionHistory history, SessionState state) {
        var images = new LinkedHashMap<Digest, Image>();
        history.produced().values().forEach(image -> images.put(image.id(), image));
        Stream.concat(history.checkpoints().stream().map(Checkpoint::after), Stream.of(state))
                .flatMap(s -> s.builds().stream())
                .flatMap(b -> b.state().stages().stream())
                .flatMap(ImagesOfSession::imageAndBase)
                .forEach(image -> images.put(image.id(), image));
        return List.copyOf(images.values());
    }

    private static Stream<Image> imageAndBase(Stage stage) {
        return Stream.concat(
                Stream.of(stage.image()), stage.steps().stream().limit(1).map(StepRecord::image));
    }
}
