package org.layerbook.interpreter.command;

/** What {@code docker version} says this is compatible with. */
final class DockerVersion {
    /** The client whose text the commands reproduce. */
    static final String CLIENT = "28.2.2";

    private DockerVersion() {}
}
