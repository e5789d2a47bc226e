package org.layerbook.engine.snapshot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import org.layerbook.engine.image.CollectableSnapshots;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.layer.LiveTree;
import org.layerbook.engine.layer.Ownership;
import org.layerbook.engine.layer.UnpackLimits;
import org.layerbook.engine.oci.Digest;

/**
 * Root file systems by chain ID. Committed ones never change. Adapters: overlayfs, and copying where overlay is refused.
 *
 * <p>A snapshot becomes visible whole or not at all; committing one that is there already keeps the one that is there.
 * Safe between threads and processes of one user.
 */
public interface Snapshots {
    boolean contains(Digest chainId);

    /** The layer of a snapshot, as committing or unpacking gave it; absent when it is not there. */
    Optional<Layer> layer(Digest chainId) throws IOException;

    /** A writable root on top of {@code parent} (empty root when absent). The caller closes it (a failed step's may be kept open as {@code @failed}); not committed, nothing stays. */
    Active prepare(Optional<Digest> parent) throws IOException;

    /**
     * A writable root whose changes stay in {@code folder} until that is deleted: for containers, which stop and start again.
     *
     * @param folder made by the caller; empty at first
     */
    Durable durable(Optional<Digest> parent, Path folder) throws IOException;

    /** A read-only root. The caller closes it. */
    View view(Optional<Digest> chain) throws IOException;

    /**
     * Unpacks an uncompressed layer tar on top of {@code parent}, reading {@code tar} to its end. {@link IOException}
     * when the tar is malformed, tries to leave the root, or has another digest than {@code diffId}; nothing stays then.
     */
    Layer unpack(Optional<Digest> parent, Digest diffId, InputStream tar) throws IOException;

    /** As above, for a tar whose digest nobody has told: the layer says it. */
    Layer unpack(Optional<Digest> parent, InputStream tar) throws IOException;

    /**
     * All that the layers between {@code parent} and {@code top} did, as one layer on {@code parent}.
     *
     * @param parent a chain that {@code top} stands on; absent to merge all layers
     */
    Layer merge(Optional<Digest> parent, Digest top) throws IOException;

    /** What the layer {@code chainId} changed against the one below. */
    LayerChanges changes(Digest chainId) throws IOException;

    /** The files of a root, without making it; as long as the snapshot is there. */
    FileTree files(Optional<Digest> chain) throws IOException;

    /** What the layer {@code chainId} itself holds, also what was the same below; its deletions are in {@link #changes}. */
    FileTree layerFiles(Digest chainId) throws IOException;

    /** Writes the layer's uncompressed tar, the very bytes its diff ID names; fails for layers that were not built by us. */
    void writeTar(Digest chainId, OutputStream out) throws IOException;

    /** How owners and permissions of files in the roots are set and read. */
    Ownership ownership();

    /** What an archive may come to that is unpacked here, or on its way here. */
    UnpackLimits limits();

    /** For the store's collector and its verification. */
    CollectableSnapshots collectable();

    /** docker's name for this way of keeping files: {@code overlayfs}, or {@code vfs} where each root is a copy. */
    String driver();

    /** {@code "overlayfs"}, or what it is and what is weaker about it. */
    String description();

    interface View extends AutoCloseable {
        Path root();

        @Override
        void close() throws IOException;
    }

    interface Active extends View {
        /** Where the changes collect; {@code commit} gives them a layer. */
        Committed commit(CommitOptions options) throws IOException;
    }

    /** Not two may be mounted of one folder at a time. */
    interface Durable {
        /** Where the root is once it is mounted. */
        Path root();

        /** The tree of what was changed, in the form of an overlay's upper directory; empty where there is none such. */
        Optional<Path> changes();

        /** Makes the root appear in the mount namespace of the calling thread, in place of one that is mounted there. */
        void mount() throws IOException;

        /** Ends what {@link #mount} began, where it is mounted. */
        void unmount() throws IOException;

        /** What has been changed until now, as docker lists it; processes may go on changing it. */
        LayerChanges differences(LiveTree.LeftOut leftOut) throws IOException;

        /** A layer of what has been changed until now; processes may go on changing it. */
        Committed commit(LiveTree.LeftOut leftOut) throws IOException;
    }

    /**
     * @param clampTime where given (SOURCE_DATE_EPOCH), later modification times in the layer become this, in seconds
     */
    record CommitOptions(Optional<Long> clampTime) {
        public static final CommitOptions DEFAULT = new CommitOptions(Optional.empty());
    }

    record Committed(Layer layer, LayerChanges changes) {}
}
