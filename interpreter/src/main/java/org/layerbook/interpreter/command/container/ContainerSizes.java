package org.layerbook.interpreter.command.container;

import java.io.IOException;
import org.layerbook.engine.container.state.Container;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;

/** How much room containers take. */
final class ContainerSizes {
    private ContainerSizes() {}

    /** Bytes of the files that a container has written or changed. */
    static long written(Container container, Invocation invocation) throws IOException {
        return invocation.services().containers().size(container);
    }

    /** Of its image. */
    static long ofImage(Container container, Invocation invocation) throws IOException {
        var image = invocation.store().images().get(container.spec().image());
        return image.isPresent() ? image.get().size() : 0;
    }
}
