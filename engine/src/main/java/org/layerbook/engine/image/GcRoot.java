package org.layerbook.engine.image;

import java.util.Locale;
import org.layerbook.engine.oci.Digest;

/** Something in the store that can be kept from being collected. Its text form is {@code chain sha256:…}. */
public record GcRoot(Kind kind, Digest digest) {
    public enum Kind {
        /** A blob in {@link ContentStore}. */
        BLOB,
        /** A snapshot and those below it, by chain ID. */
        CHAIN
    }

    public static GcRoot blob(Digest digest) {
        return new GcRoot(Kind.BLOB, digest);
    }

    public static GcRoot chain(Digest chainId) {
        return new GcRoot(Kind.CHAIN, chainId);
    }

    /** @throws IllegalArgumentException when it is not {@link #toString}'s form */
    public static GcRoot parse(String text) {
        int blank = text.indexOf(' ');
        if (blank < 0) {
            throw new IllegalArgumentException("not a resource: " + text);
        }
        return new GcRoot(
                Kind.valueOf(text.substring(0, blank).toUpperCase(Locale.ROOT)),
                Digest.parse(text.substring(blank + 1)));
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + digest;
    }
}
