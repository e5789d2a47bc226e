package org.layerbook.kernel;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.messages.comm.CommCloseCommand;
import org.dflib.jjava.jupyter.messages.publish.PublishDisplayData;
import org.dflib.jjava.jupyter.messages.publish.PublishExecuteInput;
import org.dflib.jjava.jupyter.messages.publish.PublishStatus;
import org.dflib.jjava.jupyter.messages.publish.PublishStream;
import org.dflib.jjava.jupyter.messages.publish.PublishStream.StreamType;
import org.dflib.jjava.jupyter.messages.reply.CommInfoReply;
import org.dflib.jjava.jupyter.messages.reply.InspectReply;
import org.dflib.jjava.jupyter.messages.reply.InterruptReply;
import org.dflib.jjava.jupyter.messages.reply.ShutdownReply;
import org.dflib.jjava.jupyter.messages.request.CompleteRequest;
import org.dflib.jjava.jupyter.messages.request.ExecuteRequest;
import org.dflib.jjava.jupyter.messages.request.HistoryRequest;
import org.dflib.jjava.jupyter.messages.request.InspectRequest;
import org.dflib.jjava.jupyter.messages.request.IsCompleteRequest;
import org.dflib.jjava.jupyter.messages.request.ShutdownRequest;
import org.layerbook.interpreter.Rendered;
import org.layerbook.kernel.wire.Fault;
import org.layerbook.kernel.wire.IdleMemory;
import org.layerbook.kernel.wire.KernelLog;
import org.layerbook.kernel.wire.Outbox;
import org.layerbook.kernel.wire.Outgoing;
import org.layerbook.kernel.wire.Request;

/**
 * The kernel's side of the messaging protocol, apart from sockets: requests come in through {@link #receive}, from one
 * thread, and everything that is said goes to an {@link Outbox}.
 *
 * <p>Cells run one after the other on a thread of their own, so do interrupt and shutdown, and so does what only looks
 * (complete, inspect, ...): a long cell delays neither of the two.
 */
final class Kernel {
    private interface Answer {
        Object to(Request request) throws Exception;
    }

    private final Codec codec;
    private final Messenger messenger;
    private final KernelInfo info = new KernelInfo(KernelInfo.version());
    private final LazyInterpreter interpreter;
    private final History history = new History();
    private final StdinRequests questions;
    private final IdleMemory memory;
    private final Cells cells;
    private final Worker inspections = new Worker("looks");
    private final Worker control = new Worker("control");
    private final Runnable onEnd;
    private volatile boolean ended;
    private boolean warm;

    /** @param onEnd run once, when everything has been said that is to be said */
    Kernel(
            Codec codec,
            Messenger messenger,
            InterpreterFactory factory,
            IdleMemory memory,
            long gatherMillis,
            Runnable onEnd) {
        this.codec = codec;
        this.memory = memory;
        this.onEnd = onEnd;
        this.messenger = messenger;
        this.interpreter = new LazyInterpreter(factory);
        this.questions = new StdinRequests(messenger);
        this.cells = new Cells(messenger, interpreter, history, questions, memory, gatherMillis);
    }

    void start() {
        messenger.send(messenger.publish(Optional.empty(), PublishStatus.STARTING));
        cells.start();
    }

    /** Answers {@code request}, soon; never blocks and never throws. */
    void receive(Request request) {
        memory.used();
        Optional<Fault> wrong = request.whatIsWrong();
        if (wrong.isPresent()) {
            refuse(request, wrong.get());
            return;
        }
        try {
            switch (request.type()) {
                case "kernel_info_request" -> answerInfo(request);
                case "execute_request" -> cells.submit(request, codec.content(request, ExecuteRequest.class));
                case "input_reply" -> questions.answered(request);
                case "interrupt_request" -> control.submit(() -> interrupt(request));
                case "shutdown_request" -> control.submit(() -> shutDown(request));
                case "debug_request" -> answer(request, r -> Replies.noDebugger(r.content()));
                case "complete_request" -> inspections.submit(() -> answer(request, this::complete));
                case "inspect_request" -> inspections.submit(() -> answer(request, this::inspect));
                case "is_complete_request" -> inspections.submit(() -> answer(request, this::isComplete));
                case "history_request" -> inspections.submit(() -> answer(request, this::history));
                case "comm_info_request" -> answer(request, r -> new CommInfoReply(Map.of()));
                case "comm_open" -> refuseComm(request);
                case "comm_msg", "comm_close" -> ignore(request);
                default -> unknown(request);
            }
        } catch (RuntimeException e) {
            refuse(request, Fault.malformed(Replies.sentence(e)));
        }
    }

    private void refuse(Request request, Fault fault) {
        KernelLog.warn("refused a " + request.type() + ": " + fault.sentence());
        if (request.type().equals("execute_request") && fault.concernsUser()) {
            cells.refuse(request, fault);
        } else if (request.wantsReply()) {
            answer(request, r -> Replies.error(fault));
        } else if (!request.type().equals("input_reply")) {
            ignore(request);
        }
    }

    /** The first thing that a front-end waits for, so it comes before the interpreter is made. */
    private void answerInfo(Request request) {
        answer(request, r -> info);
        if (!warm) {
            warm = true;
            cells.warmUp(this::warmUp);
        }
    }

    /** The contents that nearly every cell sends. */
    private void warmUp() {
        codec.warmUp(new PublishExecuteInput("", 0));
        codec.warmUp(new PublishStream(StreamType.OUT, ""));
        codec.warmUp(Replies.executed(0, Map.of()));
        codec.warmUp(new PublishDisplayData(MimeBundles.of(Rendered.text(""))));
    }

    private void answer(Request request, Answer answer) {
        messenger.send(messenger.publish(request, PublishStatus.BUSY));
        Object content;
        try {
            content = answer.to(request);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError | OutOfMemoryError e) {
            KernelLog.warn("could not answer a " + request.type(), e);
            String sentence = Replies.sentence(e);
            content = Replies.error(
                    e instanceof JsonParseException
                            ? Fault.malformed(sentence)
                            : new Fault("Internal error", sentence));
        }
        settle(request, messenger.reply(request, content));
    }

    /** The end of a request that is not a cell: what is left to say, then {@code idle}. */
    private void settle(Request request, Outgoing... last) {
        Outgoing[] all = Arrays.copyOf(last, last.length + 1);
        all[last.length] = messenger.publish(request, PublishStatus.IDLE);
        messenger.send(all);
        cells.sayBusyAgain();
    }

    private Object complete(Request request) throws Exception {
        CompleteRequest asked = codec.content(request, CompleteRequest.class);
        String code = asked.getCode();
        int cursor = CodePoints.toUtf16(code, asked.getCursorPos());
        return Replies.completed(code, interpreter.get().complete(code, cursor));
    }

    private Object inspect(Request request) throws Exception {
        InspectRequest asked = codec.content(request, InspectRequest.class);
        String code = asked.getCode();
        int cursor = CodePoints.toUtf16(code, asked.getCursorPos());
        return interpreter
                .get()
                .inspect(code, cursor, asked.getDetailLevel())
                .map(found -> new InspectReply(true, MimeBundles.help(found)))
                .orElseGet(() -> new InspectReply(false, DisplayData.EMPTY));
    }

    private Object isComplete(Request request) throws Exception {
        String code = codec.content(request, IsCompleteRequest.class).getCode();
        return Replies.completeness(interpreter.get().completeness(code));
    }

    private Object history(Request request) {
        return Replies.history(history, codec.content(request, HistoryRequest.class));
    }

    private void interrupt(Request request) {
        answer(request, r -> {
            cells.interrupt();
            return new InterruptReply();
        });
        cells.retryInterrupt();
    }

    /** As {@code interrupt_request}, for whoever sends a signal. */
    void interrupt() {
        control.submit(() -> {
            cells.interrupt();
            cells.retryInterrupt();
        });
    }

    private void shutDown(Request request) {
        boolean restart = codec.content(request, ShutdownRequest.class).isRestart();
        ShutdownReply reply = restart ? ShutdownReply.SHUTDOWN_AND_RESTART : ShutdownReply.SHUTDOWN;
        messenger.send(messenger.publish(request, PublishStatus.BUSY));
        stop();
        settle(request, messenger.reply(request, reply), messenger.publish(request, reply));
        end();
    }

    /** As {@code shutdown_request}, for whoever sends a signal. */
    void shutDown() {
        control.submit(() -> {
            stop();
            end();
        });
    }

    private void stop() {
        try {
            cells.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        inspections.stop();
        interpreter.close();
    }

    private void end() {
        ended = true;
        memory.stop();
        control.stop();
        onEnd.run();
    }

    /** Whether this has been shut down, and nothing more will be said. */
    boolean hasEnded() {
        return ended;
    }

    private void ignore(Request request) {
        messenger.send(messenger.publish(request, PublishStatus.BUSY));
        settle(request);
    }

    /** No target is registered here, and the protocol says to close what cannot be opened. */
    private void refuseComm(Request request) {
        messenger.send(messenger.publish(request, PublishStatus.BUSY));
        String id = Request.string(request.content(), "comm_id").orElse("");
        settle(request, messenger.publish(request, new CommCloseCommand(id, new JsonObject())));
    }

    private void unknown(Request request) {
        KernelLog.warn("unknown message type " + request.type());
        if (request.wantsReply()) {
            answer(request, r -> Replies.error(new Fault("Unknown request", "unknown message type " + r.type())));
        } else {
            ignore(request);
        }
    }
}
