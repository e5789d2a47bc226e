package org.layerbook.kernel;

import java.util.Optional;
import org.layerbook.interpreter.Interpreter;

/** The interpreter, made when it is first needed, so that the first reply need not wait for it. Thread-safe. */
final class LazyInterpreter implements AutoCloseable {
    private final InterpreterFactory factory;
    private volatile Optional<Interpreter> made = Optional.empty();
    private boolean closed;

    LazyInterpreter(InterpreterFactory factory) {
        this.factory = factory;
    }

    /** @throws Exception what the factory threw; the next call tries again */
    synchronized Interpreter get() throws Exception {
        if (closed) {
            throw new IllegalStateException("the kernel is shutting down");
        }
        if (made.isEmpty()) {
            made = Optional.of(factory.open());
        }
        return made.get();
    }

    /** Does not wait for one that is being made. */
    Optional<Interpreter> ifMade() {
        return made;
    }

    @Override
    public synchronized void close() {
        closed = true;
        made.ifPresent(Interpreter::close);
        made = Optional.empty();
    }
}
