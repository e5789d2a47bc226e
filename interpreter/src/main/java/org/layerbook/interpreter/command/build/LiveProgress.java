package org.layerbook.interpreter.command.build;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.layerbook.engine.builder.step.BuildEvent;
import org.layerbook.engine.builder.step.BuildListener;
import org.layerbook.engine.concurrent.Throttle;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.Rendered;
import org.layerbook.interpreter.report.Report;

/**
 * A build shown in place. What happens within a tenth of a second is shown at once; a build that is over sooner shows only
 * its end.
 */
final class LiveProgress implements BuildListener {
    private final BuildProgress journal;
    private final CellOutput output;
    private final Function<Report, Rendered> view;
    private final Throttle throttle;
    private Optional<CellOutput.Display> display = Optional.empty();

    LiveProgress(BuildProgress journal, CellOutput output, Function<Report, Rendered> view, LongSupplier nanoTime) {
        this.journal = journal;
        this.output = output;
        this.view = view;
        this.throttle = Throttle.delayed(nanoTime);
    }

    @Override
    public synchronized void on(BuildEvent event) {
        journal.on(event);
        if (throttle.passes()) {
            show(journal.running());
        }
    }

    /** Shows {@code report} in place of what is shown. */
    synchronized void show(Report report) {
        Rendered rendered = view.apply(report);
        if (display.isPresent()) {
            display.get().update(rendered);
        } else {
            display = Optional.of(output.live(rendered));
        }
    }
}
