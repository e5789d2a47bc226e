package org.layerbook.engine.sandbox;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.concurrent.Uninterruptibly;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.ProcessIo;

/** A started process with its streams pumped, until it ends or is cancelled. */
final class RunningProcess {
    private static final int KILL_AGAIN_MS = 20;
    /** After so many attempts to end it gently, the process itself is killed: well within a second. */
    private static final int GENTLE_ATTEMPTS = 30;

    private final Process process;
    private final List<Pump> pumps;
    private final Consumer<Process> killer;
    private final ProcessRecords.Ward ward;

    private RunningProcess(Process process, List<Pump> pumps, Consumer<Process> killer, ProcessRecords.Ward ward) {
        this.ward = ward;
        this.process = process;
        this.pumps = pumps;
        this.killer = killer;
    }

    /** @param killer ends what the process runs, so that it ends itself; called again while it does not */
    static RunningProcess start(
            ProcessBuilder builder, ProcessIo io, Consumer<Process> killer, ProcessRecords records, Path rootfs)
            throws IOException {
        if (!io.hasInput()) {
            builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        }
        Umask.set(builder);
        ProcessRecords.Ward ward = records.take(builder, rootfs);
        Process process = builder.start();
        String name = "process " + process.pid();
        List<Pump> pumps = new ArrayList<>();
        pumps.add(Pump.start(process.getInputStream(), io.stdout(), name + " output"));
        pumps.add(Pump.start(process.getErrorStream(), io.stderr(), name + " errors"));
        if (io.hasInput()) {
            Pump.feed(io.stdin(), process.getOutputStream(), name + " input");
        }
        return new RunningProcess(process, pumps, killer, ward);
    }

    interface Companion {
        void accompany(Process process) throws InterruptedException, IOException;
    }

    /** Runs {@code companion} beside it, on a thread of its own. */
    void whileItRuns(Companion companion) {
        Thread.ofPlatform()
                .daemon()
                .name("companion of process " + process.pid())
                .start(() -> {
                    try {
                        companion.accompany(process);
                    } catch (InterruptedException | IOException e) {
                        ProcessKiller.killWithDescendants(process);
                    }
                });
    }

    /** Blocks until it has ended and its output has been handed over. */
    ExitStatus await(Cancellation cancellation) throws IOException {
        return await(cancellation, () -> {});
    }

    /** @param afterExit ends what the process may have left that still holds its output open */
    ExitStatus await(Cancellation cancellation, Runnable afterExit) throws IOException {
        int code;
        try (ProcessRecords.Ward _ = ward;
                Cancellation.Registration _ = cancellation.onCancel(this::beginToKill)) {
            code = Uninterruptibly.waitFor(process);
        }
        afterExit.run();
        for (Pump pump : pumps) {
            pump.join();
        }
        return cancellation.isCancelled() ? ExitStatus.cancelled() : ExitStatus.of(code);
    }

    /** Returns at once; a process that is just being born may escape the first attempt, so there are more. */
    private void beginToKill() {
        Thread.ofPlatform()
                .daemon()
                .name("killer of process " + process.pid())
                .start(() -> Uninterruptibly.await(() -> {
                    for (int i = 0; i < GENTLE_ATTEMPTS; i++) {
                        killer.accept(process);
                        if (process.waitFor(KILL_AGAIN_MS, TimeUnit.MILLISECONDS)) {
                            return;
                        }
                    }
                    ProcessKiller.killWithDescendants(process);
                }));
    }
}
