package org.layerbook.interpreter.cell;

import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;

/** Reads one instruction; ranges count from the first line of {@code text}. The seam to the engine's parser. */
@FunctionalInterface
public interface InstructionReader {
    Instruction read(String text, char escape) throws DockerfileException;
}
