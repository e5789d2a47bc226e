package org.layerbook.engine.registry;

import java.io.IOException;
import java.util.List;
import org.layerbook.engine.http.RetryPolicy;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.registry.protocol.RemoteRepository;
import org.layerbook.engine.registry.transfer.BlobJobs;
import org.layerbook.engine.registry.transfer.TransferEvent;
import org.layerbook.engine.registry.transfer.TransferEvent.State;
import org.layerbook.engine.registry.transfer.TransferListener;

/** Blobs of a repository into the content store, several at a time, without looking into them. */
final class BlobFetch {
    private static final int DOWNLOADS = 4;

    private final RemoteRepository repository;
    private final ContentStore content;
    private final RetryPolicy policy;
    private final TransferListener listener;

    BlobFetch(RemoteRepository repository, ContentStore content, RetryPolicy policy, TransferListener listener) {
        this.repository = repository;
        this.content = content;
        this.policy = policy;
        this.listener = listener;
    }

    void run(List<Descriptor> blobs) throws IOException {
        try (var jobs = new BlobJobs(DOWNLOADS, "fetch-", this::fetch)) {
            blobs.forEach(jobs::add);
            jobs.await();
        }
    }

    private void fetch(Descriptor blob) throws IOException {
        Digest digest = blob.digest();
        if (content.claim(digest, blob.size())) {
            listener.on(new TransferEvent.Changed(digest, State.EXISTS));
            return;
        }
        try (var download = new BlobDownload(
                repository,
                blob,
                content,
                policy,
                come -> listener.on(new TransferEvent.Progress(digest, State.DOWNLOADING, come, blob.size())))) {
            download.run();
        }
        listener.on(new TransferEvent.Changed(digest, State.DOWNLOADED));
    }
}
