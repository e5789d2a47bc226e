package org.layerbook.engine.oci;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An image's name with its registry spelled out, by the grammar of distribution/reference:
 * {@code domain/path[:tag][@digest]}. A user may leave out {@code docker.io/library/}; {@link #familiar} does so too.
 * Messages of refusals are docker's.
 *
 * @param domain host with an optional port; empty for the odd name whose first part has a dot but is no host name
 * @param path repository without the domain; at most 255 characters
 */
public record Reference(String domain, String path, Optional<String> tag, Optional<Digest> digest)
        implements Comparable<Reference> {
    public static final String DEFAULT_DOMAIN = "docker.io";
    public static final String DEFAULT_TAG = "latest";

    private static final Comparator<Reference> ORDER = Comparator.comparing(Reference::domain)
            .thenComparing(Reference::path)
            .thenComparing(reference -> reference.tag().orElse(""))
            .thenComparing(reference -> reference.digest().map(Digest::hex).orElse(""));

    private static final String LEGACY_DEFAULT_DOMAIN = "index.docker.io";
    private static final String OFFICIAL = "library/";
    private static final int MAX_PATH = 255;
    /** More than any valid reference has; keeps the regular expressions cheap and their recursion shallow. */
    private static final int MAX_LENGTH = 1024;

    private static final String DOMAIN_COMPONENT = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
    private static final String DOMAIN =
            "(?:" + DOMAIN_COMPONENT + "(?:\\." + DOMAIN_COMPONENT + ")*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?";
    private static final String PATH_COMPONENT = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
    private static final String PATH = PATH_COMPONENT + "(?:/" + PATH_COMPONENT + ")*";
    private static final String TAG = "[0-9A-Za-z_][0-9A-Za-z_.-]{0,127}";
    private static final String DIGEST = "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";
    private static final Pattern REFERENCE =
            Pattern.compile("(?:(" + DOMAIN + ")/)?(" + PATH + ")(?::(" + TAG + "))?(?:@(" + DIGEST + "))?");
    private static final Pattern WHOLE_TAG = Pattern.compile(TAG);
    private static final Pattern IDENTIFIER = Pattern.compile("[a-f0-9]{64}");

    /**
     * Reads what a user types. No tag is added: {@link #tagged} does that.
     *
     * @throws IllegalArgumentException with docker's sentence
     */
    public static Reference parse(String text) {
        if (IDENTIFIER.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "invalid repository name (" + text + "), cannot specify 64-byte hexadecimal strings");
        }
        String[] split = splitDomain(text);
        String domain = split[0];
        String remainder = split[1];
        int colon = remainder.indexOf(':');
        String repository = colon < 0 ? remainder : remainder.substring(0, colon);
        if (!repository.equals(repository.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "invalid reference format: repository name (" + repository + ") must be lowercase");
        }
        return parseWhole(domain + "/" + remainder);
    }

    private static Reference parseWhole(String whole) {
        if (whole.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("invalid reference format");
        }
        Matcher matcher = REFERENCE.matcher(whole);
        if (!matcher.matches()) {
            boolean lowerWouldDo =
                    REFERENCE.matcher(whole.toLowerCase(Locale.ROOT)).matches();
            throw new IllegalArgumentException(
                    lowerWouldDo
                            ? "invalid reference format: repository name must be lowercase"
                            : "invalid reference format");
        }
        if (matcher.group(2).length() > MAX_PATH) {
            throw new IllegalArgumentException("repository name must not be more than 255 characters");
        }
        return new Reference(
                Optional.ofNullable(matcher.group(1)).orElse(""),
                matcher.group(2),
                Optional.ofNullable(matcher.group(3)),
                Optional.ofNullable(matcher.group(4)).map(Reference::digestOf));
    }

    /** The sentences of go-digest, which docker passes on. */
    private static Digest digestOf(String text) {
        int colon = text.indexOf(':');
        String hex = text.substring(colon + 1);
        int length = switch (text.substring(0, colon)) {
            case "sha256" -> 64;
            case "sha384" -> 96;
            case "sha512" -> 128;
            default -> throw new IllegalArgumentException("unsupported digest algorithm");
        };
        if (hex.length() != length) {
            throw new IllegalArgumentException("invalid checksum digest length");
        }
        if (!hex.equals(hex.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("invalid checksum digest format");
        }
        return Digest.parse(text);
    }

    private static String[] splitDomain(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return new String[] {DEFAULT_DOMAIN, OFFICIAL + text};
        }
        String first = text.substring(0, slash);
        String rest = text.substring(slash + 1);
        String domain;
        if (first.equals(LEGACY_DEFAULT_DOMAIN)) {
            domain = DEFAULT_DOMAIN;
        } else if (first.equals("localhost")
                || first.contains(".")
                || first.contains(":")
                || !first.equals(first.toLowerCase(Locale.ROOT))) {
            domain = first;
        } else {
            return new String[] {DEFAULT_DOMAIN, text};
        }
        boolean official = domain.equals(DEFAULT_DOMAIN) && rest.indexOf('/') < 0;
        return new String[] {domain, official ? OFFICIAL + rest : rest};
    }

    /** With {@code :latest} when it has neither tag nor digest. */
    public Reference tagged() {
        return tag.isPresent() || digest.isPresent() ? this : withTag(DEFAULT_TAG);
    }

    /** @throws IllegalArgumentException with docker's sentence, when it is no tag */
    public Reference withTag(String newTag) {
        if (!WHOLE_TAG.matcher(newTag).matches()) {
            throw new IllegalArgumentException("invalid tag format");
        }
        return new Reference(domain, path, Optional.of(newTag), digest);
    }

    public Reference withDigest(Digest newDigest) {
        return new Reference(domain, path, tag, Optional.of(newDigest));
    }

    /** Neither tag nor digest. */
    public Reference repository() {
        return new Reference(domain, path, Optional.empty(), Optional.empty());
    }

    /** {@code domain/path}. */
    public String name() {
        return domain.isEmpty() ? path : domain + "/" + path;
    }

    /** The name as docker shows it: {@code busybox} for {@code docker.io/library/busybox}. */
    public String familiarName() {
        if (!domain.equals(DEFAULT_DOMAIN)) {
            return name();
        }
        boolean official = path.startsWith(OFFICIAL) && path.indexOf('/', OFFICIAL.length()) < 0;
        return official ? path.substring(OFFICIAL.length()) : path;
    }

    /** The whole reference as docker shows it, its {@code FamiliarString}. */
    public String familiar() {
        return familiarName() + suffix();
    }

    @Override
    public int compareTo(Reference other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return name() + suffix();
    }

    private String suffix() {
        return tag.map(t -> ":" + t).orElse("") + digest.map(d -> "@" + d).orElse("");
    }
}
