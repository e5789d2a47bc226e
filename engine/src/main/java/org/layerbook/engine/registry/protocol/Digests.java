package org.layerbook.engine.registry.protocol;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.oci.Digest;

/** Digests by any algorithm of the OCI image specification. */
public final class Digests {
    private Digests() {}

    static Digest of(Bytes bytes, String algorithm) {
        return algorithm.equals("sha256")
                ? bytes.digest()
                : new Digest(algorithm, HexFormat.of().formatHex(hash(algorithm).digest(bytes.toArray())));
    }

    private static MessageDigest hash(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm.equals("sha384") ? "SHA-384" : "SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has the SHA-2 family", e);
        }
    }
}
