package org.layerbook.interpreter.session.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.Engine;
import org.layerbook.engine.builder.Builder;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Images;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.image.Lease;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.interpreter.command.DockerCommands;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandServices;
import org.layerbook.interpreter.inspection.ImageInspections;
import org.layerbook.interpreter.report.LayersReport;

/** What a session needs of the engine, once it is open. The session closes it. */
public final class SessionEngine implements AutoCloseable {
    private final Engine engine;
    private final DockerCommands commands;
    private final Lease lease;

    /** @param engine closed with this one, here where that cannot be opened */
    SessionEngine(Engine engine) throws IOException {
        this.engine = engine;
        this.commands = new DockerCommands(new CommandServices(
                engine.store(),
                engine.snapshots(),
                engine.builder(),
                engine.registries(),
                engine.containers(),
                Clock.systemDefaultZone()));
        try {
            this.lease = engine.store().leases().session("session");
            engine.store().watchForGarbage(engine.snapshots().collectable());
        } catch (IOException | RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    public Builder builder() {
        return engine.builder();
    }

    /**
     * Runs a docker command.
     *
     * @param words without {@code docker}
     * @return the exit status
     */
    public int docker(List<String> words, CommandContext context) throws CommandException {
        return commands.run(words, context);
    }

    /** The stored image that a name, an id or the beginning of one means. */
    public Optional<Image> image(String name) throws IOException {
        Images images = engine.store().images();
        return images.resolve(name) instanceof Images.Resolution.Found(var id, var reference)
                ? images.get(id)
                : Optional.empty();
    }

    public FileTree files(Image image) throws IOException {
        return engine.snapshots().files(image.chainId());
    }

    /** The layers of an image, what each changed and what is wasted in them. */
    public LayersReport layers(Image image) throws IOException {
        return ImageInspections.layers(image, engine.snapshots());
    }

    /**
     * Holds these images in the store, and lets go of those that it held before: what the session stands on is not
     * collected as garbage by another session.
     */
    public void hold(Collection<Image> images) throws IOException {
        var resources = new LinkedHashSet<GcRoot>();
        for (Image image : images) {
            resources.add(GcRoot.blob(image.id()));
            image.manifest().ifPresent(manifest -> resources.add(GcRoot.blob(manifest.digest())));
            image.chainId().ifPresent(chain -> resources.add(GcRoot.chain(chain)));
            for (Layer layer : image.layers()) {
                layer.blob().ifPresent(blob -> resources.add(GcRoot.blob(blob.digest())));
            }
        }
        if (lease.replace(resources)) {
            engine.store().resumeCollecting(engine.snapshots().collectable());
        }
    }

    /** A new folder on the store's disk, removed when the session closes, or later where it is killed. */
    public Path scratch() throws IOException {
        return engine.store().temp().directory();
    }

    @Override
    public void close() {
        try {
            lease.close();
            engine.store().resumeCollecting(engine.snapshots().collectable());
        } catch (IOException e) {
            // The lease ends with the process at the latest; closing a session must not fail for it.
        } finally {
            closeEngine();
        }
    }

    private void closeEngine() {
        try {
            engine.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
