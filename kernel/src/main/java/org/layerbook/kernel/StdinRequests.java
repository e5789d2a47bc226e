package org.layerbook.kernel;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.dflib.jjava.jupyter.messages.request.InputRequest;
import org.layerbook.kernel.wire.Request;

/** Asks the user through the front-end, one question at a time. Thread-safe. */
final class StdinRequests {
    private record Pending(String id, CompletableFuture<Optional<String>> answer) {}

    private final Messenger messenger;
    private Optional<Pending> pending = Optional.empty();

    StdinRequests(Messenger messenger) {
        this.messenger = messenger;
    }

    /** Waits for the answer; empty when the question was taken back. */
    Optional<String> ask(Request parent, String prompt, boolean password) {
        var asked = new Pending(messenger.newId(), new CompletableFuture<>());
        synchronized (this) {
            cancel();
            pending = Optional.of(asked);
        }
        messenger.ask(parent, asked.id(), new InputRequest(prompt, password));
        try {
            return asked.answer().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an answer never fails", e);
        }
    }

    /**
     * Takes an {@code input_reply}. One that names another question came too late; jupyter_client's own names none, and
     * is for the question that is open.
     */
    synchronized void answered(Request reply) {
        pending.filter(open -> reply.parentId().map(open.id()::equals).orElse(true))
                .ifPresent(open -> {
                    pending = Optional.empty();
                    open.answer()
                            .complete(Optional.of(
                                    Request.string(reply.content(), "value").orElse("")));
                });
    }

    /** Takes the open question back. */
    synchronized void cancel() {
        pending.ifPresent(open -> open.answer().complete(Optional.empty()));
        pending = Optional.empty();
    }
}
