package org.layerbook.interpreter.command;

import org.layerbook.engine.build.BuildException;
import org.layerbook.engine.build.BuildListener;
import org.layerbook.engine.build.BuildSettings;
import org.layerbook.engine.build.BuildState;
import org.layerbook.engine.build.Builder;
import org.layerbook.engine.build.Stage;
import org.layerbook.engine.build.StepRecord;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.sandbox.Cancellation;

/** A builder that emits the events a test gives it. */
class ScriptedBuilder implements Builder {
    @Override
    public BuildState execute(
            BuildState state,
            Instruction instruction,
            BuildSettings settings,
            BuildListener listener,
            Cancellation cancellation) {
        throw new UnsupportedOperationException();
    }

    @Override
    public BuildState declareGlobal(BuildState state, Instruction.Arg instruction, BuildSettings settings) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Result build(
            Dockerfile dockerfile, BuildSettings settings, BuildListener listener, Cancellation cancellation)
            throws BuildException {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOutOfDate(BuildState state, Stage stage, StepRecord step, BuildSettings settings) {
        return false;
    }
}
