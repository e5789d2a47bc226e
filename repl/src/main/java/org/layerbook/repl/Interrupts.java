package org.layerbook.repl;

import org.jline.utils.Signals;
import org.layerbook.interpreter.Interpreter;

/**
 * Ctrl-C while cells run without a prompt: it ends the step that runs, and no other cell begins. A program that the
 * terminal is lent to gets it alone.
 */
final class Interrupts implements AutoCloseable {
    private final Object before;
    private volatile boolean came;

    private Interrupts(Interpreter interpreter, TerminalOutput output) {
        before = Signals.register("INT", () -> {
            if (!output.isLent()) {
                came = true;
                output.keyShown("^C");
                interpreter.interrupt();
            }
        });
    }

    static Interrupts to(Interpreter interpreter, TerminalOutput output) {
        return new Interrupts(interpreter, output);
    }

    boolean came() {
        return came;
    }

    @Override
    public void close() {
        Signals.unregister("INT", before);
    }
}
