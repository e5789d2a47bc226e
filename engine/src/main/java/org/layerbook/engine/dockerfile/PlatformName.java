package org.layerbook.engine.dockerfile;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.layerbook.engine.dockerfile.expand.ExpansionException;
import org.layerbook.engine.dockerfile.expand.WordExpander;
import org.layerbook.engine.golang.GoText;
import org.layerbook.engine.golang.Suggestion;

/** Whether a {@code --platform} of FROM names one: {@code os}, {@code arch}, {@code os/arch} or {@code os/arch/variant}. */
public final class PlatformName {
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

    /**
     * The platform that a FROM names, variables expanded.
     *
     * @param written the value of {@code --platform}
     * @param globals the variables that a FROM may use
     * @throws DockerfileException with BuildKit's sentence, when it is empty or no platform
     */
    public static String of(Instruction.From from, String written, Map<String, String> globals)
            throws DockerfileException {
        WordExpander.Expansion expanded;
        try {
            expanded = new WordExpander(from.origin().escape()).expand(written, WordExpander.Variables.of(globals));
        } catch (ExpansionException e) {
            throw new DockerfileException(Diagnostic.of(
                    from.origin().range(), "failed to process arguments for platform : " + e.getMessage()));
        }
        String platform = expanded.word();
        if (platform.isEmpty()) {
            String hint = "declare the variable above the first FROM, or use $BUILDPLATFORM or $TARGETPLATFORM";
            throw refused(from, "empty platform value from expression " + written, hint, expanded, globals);
        }
        Optional<String> fault = fault(platform);
        if (fault.isPresent()) {
            String message = "failed to parse platform " + platform + ": " + fault.get();
            throw refused(from, message, "such as linux/amd64 or linux/arm64/v8", expanded, globals);
        }
        return platform;
    }

    private static DockerfileException refused(
            Instruction.From from,
            String message,
            String hint,
            WordExpander.Expansion expanded,
            Map<String, String> globals) {
        String suggesting = expanded.undefined().stream()
                .map(name -> Suggestion.addTo(message, name, new TreeSet<>(globals.keySet()), true))
                .filter(text -> !text.equals(message))
                .findFirst()
                .orElse(message);
        return new DockerfileException(new Diagnostic(from.origin().range(), suggesting, Optional.of(hint)));
    }

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
