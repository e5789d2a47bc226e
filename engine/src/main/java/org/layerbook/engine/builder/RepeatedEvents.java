package org.layerbook.engine.builder;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.layerbook.engine.builder.step.BuildEvent;
import org.layerbook.engine.builder.step.BuildListener;

/**
 * Tells a build that begins anew as one: of a step that was finished before, and comes from the cache again, nothing is
 * told a second time.
 */
final class RepeatedEvents implements BuildListener {
    private final BuildListener listener;
    private final Set<BuildEvent.StepId> finished = new HashSet<>();
    private final Set<BuildEvent.StepId> before = new HashSet<>();
    private final Map<BuildEvent.StepId, BuildEvent.StepStarted> held = new HashMap<>();

    RepeatedEvents(BuildListener listener) {
        this.listener = listener;
    }

    /** The build begins anew. */
    synchronized void again() {
        before.addAll(finished);
        held.clear();
    }

    @Override
    public synchronized void on(BuildEvent event) {
        switch (event) {
            case BuildEvent.StepStarted started
            when before.contains(started.step()) -> held.put(started.step(), started);
            case BuildEvent.StepFinished end -> {
                finished.add(end.step());
                if (held.containsKey(end.step()) && end.record().cached()) {
                    held.remove(end.step());
                } else {
                    tell(end.step(), end);
                }
            }
            case BuildEvent.Output output -> tell(output.step(), output);
            case BuildEvent.Progress progress -> tell(progress.step(), progress);
            case BuildEvent.StepFailed failed -> tell(failed.step(), failed);
            default -> listener.on(event);
        }
    }

    private void tell(BuildEvent.StepId step, BuildEvent event) {
        BuildEvent.StepStarted start = held.remove(step);
        if (start != null) {
            listener.on(start);
        }
        listener.on(event);
    }
}
