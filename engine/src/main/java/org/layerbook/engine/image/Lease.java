package org.layerbook.engine.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Keeps things in the store from being collected. Safe between threads.
 *
 * <p>What the lease of an operation keeps when it is closed, the operation around it in the same process keeps from then
 * on, or where there is none the session: so nothing can go between a build's end and the moment its image is listed.
 */
public interface Lease extends AutoCloseable {
    /** For who only looks. */
    Lease NONE = new Lease() {
        @Override
        public void keep(Collection<GcRoot> resources) {}

        @Override
        public boolean replace(Collection<GcRoot> resources) {
            return false;
        }

        @Override
        public void close() {}
    };

    /**
     * Keeps these too. What is in the store when this returns stays there until the lease ends; so the right order is to
     * keep something first, and then to look whether it is there.
     */
    void keep(Collection<GcRoot> resources) throws IOException;

    default void keep(GcRoot resource) throws IOException {
        keep(List.of(resource));
    }

    /** Keeps what an image consists of, listed in the store or not. */
    default void keep(Image image) throws IOException {
        var resources = new ArrayList<GcRoot>();
        resources.add(GcRoot.blob(image.id()));
        image.manifest().ifPresent(manifest -> resources.add(GcRoot.blob(manifest.digest())));
        image.chainId().ifPresent(chain -> resources.add(GcRoot.chain(chain)));
        for (Layer layer : image.layers()) {
            layer.blob().ifPresent(blob -> resources.add(GcRoot.blob(blob.digest())));
        }
        keep(resources);
    }

    /** Keeps these and nothing else any more. @return false when it did exactly that already */
    boolean replace(Collection<GcRoot> resources) throws IOException;

    @Override
    void close() throws IOException;
}
