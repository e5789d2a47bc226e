package org.layerbook.interpreter.session;

import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.image.Image;
import org.layerbook.interpreter.session.history.Checkpoint;
import org.layerbook.interpreter.session.history.References;
import org.layerbook.interpreter.session.history.SessionHistory;
import org.layerbook.interpreter.session.output.CapturableOutput;
import org.layerbook.interpreter.session.output.StepLog;
import org.layerbook.interpreter.session.shell.ShellContext;

/**
 * What the parts of a running cell share: its build, its output, the user's shell, and when it has to end. Used once,
 * confined to the thread that runs the cell but for {@link #shell}, {@link #references} and what never changes.
 */
final class RunningCell {
    private final SessionParts parts;
    private final Checkpoint.Ran self;
    private final CapturableOutput output;
    private final Cancellation cancellation;
    private final CellBuild build;
    private final BuildPresenter presenter;

    /** Other threads read it while this one waits for a host command. */
    private volatile ShellContext shell;

    /** Whether the shell of the line that ran last has been left, by {@code exit} or under {@code set -e}. */
    private boolean shellExited;

    /**
     * @param base what the cell builds on
     * @param replaced the live image before an earlier run of the same cell was taken back
     */
    RunningCell(
            SessionParts parts,
            Checkpoint.Ran self,
            ShellContext shell,
            SessionHistory base,
            Optional<Image> replaced,
            CapturableOutput output,
            Cancellation cancellation) {
        this.parts = parts;
        this.self = self;
        this.shell = shell;
        this.output = output;
        this.cancellation = cancellation;
        var log = new StepLog(output);
        this.build = new CellBuild(base, log, cancellation);
        this.presenter = new BuildPresenter(build, log, self, replaced);
    }

    SessionParts parts() {
        return parts;
    }

    Checkpoint.Ran self() {
        return self;
    }

    CapturableOutput output() {
        return output;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    CellBuild build() {
        return build;
    }

    BuildPresenter presenter() {
        return presenter;
    }

    ShellContext shell() {
        return shell;
    }

    void setShell(ShellContext changed) {
        shell = changed;
    }

    /** What a docker command and {@code $VARIABLE} see. */
    Map<String, String> environment() {
        return shell.environment();
    }

    void setShellExited() {
        shellExited = true;
    }

    /** Whether it has been left since this was asked last. */
    boolean takeShellExited() {
        boolean exited = shellExited;
        shellExited = false;
        return exited;
    }

    InstructionContext instructionContext() {
        return parts.instructionContext(shell);
    }

    References references() {
        return instructionContext().references(build.history(), build.state());
    }

    /** Goes on from another history: an earlier one, or none. */
    void restart(SessionHistory changed) {
        build.restart(changed);
        presenter.restart();
    }

    void showSteps() {
        presenter.showSteps(instructionContext());
    }
}
