package org.layerbook.repl;

import java.nio.file.Path;
import org.layerbook.interpreter.Interpreter;

/** Opens a session in a folder; a port, so that tests need no engine. */
@FunctionalInterface
interface Interpreters {
    Interpreter open(Path workingDirectory);
}
