package org.layerbook.interpreter;

import java.util.Optional;
import java.util.function.Supplier;

/** Computes a value when it is first asked for, and drops what computed it then. Thread-safe. */
public final class Lazy<T> implements Supplier<T> {
    private Optional<Supplier<T>> pending;
    private T value;

    /** @param supplier never gives null */
    public Lazy(Supplier<T> supplier) {
        this.pending = Optional.of(supplier);
    }

    @Override
    public synchronized T get() {
        if (pending.isPresent()) {
            value = pending.get().get();
            pending = Optional.empty();
        }
        return value;
    }
}
