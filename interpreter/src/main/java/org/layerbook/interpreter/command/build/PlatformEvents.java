package org.layerbook.interpreter.command.build;

import org.layerbook.engine.builder.step.BuildEvent;
import org.layerbook.engine.builder.step.BuildEvent.StepId;
import org.layerbook.engine.builder.step.BuildListener;
import org.layerbook.engine.oci.Platform;

/** One of several builds of a Dockerfile: its steps are told with the platform in front, as BuildKit does. */
record PlatformEvents(Platform platform, BuildListener listener) implements BuildListener {
    @Override
    public void on(BuildEvent event) {
        listener.on(
                switch (event) {
                    case BuildEvent.StepStarted it ->
                        new BuildEvent.StepStarted(named(it.step()), it.instruction(), it.text(), it.onBuild());
                    case BuildEvent.Output it -> new BuildEvent.Output(named(it.step()), it.isStderr(), it.bytes());
                    case BuildEvent.Progress it ->
                        new BuildEvent.Progress(named(it.step()), it.what(), it.done(), it.total());
                    case BuildEvent.StepFinished it -> new BuildEvent.StepFinished(named(it.step()), it.record());
                    case BuildEvent.StepFailed it -> new BuildEvent.StepFailed(named(it.step()), it.message());
                    case BuildEvent.Aside it -> it;
                    case BuildEvent.Warning it -> it;
                });
    }

    private StepId named(StepId step) {
        String stage = step.stage().isEmpty() ? "" : " " + step.stage();
        return new StepId(platform + stage, step.position(), step.number(), step.total());
    }
}
