package org.layerbook.engine.builder.step;

import java.nio.file.Path;
import org.layerbook.engine.archive.ImagePacker;
import org.layerbook.engine.builder.BuilderFolders;
import org.layerbook.engine.cache.RemoteCaches;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.image.CacheRecords;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.image.Leases;
import org.layerbook.engine.image.StoreLocks;
import org.layerbook.engine.layer.Ownership;
import org.layerbook.engine.registry.Registries;
import org.layerbook.engine.sandbox.Sandbox;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Store;
import org.layerbook.engine.store.file.LayerBlobs;
import org.layerbook.engine.store.file.TempFiles;

/**
 * What a builder works with.
 *
 * @param host runs git, as the user
 * @param folder the builder's own in the store: {@code stat/} (what context files contained) and {@code mounts/} (the
 *     caches of {@code RUN --mount=type=cache}); {@link BuilderFolders} lists and removes it
 */
public record BuildServices(
        Snapshots snapshots,
        Sandbox sandbox,
        HostCommands host,
        ImageSource images,
        ContentStore content,
        CacheRecords cache,
        StoreLocks locks,
        Leases leases,
        TempFiles temp,
        Path folder,
        LayerBlobs layerBlobs,
        ImagePacker packer,
        RemoteCaches caches,
        RunDefaults runDefaults,
        WeakerRuns weakerRuns) {

    /** Without registries for caches. */
    public static BuildServices of(
            Store store, Snapshots snapshots, Sandbox sandbox, HostCommands host, ImageSource images) {
        return of(store, snapshots, sandbox, host, images, new RemoteCaches(store.content(), Registries.none()));
    }

    public static BuildServices of(
            Store store,
            Snapshots snapshots,
            Sandbox sandbox,
            HostCommands host,
            ImageSource images,
            RemoteCaches caches) {
        return new BuildServices(
                snapshots,
                sandbox,
                host,
                images,
                store.content(),
                store.cache(),
                store.locks(),
                store.leases(),
                store.temp(),
                folder(store),
                store.layerBlobs(),
                new ImagePacker(store, snapshots),
                caches,
                RunDefaults.NONE,
                new WeakerRuns(sandbox));
    }

    public Ownership ownership() {
        return snapshots.ownership();
    }

    /** @param changed what every RUN finds around it */
    public BuildServices withRunDefaults(RunDefaults changed) {
        return with(snapshots, images, changed);
    }

    public BuildServices withImages(ImageSource changed) {
        return with(snapshots, changed, runDefaults);
    }

    public BuildServices withSnapshots(Snapshots changed) {
        return with(changed, images, runDefaults);
    }

    private BuildServices with(Snapshots itsSnapshots, ImageSource itsImages, RunDefaults itsDefaults) {
        return new BuildServices(
                itsSnapshots,
                sandbox,
                host,
                itsImages,
                content,
                cache,
                locks,
                leases,
                temp,
                folder,
                layerBlobs,
                packer,
                caches,
                itsDefaults,
                weakerRuns);
    }

    /** The builder's own in the store. */
    public static Path folder(Store store) {
        return store.home().resolve("build");
    }
}
