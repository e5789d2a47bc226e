package org.layerbook.interpreter.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.layerbook.engine.builder.step.BuildEvent;
import org.layerbook.engine.builder.step.BuildEvent.StepId;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.interpreter.command.build.PlainProgress;
import org.layerbook.interpreter.testing.Samples;

class PlainProgressTest {
    private final List<String> lines = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final PlainProgress progress = new PlainProgress(lines::add, nanos::get);

    @Test
    void linesOfStepsThatRunBesideEachOtherAreToldApart() {
        var make = start("builder", 2, Samples.run("make"));
        var test = start("tests", 2, Samples.run("check"));
        output(make, "compiling a.c\ncompil");
        output(test, "ok 1\n");
        output(make, "ing b.c\r\ndone");
        finish(make, Samples.run("make"), false);
        finish(test, Samples.run("check"), true);
        assertEquals("""
                #1 [builder 2/3] RUN make
                #1 ...

                #2 [tests 2/3] RUN check
                #2 ...

                #1 [builder 2/3] RUN make
                #1 1.000 compiling a.c
                #1 ...

                #2 [tests 2/3] RUN check
                #2 2.000 ok 1
                #2 ...

                #1 [builder 2/3] RUN make
                #1 3.000 compiling b.c
                #1 3.000 done
                #1 DONE 6.4s

                #2 [tests 2/3] RUN check
                #2 CACHED
                """, String.join("\n", lines));
    }

    @Test
    void aFailureAndWhatIsOnlyConfiguration() {
        var env = new StepId("", 3, 0, 2);
        Instruction workdir = Samples.workdir("/app");
        progress.on(new BuildEvent.StepStarted(env, workdir, "ENV A=b", false));
        progress.on(new BuildEvent.StepFinished(
                env, Samples.metadata(workdir, false, Samples.image("i", ContainerConfig.EMPTY))));
        var run = start("", 2, Samples.run("false"));
        progress.on(new BuildEvent.StepFailed(run, "exit code: 1"));
        assertEquals("#1 [2/3] RUN false\n#1 ERROR: exit code: 1\n", String.join("\n", lines));
    }

    private StepId start(String stage, int number, Instruction instruction) {
        var id = new StepId(stage, number, number, 3);
        progress.on(
                new BuildEvent.StepStarted(id, instruction, instruction.origin().original(), false));
        return id;
    }

    private void output(StepId id, String text) {
        nanos.addAndGet(1_000_000_000);
        progress.on(new BuildEvent.Output(id, false, text.getBytes(StandardCharsets.UTF_8)));
    }

    private void finish(StepId id, Instruction instruction, boolean cached) {
        progress.on(new BuildEvent.StepFinished(
                id, Samples.record(instruction, cached, 6420, Samples.image("i", ContainerConfig.EMPTY, 5))));
    }
}
