package org.layerbook.engine.image;

import java.util.Arrays;
import java.util.function.Supplier;
import org.layerbook.engine.oci.Digest;

/**
 * Immutable bytes and their digest, for the small documents (configs, manifests) that are handed around whole. Thread-safe.
 */
public final class Bytes {
    private final Supplier<byte[]> source;
    private byte[] content;
    private Digest digest;

    private Bytes(Supplier<byte[]> source) {
        this.source = source;
    }

    public static Bytes of(byte[] content) {
        byte[] copy = content.clone();
        return new Bytes(() -> copy);
    }

    /**
     * Bytes that are made when they are first asked for: a build has a config after every step, and nobody wants to see
     * most of them.
     *
     * @param source asked once; gives an array that nobody changes
     */
    public static Bytes lazily(Supplier<byte[]> source) {
        return new Bytes(source);
    }

    private synchronized byte[] content() {
        if (content == null) {
            content = source.get();
        }
        return content;
    }

    public byte[] toArray() {
        return content().clone();
    }

    public int length() {
        return content().length;
    }

    public synchronized Digest digest() {
        if (digest == null) {
            digest = Digest.sha256(content());
        }
        return digest;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(content(), that.content());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content());
    }

    @Override
    public String toString() {
        return digest() + " (" + length() + " bytes)";
    }
}
