package org.layerbook.engine.compress;

import java.io.OutputStream;
import java.security.MessageDigest;
import org.layerbook.engine.oci.Digest;

/** Keeps nothing but the SHA-256 of what is written. */
public final class HashingOutput extends OutputStream {
    private final MessageDigest sha256 = Digest.newSha256();

    @Override
    public void write(int b) {
        sha256.update((byte) b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        sha256.update(bytes, offset, length);
    }

    /** To be asked once, at the end. */
    public Digest digest() {
        return Digest.of(sha256.digest());
    }
}
