package org.layerbook.interpreter.session;

import java.io.IOException;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.interpreter.magic.FileProblems;
import org.layerbook.interpreter.magic.ImagePort;
import org.layerbook.interpreter.magic.MagicException;
import org.layerbook.interpreter.report.LayersReport;
import org.layerbook.interpreter.session.engine.SessionEngine;
import org.layerbook.interpreter.session.history.References;

/** Images as the magics of a running cell see them. */
record CellImagePort(RunningCell cell, SourceRange place) implements ImagePort {
    @Override
    public Image image(String name) throws MagicException {
        if (name.startsWith("@")) {
            References references = cell.references();
            return references
                    .resolve(name)
                    .orElseThrow(
                            () -> new MagicException("no image `" + name + "` in this session", references.existing()));
        }
        return ask(engine -> engine.image(name))
                .orElseThrow(() -> new MagicException(
                        "there is no image `" + name + "`", "`docker images` lists the" + " images"));
    }

    @Override
    public FileTree files(Image image) throws MagicException {
        return ask(engine -> engine.files(image));
    }

    @Override
    public LayersReport layers(Image image) throws MagicException {
        return ask(engine -> engine.layers(image));
    }

    @FunctionalInterface
    private interface Question<T> {
        T ask(SessionEngine engine) throws IOException;
    }

    private <T> T ask(Question<T> question) throws MagicException {
        try {
            return question.ask(cell.instructionContext().engine(place));
        } catch (IOException e) {
            throw new MagicException(FileProblems.sentence(e));
        } catch (CellFailureException e) {
            throw new MagicException(e);
        }
    }
}
