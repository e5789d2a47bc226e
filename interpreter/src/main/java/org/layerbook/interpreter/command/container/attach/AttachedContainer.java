package org.layerbook.interpreter.command.container.attach;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.container.ContainerRuntime;
import org.layerbook.engine.container.ContainerRuntime.BeforeStart;
import org.layerbook.engine.container.state.Attachment;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerFolder;
import org.layerbook.engine.container.state.Signals;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.RawTerminal;
import org.layerbook.interpreter.command.spec.CommandContext;

/** A user before a container: {@code run}, {@code attach}, {@code start --attach}. */
public final class AttachedContainer {
    /** The height of a terminal that nobody sees. */
    public static final int NOTEBOOK_ROWS = 24;

    private static final int PATIENCE_MS = 1000;

    private final Container container;
    private final ContainerRuntime runtime;
    private final CommandContext context;
    private final Wish wish;
    private final AtomicBoolean detached = new AtomicBoolean();
    private final AtomicReference<Attachment> attachment = new AtomicReference<>();

    /** What an interrupt does where the container's process is not on the user's terminal. */
    public enum Interrupt {
        /** The container ends, by its own means if it has any. */
        STOPS,
        /** Its process gets the signal; the user leaves it when it takes no notice. */
        PASSES,
        /** The user leaves it. */
        DETACHES
    }

    /** @param input whether its input is the user's */
    public record Wish(boolean input, DetachKeys keys, Interrupt interrupt) {}

    /** How it ended for the user. */
    public sealed interface End {
        /** @param status the process's */
        record Exited(int status) implements End {}

        /** The container runs on. */
        record Left(boolean byKeys) implements End {}
    }

    /** Has the container run; {@code attach} is to be called when it is there. */
    @FunctionalInterface
    public interface Begin {
        void with(BeforeStart attach) throws IOException;
    }

    public AttachedContainer(Container container, ContainerRuntime runtime, CommandContext context, Wish wish) {
        this.container = container;
        this.runtime = runtime;
        this.context = context;
        this.wish = wish;
    }

    /** Follows it to its end, or until the user leaves it. */
    public End follow(Begin begin) throws IOException {
        boolean done = isTerminal() && wish.input() && onTerminal(begin);
        if (!done) {
            onStreams(begin);
        }
        if (detached.get()) {
            return new End.Left(done);
        }
        return new End.Exited(runtime.await(container, new Cancellation()).orElse(0));
    }

    private boolean isTerminal() {
        return container.spec().terminal().tty();
    }

    /** @return false where the user sits at none */
    private boolean onTerminal(Begin begin) throws IOException {
        Optional<CellOutput> display = context.display();
        return display.isPresent()
                && display.get().withRawTerminal(raw -> {
                    var keys = new DetachableKeys(raw.keys(), wish.keys(), this::detach);
                    begin(begin, new ProcessIo(keys, raw.screen(), raw.screen()), folder -> {
                        resize(folder, raw);
                        raw.onResize(() -> resize(folder, raw));
                    });
                    await();
                });
    }

    private void onStreams(Begin begin) throws IOException {
        try (var streams = UserStreams.open(context, wish.input(), isTerminal());
                var _ = context.cancellation().onCancel(this::interrupted)) {
            begin(begin, streams.io(), folder -> {
                if (isTerminal() && context.display().isPresent()) {
                    resize(folder, NOTEBOOK_ROWS, context.display().get().columns());
                }
            });
            streams.begin();
            await();
        }
    }

    private void begin(Begin begin, ProcessIo io, BeforeStart sized) throws IOException {
        begin.with(folder -> {
            attachment.set(Attachment.begin(folder, io));
            sized.created(folder);
        });
    }

    private void await() throws IOException {
        try (Attachment attached = attachment.get()) {
            if (detached.get()) {
                attached.detach();
            }
            attached.await();
        }
    }

    private static void resize(ContainerFolder folder, RawTerminal raw) {
        resize(folder, raw.rows(), raw.columns());
    }

    private static void resize(ContainerFolder folder, int rows, int columns) {
        try {
            Attachment.resize(folder.path(), rows, columns);
        } catch (IOException e) {
            // It has ended meanwhile.
        }
    }

    private void detach() {
        detached.set(true);
        Optional.ofNullable(attachment.get()).ifPresent(Attachment::detach);
    }

    private void interrupted() {
        Thread.ofPlatform().daemon().name("interrupts " + container.name()).start(() -> {
            try {
                switch (wish.interrupt()) {
                    case STOPS -> stop();
                    case PASSES -> pass();
                    case DETACHES -> detach();
                }
            } catch (IOException e) {
                // It has ended meanwhile, or `docker kill` says why it cannot be killed.
            }
        });
    }

    /** As Ctrl-C does, and where that does nothing as the end of a terminal does. */
    private void stop() throws IOException {
        String signal = isTerminal() ? "SIGHUP" : "SIGINT";
        boolean heeded =
                runtime.processes().catches(container, Signals.number(signal).orElseThrow());
        Optional<Duration> patience = !heeded
                ? Optional.of(Duration.ZERO)
                : isTerminal() ? Optional.of(Duration.ofMillis(PATIENCE_MS)) : Optional.empty();
        runtime.stop(container, Optional.of(signal), patience, new Cancellation());
    }

    private void pass() throws IOException {
        if (!isTerminal()) {
            runtime.kill(container, "SIGINT");
            try {
                Thread.sleep(PATIENCE_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        Attachment attached = attachment.get();
        if (runtime.isRunning(container) && attached != null) {
            detach();
        }
    }
}
