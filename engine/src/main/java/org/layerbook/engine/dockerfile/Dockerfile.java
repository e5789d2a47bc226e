package org.layerbook.engine.dockerfile;

import java.util.List;
import java.util.Optional;

/**
 * A parsed text: a whole Dockerfile, or some instructions of one.
 *
 * @param syntax the {@code # syntax=} directive
 * @param escape the escape character that the text asks for, {@code \} by default
 * @param check the {@code # check=} directive
 * @param instructions in the order of the text; ARGs before the first FROM included
 */
public record Dockerfile(
        String text, Optional<String> syntax, char escape, Optional<String> check, List<Instruction> instructions) {}
