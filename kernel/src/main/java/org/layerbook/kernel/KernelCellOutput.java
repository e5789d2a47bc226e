package org.layerbook.kernel;

import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.CopyOnWriteArrayList;
import org.dflib.jjava.jupyter.messages.publish.PublishDisplayData;
import org.dflib.jjava.jupyter.messages.publish.PublishExecuteResult;
import org.dflib.jjava.jupyter.messages.publish.PublishStream.StreamType;
import org.dflib.jjava.jupyter.messages.publish.PublishUpdateDisplayData;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.Rendered;
import org.layerbook.kernel.wire.Request;

/**
 * Where a cell's output goes: to every front-end, under the header of the request that runs the cell, from whatever
 * thread it comes. What {@link #display} shows is a result and carries the cell's number.
 */
final class KernelCellOutput implements CellOutput {
    /** What front-ends show without wrapping. */
    private static final int COLUMNS = 100;

    private final Messenger messenger;
    private final StdinRequests questions;
    private final Request request;
    private final int number;
    private final boolean mayAsk;
    private final List<String> displayIds = new CopyOnWriteArrayList<>();
    private final StringJoiner results = new StringJoiner("\n");

    KernelCellOutput(Messenger messenger, StdinRequests questions, Request request, int number, boolean mayAsk) {
        this.messenger = messenger;
        this.questions = questions;
        this.request = request;
        this.number = number;
        this.mayAsk = mayAsk;
    }

    @Override
    public void stdout(String text) {
        stream(StreamType.OUT, text);
    }

    @Override
    public void stderr(String text) {
        stream(StreamType.ERR, text);
    }

    private void stream(StreamType type, String text) {
        if (!text.isEmpty()) {
            messenger.stream(request, type, text);
        }
    }

    @Override
    public void display(Rendered rendered) {
        synchronized (results) {
            results.add(rendered.text());
        }
        messenger.send(messenger.publish(request, new PublishExecuteResult(number, MimeBundles.of(rendered))));
    }

    @Override
    public Display live(Rendered rendered) {
        String id = messenger.newId();
        displayIds.add(id);
        var shown = new PublishDisplayData(MimeBundles.of(rendered, id));
        messenger.outbox().show(id, messenger.publish(request, shown));
        return changed -> update(id, changed);
    }

    private void update(String id, Rendered rendered) {
        var update = new PublishUpdateDisplayData(MimeBundles.of(rendered, id));
        messenger.outbox().update(id, messenger.publish(request, update));
    }

    @Override
    public Optional<String> ask(String prompt, boolean password) {
        return mayAsk ? questions.ask(request, prompt, password) : Optional.empty();
    }

    @Override
    public boolean takesLines() {
        return mayAsk;
    }

    @Override
    public void withdrawQuestion() {
        questions.cancel();
    }

    @Override
    public int columns() {
        return COLUMNS;
    }

    @Override
    public boolean unfolds() {
        return true;
    }

    /** Sends the last state of every live display. */
    void settle() {
        messenger.outbox().settle(displayIds);
    }

    /** The text of every result so far. */
    String results() {
        synchronized (results) {
            return results.toString();
        }
    }
}
