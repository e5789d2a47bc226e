package org.layerbook.interpreter.session;

import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.dockerfile.DockerfileException;

/** Reads a whole Dockerfile. The seam to the engine's parser. */
@FunctionalInterface
public interface DockerfileReader {
    Dockerfile read(String text) throws DockerfileException;
}
