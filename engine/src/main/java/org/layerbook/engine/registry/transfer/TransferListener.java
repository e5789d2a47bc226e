package org.layerbook.engine.registry.transfer;

/** Hears of a transfer, from several threads, and has to be quick. */
@FunctionalInterface
public interface TransferListener {
    TransferListener NONE = event -> {};

    void on(TransferEvent event);

    /** The registry has what was asked for; now it comes. May be told more than once. */
    default void resolved() {}
}
