package org.layerbook.engine.dockerfile;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.layerbook.engine.golang.GoText;

/** Whether a {@code --platform} names one: {@code os}, {@code arch}, {@code os/arch} or {@code os/arch/variant}. */
final class PlatformName {
    private static final Pattern SYSTEM = Pattern.compile("[A-Za-z0-9_-]+(?:\\([A-Za-z0-9_.+-]*\\))?");
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_.-]+");
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
            "macos",
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
            "wasm",
            "i386",
            "x86_64",
            "x86-64",
            "aarch64",
            "armhf",
            "armel");

    private PlatformName() {}

    /** What is wrong with it, in the platform library's words; nothing for one that is well formed. */
    static Optional<String> fault(String name) {
        String quoted = GoText.quote(name);
        if (name.contains("*")) {
            return Optional.of(quoted + ": wildcards not yet supported: invalid argument");
        }
        String[] parts = name.split("/", -1);
        for (int at = 0; at < parts.length; at++) {
            Pattern allowed = at == 0 ? SYSTEM : PART;
            if (!allowed.matcher(parts[at]).matches()) {
                return Optional.of(GoText.quote(parts[at]) + " is an invalid component of " + quoted
                        + ": platform specifier component must match \"" + allowed + "\": invalid argument");
            }
        }
        String first = parts[0].toLowerCase(Locale.ROOT);
        int bracket = first.indexOf('(');
        String system = bracket < 0 ? first : first.substring(0, bracket);
        return switch (parts.length) {
            case 1 ->
                SYSTEMS.contains(system) || ARCHITECTURES.contains(first)
                        ? Optional.empty()
                        : Optional.of(quoted + ": unknown operating system or architecture: invalid argument");
            case 2, 3 -> Optional.empty();
            default -> Optional.of(quoted + ": cannot parse platform specifier: invalid argument");
        };
    }
}
