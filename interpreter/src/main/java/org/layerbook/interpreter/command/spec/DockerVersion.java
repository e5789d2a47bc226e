package org.layerbook.interpreter.command.spec;

import java.util.Optional;

/** What {@code docker version} says this is, and is compatible with. */
public final class DockerVersion {
    /** The client whose text the commands reproduce. */
    public static final String CLIENT = "28.2.2";

    public static final String API = "1.50";
    public static final String LEAST_API = "1.24";

    private DockerVersion() {}

    /** {@code Layerbook 0.1.0}; without a number where it was not built into a jar. */
    public static String layerbook() {
        return Optional.ofNullable(DockerVersion.class.getPackage().getImplementationVersion())
                .map(version -> "Layerbook " + version)
                .orElse("Layerbook");
    }
}
