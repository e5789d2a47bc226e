package org.layerbook.engine.image;

import java.util.Locale;
import org.layerbook.engine.oci.Digest;

/** Something in the store that can be kept from being collected. Its text form is {@code chain sha256:…}. */
public record Resource(Kind kind, Digest digest) {
    public enum Kind {
        /** A blob in {@link ContentStore}. */
        BLOB,
        /** A snapshot and those below it, by chain ID. */
        CHAIN
    }

    public static Resource blob(Digest digest) {
        return new Resource(Kind.BLOB, digest);
    }

    public static Resource chain(Digest chainId) {
        return new Resource(Kind.CHAIN, chainId);
    }

    /** @throws IllegalArgumentException when it is not {@link #toString}'s form */
    public static Resource parse(String text) {
        int blank = text.indexOf(' ');
        if (blank < 0) {
            throw new IllegalArgumentException("not a resource: " + text);
        }
        return new Resource(
                Kind.valueOf(text.substring(0, blank).toUpperCase(Locale.ROOT)),
                Digest.parse(text.substring(blank + 1)));
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + digest;
    }
}
