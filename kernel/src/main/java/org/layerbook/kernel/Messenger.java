package org.layerbook.kernel;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.dflib.jjava.jupyter.messages.ContentType;
import org.dflib.jjava.jupyter.messages.publish.PublishStream.StreamType;
import org.dflib.jjava.jupyter.messages.request.InputRequest;
import org.layerbook.kernel.wire.Channel;
import org.layerbook.kernel.wire.Outbox;
import org.layerbook.kernel.wire.Outgoing;
import org.layerbook.kernel.wire.Request;

/** Addresses messages: each gets an id, the header of what it answers, and the way there. Thread-safe. */
final class Messenger {
    private final String session;
    private final Outbox outbox;
    private final AtomicLong count = new AtomicLong();

    Messenger(String session, Outbox outbox) {
        this.session = session;
        this.outbox = outbox;
    }

    Outbox outbox() {
        return outbox;
    }

    String newId() {
        return session + "_" + count.incrementAndGet();
    }

    void send(Outgoing... messages) {
        outbox.send(messages);
    }

    /** A message for every front-end, under the header of {@code parent}. */
    Outgoing publish(Request parent, ContentType<?> content) {
        return publish(Optional.of(parent), content);
    }

    Outgoing publish(Optional<Request> parent, ContentType<?> content) {
        String type = content.getType().getName();
        return new Outgoing(
                Channel.IOPUB,
                List.of(type.getBytes(StandardCharsets.UTF_8)),
                newId(),
                type,
                parent.map(Request::header),
                new JsonObject(),
                content);
    }

    void stream(Request parent, StreamType type, String text) {
        outbox.stream(parent, type, text, content -> publish(parent, content));
    }

    /** Tells a new subscriber that it hears everything from here on: {@code iopub_welcome} of the protocol's 5.4. */
    void welcome(byte[] topic) {
        var content = new JsonObject();
        content.addProperty("subscription", new String(topic, StandardCharsets.UTF_8));
        outbox.send(new Outgoing(
                Channel.IOPUB,
                topic.length == 0 ? List.of() : List.of(topic),
                newId(),
                "iopub_welcome",
                Optional.empty(),
                new JsonObject(),
                content));
    }

    /** A message for the front-end that sent {@code request}. */
    Outgoing reply(Request request, Object content) {
        return reply(request, new JsonObject(), content);
    }

    Outgoing reply(Request request, JsonObject metadata, Object content) {
        return new Outgoing(
                request.channel(),
                request.identities(),
                newId(),
                request.replyType(),
                Optional.of(request.header()),
                metadata,
                content);
    }

    /** Asks the front-end that sent {@code parent}; the answer's parent id is {@code id}. */
    void ask(Request parent, String id, InputRequest question) {
        outbox.send(new Outgoing(
                Channel.STDIN,
                parent.identities(),
                id,
                question.getType().getName(),
                Optional.of(parent.header()),
                new JsonObject(),
                question));
    }
}
