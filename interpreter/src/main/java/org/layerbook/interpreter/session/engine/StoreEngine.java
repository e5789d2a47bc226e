package org.layerbook.interpreter.session.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
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

/** The engine of a session over an open store, snapshots and builder. */
public final class StoreEngine implements SessionEngine {
    private final CommandServices services;
    private final DockerCommands commands;
    private final Lease lease;
    private final Runnable onClose;

    /** @param onClose closes what the services stand on */
    public StoreEngine(CommandServices services, Runnable onClose) throws IOException {
        this.services = services;
        this.commands = new DockerCommands(services);
        this.lease = services.store().leases().session("session");
        this.onClose = onClose;
        services.store().watchForGarbage(services.snapshots().collectable());
    }

    @Override
    public Builder builder() {
        return services.builder();
    }

    @Override
    public int docker(List<String> words, CommandContext context) throws CommandException {
        return commands.run(words, context);
    }

    @Override
    public Optional<Image> image(String name) throws IOException {
        Images images = services.store().images();
        return images.resolve(name) instanceof Images.Resolution.Found(var id, var reference)
                ? images.get(id)
                : Optional.empty();
    }

    @Override
    public FileTree files(Image image) throws IOException {
        return services.snapshots().files(image.chainId());
    }

    @Override
    public LayersReport layers(Image image) throws IOException {
        return ImageInspections.layers(image, services.snapshots());
    }

    @Override
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
            services.store().resumeCollecting(services.snapshots().collectable());
        }
    }

    @Override
    public Path scratch() throws IOException {
        return services.store().temp().directory();
    }

    @Override
    public void close() {
        try {
            lease.close();
            services.store().resumeCollecting(services.snapshots().collectable());
        } catch (IOException e) {
            // The lease ends with the process at the latest; closing a session must not fail for it.
        } finally {
            onClose.run();
        }
    }
}
