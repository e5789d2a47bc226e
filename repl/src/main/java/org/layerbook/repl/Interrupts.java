package org.layerbook.repl;

import java.util.concurrent.CompletableFuture;
import org.jline.utils.Signals;
import org.layerbook.interpreter.Interpreter;

/**
 * Ctrl-C while cells run without a prompt: it ends the step that runs, and no other cell begins. A program that the
 * terminal is lent to gets it alone.
 */
final class Interrupts implements AutoCloseable {
    /** Java's way to signals costs some milliseconds; nobody has to wait for them. */
    private final CompletableFuture<Object> before;

    private volatile boolean came;

    private Interrupts(Interpreter interpreter, TerminalOutput output) {
        Runnable interrupt = () -> {
            output.keyShown("^C");
            if (!output.isLent()) {
                came = true;
                interpreter.interrupt();
            }
        };
        before = CompletableFuture.supplyAsync(() -> Signals.register("INT", interrupt));
    }

    static Interrupts to(Interpreter interpreter, TerminalOutput output) {
        return new Interrupts(interpreter, output);
    }

    boolean came() {
        return came;
    }

    @Override
    public void close() {
        Signals.unregister("INT", before.join());
    }
}
