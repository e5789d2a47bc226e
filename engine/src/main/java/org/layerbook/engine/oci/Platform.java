package org.layerbook.engine.oci;

import java.util.Locale;
import java.util.Optional;

/** {@code os/architecture[/variant]}, in Go's names, as the OCI image specification has them. */
public record Platform(String os, String architecture, Optional<String> variant) {
    public Platform(String os, String architecture) {
        this(os, architecture, Optional.empty());
    }

    /** This machine's. */
    public static Platform host() {
        String arch = System.getProperty("os.arch");
        return switch (arch) {
            case "amd64", "x86_64" -> new Platform("linux", "amd64");
            case "aarch64" -> new Platform("linux", "arm64");
            default -> new Platform("linux", arch);
        };
    }

    /**
     * Reads what {@code --platform} takes: {@code os/architecture[/variant]}, or an architecture alone for this
     * machine's operating system, or an operating system alone for its architecture; the usual other names
     * ({@code x86_64}, {@code aarch64}, {@code armhf}) included.
     *
     * @throws IllegalArgumentException when it is none of these
     */
    public static Platform parse(String text) {
        String[] parts = text.toLowerCase(Locale.ROOT).split("/", -1);
        for (String part : parts) {
            if (!part.matches("[a-z0-9_.-]+")) {
                throw new IllegalArgumentException("\"" + text + "\" is not a platform: os/architecture[/variant]");
            }
        }
        return switch (parts.length) {
            case 1 -> single(text, parts[0]);
            case 2 -> new Platform(os(parts[0]), parts[1]).normalized();
            case 3 -> new Platform(os(parts[0]), parts[1], Optional.of(parts[2])).normalized();
            default ->
                throw new IllegalArgumentException("\"" + text + "\" is not a platform: os/architecture[/variant]");
        };
    }

    private static Platform single(String text, String word) {
        Platform host = host();
        return switch (os(word)) {
            case "linux", "windows", "darwin", "freebsd" -> new Platform(os(word), host.architecture());
            default -> {
                Platform platform = new Platform(host.os(), word).normalized();
                yield switch (platform.architecture()) {
                    case "386", "amd64", "arm", "arm64", "loong64", "mips64le", "ppc64le", "riscv64", "s390x", "wasm" ->
                        platform;
                    default ->
                        throw new IllegalArgumentException(
                                "\"" + text + "\": unknown operating system or architecture");
                };
            }
        };
    }

    private static String os(String word) {
        return word.equals("macos") ? "darwin" : word;
    }

    /** With Go's names, and without a variant that is the architecture's default. */
    public Platform normalized() {
        return switch (architecture) {
            case "x86_64", "x86-64", "amd64" -> new Platform(os, "amd64", variant.filter(v -> !v.equals("v1")));
            case "aarch64", "arm64" ->
                new Platform(os, "arm64", variant.filter(v -> !v.equals("8") && !v.equals("v8")));
            case "i386", "386" -> new Platform(os, "386");
            case "armhf" -> new Platform(os, "arm", Optional.of("v7"));
            case "armel" -> new Platform(os, "arm", Optional.of("v6"));
            case "arm" ->
                new Platform(
                        os,
                        "arm",
                        Optional.of(variant.map(v -> v.startsWith("v") ? v : "v" + v)
                                .orElse("v7")));
            default -> this;
        };
    }

    /** Whether a machine of this platform runs images of {@code other}: the same, or a lower variant of it. */
    public boolean runs(Platform other) {
        Platform mine = normalized();
        Platform its = other.normalized();
        return mine.os.equals(its.os) && mine.architecture.equals(its.architecture) && mine.level() >= its.level();
    }

    /** How far {@code other}, which this runs, is from it; 0 when they are the same. */
    int distance(Platform other) {
        return normalized().level() - other.normalized().level();
    }

    private int level() {
        int fallback = architecture.equals("arm64") ? 8 : 1;
        return variant.filter(v -> v.matches("v[0-9]{1,3}"))
                .map(v -> Integer.parseInt(v.substring(1)))
                .orElse(fallback);
    }

    @Override
    public String toString() {
        return os + "/" + architecture + variant.map(v -> "/" + v).orElse("");
    }
}
