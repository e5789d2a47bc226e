package org.layerbook.engine.oci;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerbook.engine.golang.GoText;

/**
 * An operating system and a machine, in Go's names, as the OCI image specification has them.
 *
 * @param osVersion of the operating system that the image needs, {@code 10.0.17763.1} for Windows
 * @param osFeatures that it needs, {@code win32k}
 */
public record Platform(
        String os, String architecture, Optional<String> variant, Optional<String> osVersion, List<String> osFeatures) {
    private static final String COMPONENT = "^[A-Za-z0-9_.-]+$";
    private static final String OS = "^([A-Za-z0-9_-]+)(?:\\(([A-Za-z0-9_.%-]*)((?:\\+[A-Za-z0-9_.%-]+)*)\\))?$";
    private static final Pattern COMPONENT_PATTERN = Pattern.compile(COMPONENT);
    private static final Pattern OS_PATTERN = Pattern.compile(OS);
    /** What Go's errors of this kind end with. */
    private static final String INVALID = ": invalid argument";

    private static final Set<String> SYSTEMS = Set.of(
            "aix",
            "android",
            "darwin",
            "dragonfly",
            "freebsd",
            "hurd",
            "illumos",
            "ios",
            "js",
            "linux",
            "nacl",
            "netbsd",
            "openbsd",
            "plan9",
            "solaris",
            "windows",
            "zos");

    private static final Set<String> ARCHITECTURES = Set.of(
            "386",
            "amd64",
            "amd64p32",
            "arm",
            "armbe",
            "arm64",
            "arm64be",
            "ppc64",
            "ppc64le",
            "loong64",
            "mips",
            "mipsle",
            "mips64",
            "mips64le",
            "mips64p32",
            "mips64p32le",
            "ppc",
            "riscv",
            "riscv64",
            "s390",
            "s390x",
            "sparc",
            "sparc64",
            "wasm");

    public Platform {
        osFeatures = List.copyOf(osFeatures);
    }

    public Platform(String os, String architecture) {
        this(os, architecture, Optional.empty());
    }

    public Platform(String os, String architecture, Optional<String> variant) {
        this(os, architecture, variant, Optional.empty(), List.of());
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
     * Reads what {@code --platform} takes: {@code os[(version+feature)]/architecture[/variant]}, or an architecture alone
     * for this machine's operating system, or an operating system alone for its architecture; the usual other names
     * ({@code x86_64}, {@code aarch64}, {@code armhf}, {@code macos}) in any case.
     *
     * @return normalized
     * @throws IllegalArgumentException when it is none of these, with docker's sentence
     */
    public static Platform parse(String text) {
        if (text.contains("*")) {
            throw invalid(GoText.quote(text) + ": wildcards not yet supported");
        }
        String[] parts = text.split("/", 4);
        Matcher os = OS_PATTERN.matcher(parts[0]);
        if (!os.matches()) {
            throw invalid(GoText.quote(parts[0]) + " is an invalid OS component of " + GoText.quote(text)
                    + ": OSAndVersion specifier component must match " + GoText.quote(OS));
        }
        for (int i = 1; i < parts.length; i++) {
            if (!COMPONENT_PATTERN.matcher(parts[i]).matches()) {
                throw invalid(GoText.quote(parts[i]) + " is an invalid component of " + GoText.quote(text)
                        + ": platform specifier component must match " + GoText.quote(COMPONENT));
            }
        }
        return switch (parts.length) {
            case 1 -> single(text, os);
            case 2 -> of(os, parts[1], Optional.empty());
            case 3 -> of(os, parts[1], Optional.of(parts[2]));
            default -> throw invalid(GoText.quote(text) + ": cannot parse platform specifier");
        };
    }

    private static Platform of(Matcher os, String architecture, Optional<String> variant) {
        return new Platform(os.group(1), architecture, variant, version(os), features(os)).normalized();
    }

    private static Platform single(String text, Matcher os) {
        Platform system = of(os, host().architecture(), Optional.empty());
        if (SYSTEMS.contains(system.os)) {
            return system;
        }
        Platform machine = new Platform(host().os(), text).normalized();
        if (ARCHITECTURES.contains(machine.architecture)) {
            return machine;
        }
        throw invalid(GoText.quote(text) + ": unknown operating system or architecture");
    }

    private static Optional<String> version(Matcher os) {
        return Optional.ofNullable(os.group(2)).filter(v -> !v.isEmpty()).map(Platform::decoded);
    }

    private static List<String> features(Matcher os) {
        var features = new ArrayList<String>();
        for (String feature : Optional.ofNullable(os.group(3)).orElse("").split("\\+")) {
            if (!feature.isEmpty()) {
                features.add(decoded(feature));
            }
        }
        return features.stream().sorted().distinct().toList();
    }

    /** With {@code %2B} for a plus and the like. */
    private static String decoded(String option) {
        var text = new StringBuilder();
        for (int i = 0; i < option.length(); i++) {
            char letter = option.charAt(i);
            if (letter != '%') {
                text.append(letter);
                continue;
            }
            try {
                text.append((char) Integer.parseInt(option.substring(i + 1, i + 3), 16));
            } catch (IndexOutOfBoundsException | NumberFormatException e) {
                throw invalid("invalid OS option escape in " + GoText.quote(option));
            }
            i += 2;
        }
        return text.toString();
    }

    private static IllegalArgumentException invalid(String message) {
        return new IllegalArgumentException(message + INVALID);
    }

    /** With Go's names in lower case, and without a variant that is the architecture's default. */
    public Platform normalized() {
        String system = os.toLowerCase(Locale.ROOT);
        String machine = architecture.toLowerCase(Locale.ROOT);
        Optional<String> its = variant.map(v -> v.toLowerCase(Locale.ROOT)).filter(v -> !v.isEmpty());
        return switch (machine) {
            case "i386" -> normal(system, "386", Optional.empty());
            case "x86_64", "x86-64", "amd64" -> normal(system, "amd64", its.filter(v -> !v.equals("v1")));
            case "aarch64", "arm64" -> normal(system, "arm64", its.flatMap(Platform::arm64Variant));
            case "armhf" -> normal(system, "arm", Optional.of("v7"));
            case "armel" -> normal(system, "arm", Optional.of("v6"));
            case "arm" -> normal(system, "arm", Optional.of(armVariant(its.orElse("7"))));
            default -> normal(system, machine, its);
        };
    }

    private static Optional<String> arm64Variant(String variant) {
        return switch (variant) {
            case "8", "v8", "v8.0" -> Optional.empty();
            case "9", "9.0", "v9.0" -> Optional.of("v9");
            default -> Optional.of(variant);
        };
    }

    private static String armVariant(String variant) {
        return switch (variant) {
            case "5", "6", "7", "8" -> "v" + variant;
            default -> variant;
        };
    }

    private Platform normal(String system, String machine, Optional<String> its) {
        return new Platform(system.equals("macos") ? "darwin" : system, machine, its, osVersion, osFeatures);
    }

    /** Whether both are the same operating system on the same machine, whatever its version. */
    public boolean isSameMachine(Platform other) {
        Platform mine = normalized();
        Platform its = other.normalized();
        return mine.os.equals(its.os) && mine.architecture.equals(its.architecture) && mine.variant.equals(its.variant);
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

    /** {@code os/architecture[/variant]}. */
    @Override
    public String toString() {
        return os + "/" + architecture + variant.map(v -> "/" + v).orElse("");
    }

    /** {@code os[(version+feature)]/architecture[/variant]}, which {@link #parse} reads. */
    public String withOsVersion() {
        if (osVersion.isEmpty() && osFeatures.isEmpty()) {
            return toString();
        }
        var text = new StringBuilder(os)
                .append('(')
                .append(osVersion.map(Platform::encoded).orElse(""));
        osFeatures.forEach(feature -> text.append('+').append(encoded(feature)));
        return text.append(")/")
                .append(architecture)
                .append(variant.map(v -> "/" + v).orElse(""))
                .toString();
    }

    private static String encoded(String option) {
        return option.replace("%", "%25")
                .replace("+", "%2B")
                .replace("(", "%28")
                .replace(")", "%29")
                .replace("/", "%2F");
    }
}
