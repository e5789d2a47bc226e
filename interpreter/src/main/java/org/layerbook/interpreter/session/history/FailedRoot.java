package org.layerbook.interpreter.session.history;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.snapshot.Snapshots;

/**
 * What the step that failed last left of its file system: {@code @failed}. It becomes an image when somebody asks for it.
 * Thread-safe; holds the root until another step fails or it is closed.
 */
public final class FailedRoot implements AutoCloseable {
    private Optional<Root> root = Optional.empty();
    private Optional<Image> image = Optional.empty();

    private record Root(Snapshots.Active active, Image before, String createdBy) {}

    /** Takes over the failure's root, if it has one. Where there is no room for it, there is none for an earlier one either. */
    public synchronized void keep(BuildException failure) {
        if (failure.failedRoot().isEmpty()) {
            if (failure.isShortOfRoom()) {
                drop(); // what an earlier step left takes room that the next attempt needs
            }
            return;
        }
        drop();
        Snapshots.Active active = failure.failedRoot().get();
        Optional<BuildException.FailedStep> step = failure.failedStep();
        if (step.isEmpty()) {
            closing(active);
            return;
        }
        String createdBy = step.get().instruction().origin().original().strip();
        root = Optional.of(new Root(active, step.get().before(), createdBy));
    }

    /** The image; empty when no step has failed, or its root could not be kept. */
    synchronized Optional<Image> image() {
        if (image.isEmpty() && root.isPresent()) {
            try {
                image = Optional.of(committed(root.get()));
            } catch (IOException e) {
                image = Optional.empty();
            }
            closing(root.get().active());
            root = Optional.empty();
        }
        return image;
    }

    synchronized boolean isPresent() {
        return root.isPresent() || image.isPresent();
    }

    /** What has to be held in the store: the image if it has been made, else the one below it. */
    public synchronized List<Image> held() {
        return image.or(() -> root.map(Root::before)).stream().toList();
    }

    private static Image committed(Root root) throws IOException {
        Layer layer = root.active().commit(Snapshots.CommitOptions.DEFAULT).layer();
        var layers = new ArrayList<>(root.before().layers());
        layers.add(layer);
        ImageConfig old = root.before().config();
        List<Digest> diffIds = layers.stream().map(Layer::diffId).toList();
        var history = new ArrayList<>(old.history());
        history.add(new ImageConfig.History(
                Optional.empty(), Optional.of(root.createdBy()), Optional.empty(), Optional.of("failed"), false));
        var config = new ImageConfig(old.platform(), old.created(), old.author(), old.config(), diffIds, history);
        return new Image(Bytes.of(config.toJson()), config, layers, Optional.empty());
    }

    private void drop() {
        root.map(Root::active).ifPresent(FailedRoot::closing);
        root = Optional.empty();
        image = Optional.empty();
    }

    private static void closing(Snapshots.Active active) {
        try {
            active.close();
        } catch (IOException e) {
            // What it leaves behind is the collector's; a failure that is already being told must not be hidden by it.
        }
    }

    @Override
    public synchronized void close() {
        drop();
    }
}
