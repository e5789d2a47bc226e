package org.layerbook.repl;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jline.utils.Signals;
import org.layerbook.interpreter.Interpreter;

/**
 * Ctrl-C while cells run without a prompt: it ends the step that runs, and no other cell begins. A program that the
 * terminal is lent to gets it alone.
 */
final class Interrupts implements AutoCloseable {
    private final TerminalOutput output;
    private final CompletableFuture<Object> before;
    private volatile Optional<Interpreter> interpreter = Optional.empty();
    private volatile boolean came;

    /** Java's way to signals takes some milliseconds; begun here, they pass while the session is opened. */
    Interrupts(TerminalOutput output) {
        this.output = output;
        before = CompletableFuture.supplyAsync(() -> Signals.register("INT", this::interrupt));
    }

    private void interrupt() {
        output.keyShown("^C");
        if (!output.isLent()) {
            came = true;
            interpreter.ifPresent(Interpreter::interrupt);
        }
    }

    /** From now on Ctrl-C is handled, and ends what runs in this session. */
    void end(Interpreter session) {
        before.join();
        interpreter = Optional.of(session);
    }

    boolean came() {
        return came;
    }

    @Override
    public void close() {
        Signals.unregister("INT", before.join());
    }
}
