package org.layerbook.interpreter.command;

import java.util.Optional;

/** What {@code docker version} says this is, and is compatible with. */
final class DockerVersion {
    /** The client whose text the commands reproduce. */
    static final String CLIENT = "28.2.2";

    static final String API = "1.50";
    static final String LEAST_API = "1.24";

    private DockerVersion() {}

    /** {@code Layerbook 0.1.0}; without a number where it was not built into a jar. */
    static String layerbook() {
        return Optional.ofNullable(DockerVersion.class.getPackage().getImplementationVersion())
                .map(version -> "Layerbook " + version)
                .orElse("Layerbook");
    }
}
