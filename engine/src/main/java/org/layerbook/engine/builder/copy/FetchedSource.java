package org.layerbook.engine.builder.copy;

import java.util.Optional;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.step.StepContext;

/** Something that ADD fetches. It is what it was when it was asked for: while it is copied it does not change. */
abstract class FetchedSource implements CopySource {
    final BuildServices services;
    final StepContext context;
    final CopySources owner;

    FetchedSource(BuildServices services, StepContext context, CopySources owner) {
        this.services = services;
        this.context = context;
        this.owner = owner;
    }

    @Override
    public final Optional<String> changed() {
        return Optional.empty();
    }
}
