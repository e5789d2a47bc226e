package org.layerbook.engine.registry;

/** Hears of a transfer, from several threads, and has to be quick. */
@FunctionalInterface
public interface TransferListener {
    TransferListener NONE = event -> {};

    void on(TransferEvent event);
}
