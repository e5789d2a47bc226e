package org.layerbook.engine.store;

import java.util.Arrays;
import org.layerbook.engine.oci.Digest;

/** Immutable bytes and their digest, for the small documents (configs, manifests) that are handed around whole. */
public final class Bytes {
    private final byte[] content;
    private final Digest digest;

    private Bytes(byte[] content) {
        this.content = content;
        this.digest = Digest.sha256(content);
    }

    public static Bytes of(byte[] content) {
        return new Bytes(content.clone());
    }

    public byte[] toArray() {
        return content.clone();
    }

    public int length() {
        return content.length;
    }

    public Digest digest() {
        return digest;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    @Override
    public String toString() {
        return digest + " (" + content.length + " bytes)";
    }
}
