package org.layerbook.engine.dockerfile;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a FROM names an image: {@code [host[:port]/]path[:tag][@digest]}, with {@code docker.io/library/} before a bare
 * name, as the distribution project's reference grammar has it.
 */
public final class ImageName {
    private static final String HOST =
            "(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*"
                    + "|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?";
    private static final String ELEMENT = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
    private static final Pattern REFERENCE = Pattern.compile("(?:" + HOST + "/)?(" + ELEMENT + "(?:/" + ELEMENT + ")*)"
            + "(?::\\w[\\w.-]{0,127})?"
            + "(?:@([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*):([0-9a-fA-F]{32,}))?");
    private static final Pattern IDENTIFIER = Pattern.compile("[a-f0-9]{64}");
    private static final Map<String, Integer> DIGEST_LENGTHS = Map.of("sha256", 64, "sha384", 96, "sha512", 128);
    private static final int LONGEST_PATH = 255;

    private ImageName() {}

    /** What is wrong with it, in the reference library's words; nothing for a name that is well formed. */
    public static Optional<String> fault(String name) {
        if (IDENTIFIER.matcher(name).matches()) {
            return Optional.of("invalid repository name (" + name + "), cannot specify 64-byte hexadecimal strings");
        }
        String normal = normalized(name);
        String path = normal.substring(normal.indexOf('/') + 1);
        int colon = path.indexOf(':');
        String repository = colon < 0 ? path : path.substring(0, colon);
        if (!repository.equals(repository.toLowerCase(Locale.ROOT))) {
            return Optional.of("invalid reference format: repository name (" + repository + ") must be lowercase");
        }
        Matcher match = REFERENCE.matcher(normal);
        if (!match.matches()) {
            return Optional.of("invalid reference format");
        }
        if (match.group(1).length() > LONGEST_PATH) {
            return Optional.of("repository name must not be more than " + LONGEST_PATH + " characters");
        }
        return match.group(2) == null ? Optional.empty() : digestFault(match.group(2), match.group(3));
    }

    private static Optional<String> digestFault(String algorithm, String hex) {
        Integer length = DIGEST_LENGTHS.get(algorithm);
        if (length == null) {
            return Optional.of("unsupported digest algorithm");
        }
        if (hex.length() != length) {
            return Optional.of("invalid checksum digest length");
        }
        return hex.equals(hex.toLowerCase(Locale.ROOT))
                ? Optional.empty()
                : Optional.of("invalid checksum digest format");
    }

    /** Whether {@code text} is a digest, such as {@code --checksum} takes; nothing for one that is well formed. */
    public static Optional<String> faultOfDigest(String text) {
        int colon = text.indexOf(':');
        if (colon <= 0 || !text.substring(colon + 1).matches("[0-9a-zA-Z=_-]+")) {
            return Optional.of("invalid checksum digest format");
        }
        return digestFault(text.substring(0, colon), text.substring(colon + 1));
    }

    /** With a host first: what stands before the first slash is one when it could not be part of a path. */
    private static String normalized(String name) {
        int slash = name.indexOf('/');
        String first = slash < 0 ? "" : name.substring(0, slash);
        boolean host = first.contains(".")
                || first.contains(":")
                || first.equals("localhost")
                || !first.equals(first.toLowerCase(Locale.ROOT));
        if (host && !first.equals("index.docker.io") && !first.equals("docker.io")) {
            return name;
        }
        String path = host ? name.substring(slash + 1) : name;
        return "docker.io/" + (path.contains("/") ? "" : "library/") + path;
    }
}
