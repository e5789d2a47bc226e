package org.layerbook.engine.cache;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Manifest;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.Registries;
import org.layerbook.engine.registry.Registry;
import org.layerbook.engine.registry.transfer.TransferListener;

/** Reads and writes caches, wherever they lie. Failures are {@link IOException}s whose message is a sentence. */
public final class RemoteCaches {
    private final ContentStore content;
    private final Registries registries;

    public RemoteCaches(ContentStore content, Registries registries) {
        this.content = content;
        this.registries = registries;
    }

    /** @param platform whose cache is read where there are several (in the images of an index) */
    public OpenedCache open(CachePlace place, Platform platform, Cancellation cancellation) throws IOException {
        return switch (place) {
            case CachePlace.Folder folder -> new CacheFolder(folder).open(platform, content);
            case CachePlace.Repository(Reference reference) -> open(reference, platform, cancellation);
        };
    }

    private OpenedCache open(Reference reference, Platform platform, Cancellation cancellation) throws IOException {
        Registry registry = registries.get();
        Registry.Found found = registry.manifest(reference, cancellation);
        CacheManifest read = CacheManifest.read(
                found.document(),
                found.mediaType(),
                platform,
                wanted -> registry.manifest(reference.repository().withDigest(wanted.digest()), cancellation)
                        .document());
        CacheContents contents = read.contents().isPresent()
                ? read.contents().get()
                : CacheManifest.parse(
                        registry.document(reference, read.config().orElseThrow(), cancellation)
                                .toArray(),
                        read.manifest());
        return new OpenedCache() {
            @Override
            public CacheContents contents() {
                return contents;
            }

            @Override
            public void fetch(Descriptor blob, Cancellation stop) throws IOException {
                registry.fetch(reference, List.of(blob), TransferListener.NONE, stop);
            }
        };
    }

    /** @param contents whose blobs are in the store */
    public void write(CacheContents contents, CachePlace place, Cancellation cancellation) throws IOException {
        List<Descriptor> blobs = contents.blobs();
        Bytes config = Bytes.of(contents.toJson(blobs, true));
        if (config.length() > ContentStore.MAX_DOCUMENT) {
            throw new IOException("the cache has too many steps: its config has " + config.length()
                    + " bytes, the limit is " + ContentStore.MAX_DOCUMENT);
        }
        switch (place) {
            case CachePlace.Folder folder -> new CacheFolder(folder).write(config, blobs, content);
            case CachePlace.Repository(Reference reference) -> {
                content.put(config.toArray());
                Bytes manifest = CacheManifest.manifest(config, blobs);
                var described =
                        new Descriptor(MediaTypes.OCI_MANIFEST, content.put(manifest.toArray()), manifest.length());
                registries.get().pushDocument(described, List.of(), reference, TransferListener.NONE, cancellation);
            }
        }
    }

    /**
     * The image with its cache in its manifest.
     *
     * @param image packed
     */
    public Image inline(Image image, CacheContents contents) throws IOException {
        Descriptor packed = image.manifest().orElseThrow();
        Bytes manifest = CacheManifest.inline(
                Manifest.parse(content.read(packed.digest()).toArray()), contents);
        Digest digest = content.put(manifest.toArray());
        return new Image(
                image.configBytes(),
                image.config(),
                image.layers(),
                Optional.of(new Descriptor(packed.mediaType(), digest, manifest.length())));
    }
}
