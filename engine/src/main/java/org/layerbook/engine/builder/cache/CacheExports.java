package org.layerbook.engine.builder.cache;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.archive.ImagePacker;
import org.layerbook.engine.builder.plan.CacheOptions;
import org.layerbook.engine.builder.step.BuildEvent;
import org.layerbook.engine.builder.step.BuildListener;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.cache.CacheContents;
import org.layerbook.engine.cache.CachedStep;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Lease;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.snapshot.Snapshots;

/** Writes what builds gave to the caches they were told to. */
public final class CacheExports {
    private final BuildServices services;
    private final ImagePacker packer;
    private final Snapshots stored;
    private final Lease lease;

    public CacheExports(BuildServices services, Lease lease) {
        this.services = services;
        this.packer = services.packer();
        this.stored = services.snapshots();
        this.lease = lease;
    }

    /** @param builds of the same Dockerfile for several platforms, as one cache */
    public void write(List<BuiltCache> builds, CacheOptions.Export.To export, BuildListener listener, Cancellation stop)
            throws IOException {
        String title = "exporting cache to " + export.place().title();
        try {
            CacheContents contents = contents(builds, export.all());
            services.caches().write(contents, export.place(), stop);
            listener.on(new BuildEvent.Aside(
                    title,
                    List.of(contents.steps().size() + " steps, "
                            + contents.blobs().size() + " layers")));
        } catch (IOException e) {
            if (!export.mayFail()) {
                throw new IOException(title + ": " + ImportedCaches.sentence(e), e);
            }
            listener.on(new BuildEvent.Warning(title + " failed: " + ImportedCaches.sentence(e), Optional.empty()));
        }
    }

    private CacheContents contents(List<BuiltCache> builds, boolean all) throws IOException {
        var steps = new LinkedHashSet<CachedStep>();
        Map<Digest, Digest> answers = new LinkedHashMap<>();
        for (BuiltCache build : builds) {
            for (BuiltCache.Step step : build.steps()) {
                steps.add(step(step, all || step.inImage()));
            }
            answers.putAll(build.answers());
        }
        return new CacheContents(List.copyOf(steps), answers);
    }

    private CachedStep step(BuiltCache.Step step, boolean withLayer) throws IOException {
        // A layer that was only offered by another cache, and never needed here, is not fetched to be given on.
        Optional<Descriptor> blob = withLayer && stored.contains(step.layer().chainId())
                ? Optional.of(packer.blob(step.layer(), lease))
                : Optional.empty();
        return new CachedStep(
                step.key().digest(),
                step.key().partDigests(),
                step.layer().diffId(),
                step.layer().size(),
                step.created(),
                blob);
    }

    /** The image, with what its build gave in its manifest. */
    public Image inline(Image image, BuiltCache build) throws IOException {
        return services.caches().inline(packer.pack(image, lease), contents(List.of(build), false));
    }
}
