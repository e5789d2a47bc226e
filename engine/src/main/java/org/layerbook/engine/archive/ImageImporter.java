package org.layerbook.engine.archive;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.compress.Compression;
import org.layerbook.engine.compress.CopyingInput;
import org.layerbook.engine.compress.InterruptibleInput;
import org.layerbook.engine.compress.ParallelGzip;
import org.layerbook.engine.compress.Streams;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.layer.tar.ArchiveException;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Store;

/** Makes an image of one layer out of the tar of a root file system. */
final class ImageImporter {
    private final Store store;
    private final Snapshots snapshots;

    ImageImporter(Store store, Snapshots snapshots) {
        this.store = store;
        this.snapshots = snapshots;
    }

    /** @param in read to its end, not closed */
    Image run(InputStream in, ContainerConfig config, String comment, Platform platform, Instant now)
            throws IOException {
        Layer layer = layer(in);
        var history = new ImageConfig.History(
                Optional.of(now.toString()),
                Optional.empty(),
                Optional.empty(),
                Optional.of(comment).filter(text -> !text.isEmpty()),
                false);
        var image = new ImageConfig(
                platform,
                Optional.of(now.toString()),
                Optional.empty(),
                config,
                List.of(layer.diffId()),
                List.of(history));
        Bytes bytes = Bytes.of(image.toJson());
        return new Image(bytes, ImageConfig.parse(bytes.toArray()), List.of(layer), Optional.empty());
    }

    /** One pass: what comes in is kept as the blob, and unpacked. */
    private Layer layer(InputStream in) throws IOException {
        var raw = new BufferedInputStream(in, 1 << 16);
        Compression compression = Compression.detect(raw);
        Layer layer;
        Descriptor blob;
        try (ContentStore.Ingest ingest = store.content().ingest()) {
            if (compression.layerType().isPresent()) {
                var copied = new CopyingInput(raw, ingest.out());
                layer = unpack(compression.decompress(copied, snapshots.limits()));
                Streams.copy(copied, OutputStream.nullOutputStream());
            } else {
                try (var gzip = new ParallelGzip(ingest.out())) {
                    var copied = new CopyingInput(compression.decompress(raw, snapshots.limits()), gzip);
                    layer = unpack(copied);
                }
            }
            long size = ingest.size();
            if (size == 0) {
                throw new ArchiveException("nothing to import: the input is empty");
            }
            blob = new Descriptor(
                    compression.layerType().orElse(MediaTypes.OCI_LAYER_GZIP), ingest.commit(Optional.empty()), size);
        }
        return new Layer(layer.diffId(), layer.chainId(), layer.size(), Optional.of(blob));
    }

    private Layer unpack(InputStream tar) throws IOException {
        return snapshots.unpack(Optional.empty(), new InterruptibleInput(tar));
    }
}
