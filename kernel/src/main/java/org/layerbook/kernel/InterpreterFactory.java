package org.layerbook.kernel;

import org.layerbook.interpreter.Interpreter;

/** Makes the interpreter that a kernel drives. */
@FunctionalInterface
public interface InterpreterFactory {
    /**
     * Called off the path to the first reply, once, and again for the next cell when it failed.
     *
     * @throws Exception with a sentence for the user, who reads it under the cell that needed the interpreter
     */
    Interpreter open() throws Exception;
}
