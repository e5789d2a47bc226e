package org.layerbook.engine.oci;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A content address, {@code sha256:<64 hex digits>} (or sha384, sha512), as in the OCI image specification,
 * "Digests". The constructor refuses anything that is not well formed, so a {@code Digest} is safe as a file name.
 */
public record Digest(String algorithm, String hex) implements Comparable<Digest> {
    public Digest {
        int length = switch (algorithm) {
            case "sha256" -> 64;
            case "sha384" -> 96;
            case "sha512" -> 128;
            default -> throw new IllegalArgumentException("unsupported digest algorithm: " + algorithm);
        };
        if (hex.length() != length || !isHex(hex)) {
            throw new IllegalArgumentException("invalid digest: " + algorithm + ":" + hex);
        }
    }

    private static boolean isHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }

    /** Reads {@code algorithm:hex}; {@link IllegalArgumentException} when it is malformed. */
    public static Digest parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("invalid digest: " + text);
        }
        return new Digest(text.substring(0, colon), text.substring(colon + 1));
    }

    public static Digest sha256(byte[] content) {
        return of(newSha256().digest(content));
    }

    /** The digest whose SHA-256 value is {@code sum}, 32 bytes. */
    public static Digest of(byte[] sum) {
        return new Digest("sha256", HexFormat.of().formatHex(sum));
    }

    public static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The first 12 hex digits, as docker abbreviates ids. */
    public String shortHex() {
        return hex.substring(0, 12);
    }

    @Override
    public int compareTo(Digest other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return algorithm + ":" + hex;
    }
}
