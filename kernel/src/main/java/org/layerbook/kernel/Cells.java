package org.layerbook.kernel;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.dflib.jjava.jupyter.kernel.ExpressionValue;
import org.dflib.jjava.jupyter.messages.publish.PublishError;
import org.dflib.jjava.jupyter.messages.publish.PublishExecuteInput;
import org.dflib.jjava.jupyter.messages.publish.PublishStatus;
import org.dflib.jjava.jupyter.messages.request.ExecuteRequest;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.CrashLog;
import org.layerbook.interpreter.Interpreter;
import org.layerbook.interpreter.Interpreter.CellRequest;
import org.layerbook.kernel.wire.Fault;
import org.layerbook.kernel.wire.IdleMemory;
import org.layerbook.kernel.wire.KernelLog;
import org.layerbook.kernel.wire.Outgoing;
import org.layerbook.kernel.wire.Request;

/**
 * Runs cells, one after the other, on a thread of its own. A failure takes the cells along that were sent before the
 * front-end could know of it: they are answered {@code aborted}.
 */
final class Cells {
    /**
     * How long after a failure nothing may have arrived before it is answered. "Run all" sends its cells in one go; told
     * of the failure at once, a kernel that is quick to fail would meet the rest of them afterwards and run them.
     */
    static final long GATHER_MILLIS = 100;

    /** How much code may wait for its turn, in UTF-16 units. */
    private static final int WAITING_CHARS = 1 << 25;

    private static final String TOO_MUCH = "more than " + (WAITING_CHARS >> 20)
            + " MiB of cells are queued already: run this one again when they" + " are done";

    private static final int INTERRUPTS = 10;
    private static final long INTERRUPT_MILLIS = 100;

    /** What the thread of the cells does next. */
    private interface Task {
        void perform();
    }

    /**
     * @param chars how long its code is
     * @param work runs the cell, or says why it is not run
     */
    private record Run(Request request, int chars, Task work) implements Task {
        @Override
        public void perform() {
            work.perform();
        }
    }

    /** A cell that runs. */
    private static final class Running {
        private final Request request;
        private final CountDownLatch ended = new CountDownLatch(1);
        private boolean interrupted;

        private Running(Request request) {
            this.request = request;
        }
    }

    private final Messenger messenger;
    private final LazyInterpreter interpreter;
    private final History history;
    private final StdinRequests questions;
    private final long gatherMillis;
    private final LinkedBlockingQueue<Task> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger waitingChars = new AtomicInteger();
    private final IdleMemory memory;
    private final Thread thread = Thread.ofPlatform().name("cells").daemon().unstarted(this::loop);
    /** Ids of deleted cells that came with requests which were then aborted. */
    private final Set<String> deletedCells = new LinkedHashSet<>();

    private Optional<Running> running = Optional.empty();
    private volatile boolean stopping;
    /** Touched by the thread of the cells only. */
    private boolean stopped;

    private int count;

    /** @param gatherMillis {@link #GATHER_MILLIS}, or more where a machine is known to be slow */
    Cells(
            Messenger messenger,
            LazyInterpreter interpreter,
            History history,
            StdinRequests questions,
            IdleMemory memory,
            long gatherMillis) {
        this.gatherMillis = gatherMillis;
        this.memory = memory;
        this.messenger = messenger;
        this.interpreter = interpreter;
        this.history = history;
        this.questions = questions;
    }

    void start() {
        thread.start();
    }

    /** Does what the first cell needs while nobody waits for it: makes the interpreter, and runs {@code more}. */
    void warmUp(Runnable more) {
        queue.add(() -> {
            more.run();
            try {
                interpreter.get();
            } catch (Exception e) {
                KernelLog.warn("could not start the interpreter", e);
            }
        });
    }

    void submit(Request request, ExecuteRequest content) {
        int chars = content.getCode().length();
        if (waitingChars.get() > 0 && waitingChars.get() + chars > WAITING_CHARS) {
            refuse(request.bare(), Fault.tooLarge(TOO_MUCH));
        } else {
            waitingChars.addAndGet(chars);
            queue.add(new Run(request, chars, () -> execute(request, content)));
        }
    }

    /** Answers, in its turn, a cell that is not run. */
    void refuse(Request request, Fault fault) {
        var failed = new CellResult.Failed(fault.name(), fault.sentence(), List.of(), 1);
        queue.add(new Run(request, 0, () -> fail(request, failed)));
    }

    private Task taken(Task task) {
        if (task instanceof Run run) {
            waitingChars.addAndGet(-run.chars());
        }
        return task;
    }

    private void fail(Request request, CellResult.Failed failed) {
        List<String> traceback = Replies.traceback(failed);
        messenger.send(
                messenger.publish(request, PublishStatus.BUSY),
                messenger.publish(request, new PublishError(failed.name(), failed.message(), traceback)));
        List<Request> aborted = gather();
        messenger.send(
                messenger.reply(request, Replies.failed(count, failed, traceback)),
                messenger.publish(request, PublishStatus.IDLE));
        aborted.forEach(this::abort);
    }

    private void loop() {
        while (!stopped) {
            try {
                taken(queue.take()).perform();
                memory.used();
            } catch (InterruptedException e) {
                KernelLog.warn("an interrupt arrived after its cell had ended");
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                KernelLog.warn("could not answer a cell", e);
            }
        }
    }

    private void execute(Request request, ExecuteRequest content) {
        if (stopping) {
            abort(request);
            return;
        }
        var cell = new Running(request);
        begin(cell, content);
        Answer answer;
        try {
            answer = answer(cell, content);
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError | OutOfMemoryError e) {
            KernelLog.warn("could not answer a cell", e);
            answer = new Answer(
                    messenger.reply(request, Replies.error(new Fault("Internal error", e.toString()))), List.of());
        }
        end(cell, answer.reply());
        answer.aborted().forEach(this::abort);
    }

    private synchronized void begin(Running cell, ExecuteRequest content) {
        running = Optional.of(cell);
        if (content.shouldStoreHistory()) {
            count++;
        }
        Outgoing busy = messenger.publish(cell.request, PublishStatus.BUSY);
        if (content.isSilent()) {
            messenger.send(busy);
        } else {
            messenger.send(busy, messenger.publish(cell.request, new PublishExecuteInput(content.getCode(), count)));
        }
    }

    private synchronized void end(Running cell, Outgoing reply) {
        running = Optional.empty();
        cell.ended.countDown();
        messenger.send(reply, messenger.publish(cell.request, PublishStatus.IDLE));
    }

    /** After another request's {@code idle}: front-ends show the last status they heard, whatever it was about. */
    synchronized void sayBusyAgain() {
        running.ifPresent(cell -> messenger.send(messenger.publish(cell.request, PublishStatus.BUSY)));
    }

    /** @param aborted the requests that a failure took along */
    private record Answer(Outgoing reply, List<Request> aborted) {}

    private Answer answer(Running cell, ExecuteRequest content) {
        Request request = cell.request;
        var metadata = new JsonObject();
        metadata.addProperty("started", Codec.now());
        var feed = new KernelCellOutput(messenger, questions, request, count, content.isStdinEnabled());
        CellResult result = run(cell, content, content.isSilent() ? new CapturedOutput() : feed);
        feed.settle();
        if (content.shouldStoreHistory()) {
            history.add(count, content.getCode(), feed.results());
        }
        return switch (result) {
            case CellResult.Ok ok -> {
                Map<String, ExpressionValue> values = evaluate(cell, content.getUserExpr());
                metadata.addProperty("status", "ok");
                yield new Answer(messenger.reply(request, metadata, Replies.executed(count, values)), List.of());
            }
            case CellResult.Failed failed -> {
                List<String> traceback = Replies.traceback(failed);
                if (!content.isSilent()) {
                    messenger.send(
                            messenger.publish(request, new PublishError(failed.name(), failed.message(), traceback)));
                }
                List<Request> aborted = content.shouldStopOnError() ? gather() : List.of();
                metadata.addProperty("status", "error");
                yield new Answer(messenger.reply(request, metadata, Replies.failed(count, failed, traceback)), aborted);
            }
        };
    }

    private CellResult run(Running cell, ExecuteRequest content, CellOutput output) {
        Set<String> deleted = new LinkedHashSet<>(deletedCells);
        deleted.addAll(cell.request.deletedCells());
        var request = new CellRequest(
                content.getCode(),
                cell.request.cellId(),
                content.shouldStoreHistory() ? Optional.of(count) : Optional.empty(),
                List.copyOf(deleted));
        CellResult result = guarded(cell, request, output);
        deletedCells.clear();
        return result;
    }

    private CellResult guarded(Running cell, CellRequest request, CellOutput output) {
        Interpreter ready;
        try {
            ready = interpreter.get();
        } catch (Exception e) {
            return new CellResult.Failed("Start failed", Replies.sentence(e), List.of(), 1);
        }
        if (isInterrupted(cell)) {
            return new CellResult.Failed("Interrupted", "the cell was interrupted before it started", List.of(), 130);
        }
        try {
            return ready.run(request, output);
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError | OutOfMemoryError e) {
            KernelLog.warn("the interpreter failed", e);
            return CrashLog.failed(e);
        }
    }

    private synchronized boolean isInterrupted(Running cell) {
        return cell.interrupted;
    }

    private Map<String, ExpressionValue> evaluate(Running cell, Map<String, String> expressions) {
        var values = new LinkedHashMap<String, ExpressionValue>();
        expressions.forEach((name, code) -> values.put(name, evaluate(cell, code)));
        return values;
    }

    /** An expression is a cell whose output is its value. */
    private ExpressionValue evaluate(Running running, String code) {
        var captured = new CapturedOutput();
        var cell = new CellRequest(code, Optional.empty(), Optional.empty());
        return switch (guarded(running, cell, captured)) {
            case CellResult.Ok ok -> new ExpressionValue.Success(captured.value());
            case CellResult.Failed failed ->
                new ExpressionValue.Error(failed.name(), failed.message(), Replies.traceback(failed));
        };
    }

    /** Takes every cell out of the queue that is there, or comes within the time that "run all" needs. */
    private List<Request> gather() {
        var waiting = new ArrayList<Request>();
        try {
            Task next = queue.poll(gatherMillis, TimeUnit.MILLISECONDS);
            while (next != null) {
                if (taken(next) instanceof Run run) {
                    waiting.add(run.request());
                } else {
                    next.perform();
                }
                next = queue.poll(gatherMillis, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            KernelLog.warn("an interrupt arrived after its cell had ended");
        }
        return waiting;
    }

    private void abort(Request request) {
        deletedCells.addAll(request.deletedCells());
        messenger.send(
                messenger.publish(request, PublishStatus.BUSY),
                messenger.reply(request, Replies.aborted()),
                messenger.publish(request, PublishStatus.IDLE));
    }

    /** Ends the cell that runs, with whatever it waits for; {@link #retryInterrupt} sees to it that it ends. */
    void interrupt() {
        synchronized (this) {
            running.ifPresent(cell -> cell.interrupted = true);
        }
        questions.cancel();
        interpreter.ifMade().ifPresent(Interpreter::interrupt);
    }

    /**
     * Interrupts again while the interrupted cell goes on: an interrupt that comes in the moment in which the interpreter
     * takes the cell up finds nothing to end. Waits for the end, for a second at most.
     */
    void retryInterrupt() {
        Optional<Running> cell;
        synchronized (this) {
            cell = running.filter(current -> current.interrupted);
        }
        if (cell.isEmpty()) {
            return;
        }
        try {
            for (int i = 0; i < INTERRUPTS && !cell.get().ended.await(INTERRUPT_MILLIS, TimeUnit.MILLISECONDS); i++) {
                questions.cancel();
                interpreter.ifMade().ifPresent(Interpreter::interrupt);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends what runs and answers what waits with {@code aborted}; returns within about a second. */
    void stop() throws InterruptedException {
        stopping = true;
        queue.add(() -> stopped = true);
        interrupt();
        retryInterrupt();
        if (thread.isAlive()) {
            thread.join(INTERRUPTS * INTERRUPT_MILLIS);
        }
    }
}
