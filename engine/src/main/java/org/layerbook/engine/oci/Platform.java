package org.layerbook.engine.oci;

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

    @Override
    public String toString() {
        return os + "/" + architecture + variant.map(v -> "/" + v).orElse("");
    }
}
