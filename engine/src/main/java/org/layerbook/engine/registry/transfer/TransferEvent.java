package org.layerbook.engine.registry.transfer;

import org.layerbook.engine.oci.Digest;

/** What a pull or a push does, while it does it. A layer is named by its blob in a pull, by its diff ID in a push. */
public sealed interface TransferEvent {
    Digest layer();

    /** A layer came to another state. */
    record Changed(Digest layer, State state) implements TransferEvent {}

    /** A layer that was found in another repository of the same registry. */
    record Mounted(Digest layer, String from) implements TransferEvent {}

    /** @param done bytes; @param total bytes */
    record Progress(Digest layer, State state, long done, long total) implements TransferEvent {}

    /** In the order in which a layer comes through them. */
    enum State {
        /** Known of. */
        PENDING,
        /** For others, as there are more than go at a time. */
        WAITING,
        /** In the store already, or in the registry already. */
        EXISTS,
        DOWNLOADING,
        /** Its blob is here and has the right digest. */
        DOWNLOADED,
        UNPACKING,
        PULLED,
        COMPRESSING,
        UPLOADING,
        PUSHED,
        /** Not sent, as its type says that it may not be given out. */
        SKIPPED
    }
}
