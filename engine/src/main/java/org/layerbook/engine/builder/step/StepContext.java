package org.layerbook.engine.builder.step;

import java.util.Optional;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.image.Lease;

/**
 * What a step that is carried out has around it.
 *
 * @param state stages that it may read from
 * @param id for its events
 * @param range where its instruction stands
 * @param lease keeps what the build has found
 */
public record StepContext(
        BuildState state,
        BuildSettings settings,
        BuildEvent.StepId id,
        SourceRange range,
        BuildListener listener,
        Lease lease,
        Cancellation cancellation) {

    public void progress(String what, long done, long total) {
        listener.on(new BuildEvent.Progress(id, what, done, total));
    }

    public void warn(String message) {
        listener.on(new BuildEvent.Warning(message, Optional.of(range)));
    }
}
