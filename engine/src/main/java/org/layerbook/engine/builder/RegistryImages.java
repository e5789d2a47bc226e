package org.layerbook.engine.builder;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.builder.step.ImageSource;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.concurrent.Throttle;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.Registries;
import org.layerbook.engine.registry.transfer.TransferEvent;
import org.layerbook.engine.registry.transfer.TransferListener;

/** The images of the store, and of registries what the store does not have: the implicit pull of FROM. */
public final class RegistryImages implements ImageSource {
    private final ImageSource stored;
    private final Registries registries;

    public RegistryImages(ImageSource stored, Registries registries) {
        this.stored = stored;
        this.registries = registries;
    }

    @Override
    public Optional<Image> find(String name, Platform platform, Progress progress, Cancellation cancellation)
            throws IOException {
        Optional<Image> found = stored.find(name, platform, progress, cancellation);
        return found.isPresent() ? found : pull(name, platform, progress, cancellation);
    }

    @Override
    public Optional<Image> refresh(String name, Platform platform, Progress progress, Cancellation cancellation)
            throws IOException {
        return pull(name, platform, progress, cancellation);
    }

    @Override
    public Optional<Image> atHand(String name, Platform platform) {
        return stored.atHand(name, platform);
    }

    private Optional<Image> pull(String name, Platform platform, Progress progress, Cancellation cancellation)
            throws IOException {
        Reference reference;
        try {
            reference = Reference.parse(name).tagged();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        var listener = new Totals("pulling " + reference.familiar(), progress);
        Image image = registries
                .get()
                .pull(reference, Optional.of(platform), listener, cancellation)
                .image();
        listener.end();
        return Optional.of(image);
    }

    @Override
    public List<String> knownNames() {
        return stored.knownNames();
    }

    /** All layers as one number, told ten times a second. */
    private static final class Totals implements TransferListener {
        private final String what;
        private final Progress progress;
        private final Map<Digest, long[]> layers = new HashMap<>();
        private final Throttle throttle = Throttle.delayed(System::nanoTime);

        Totals(String what, Progress progress) {
            this.what = what;
            this.progress = progress;
        }

        @Override
        public synchronized void on(TransferEvent event) {
            if (event instanceof TransferEvent.Progress(Digest layer, TransferEvent.State _, long done, long total)) {
                layers.put(layer, new long[] {done, total});
                if (throttle.passes()) {
                    // Never complete before the end: what is still unpacked counts too.
                    progress.on(what, Math.min(sum(0), sum(1) - 1), sum(1));
                }
            }
        }

        private long sum(int which) {
            return layers.values().stream().mapToLong(pair -> pair[which]).sum();
        }

        synchronized void end() {
            progress.on(what, sum(1), sum(1));
        }
    }
}
