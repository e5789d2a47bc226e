package org.layerbook.engine.builder.step;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.layerbook.engine.sandbox.Sandbox;

/** What a RUN lacks on this machine, for users: said with the first one of a session, not with each. */
public final class WeakerRuns {
    private final Sandbox sandbox;
    private final AtomicBoolean said = new AtomicBoolean();

    WeakerRuns(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    public Optional<String> firstTime() {
        return sandbox.weaker()
                .filter(_ -> said.compareAndSet(false, true))
                .map(sentence -> sentence + " (see `layerbook doctor`)");
    }
}
