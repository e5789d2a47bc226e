package org.layerbook.interpreter.command.spec;

import java.time.Clock;
import org.layerbook.engine.builder.Builder;
import org.layerbook.engine.container.ContainerEngine;
import org.layerbook.engine.registry.Registries;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Store;

/**
 * What commands work with; the same for the life of an interpreter, which opens and closes them.
 *
 * @param clock what ages count from, and the time zone of what is shown
 */
public record CommandServices(
        Store store,
        Snapshots snapshots,
        Builder builder,
        Registries registries,
        ContainerEngine containers,
        Clock clock) {
    /** Where containers are only listed. */
    public CommandServices(Store store, Snapshots snapshots, Builder builder, Registries registries, Clock clock) {
        this(store, snapshots, builder, registries, ContainerEngine.withoutRuntime(store, snapshots), clock);
    }

    /** Without registries. */
    public CommandServices(Store store, Snapshots snapshots, Builder builder) {
        this(store, snapshots, builder, Registries.none(), Clock.systemDefaultZone());
    }
}
