package org.layerbook.kernel;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.dflib.jjava.jupyter.messages.HMACGenerator;
import org.layerbook.kernel.wire.Channel;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** A front-end in the same process, for trainings and tests. For use by one thread. */
final class LoopbackClient implements AutoCloseable {
    /** A message from the kernel, as JSON. */
    record Received(Channel channel, JsonObject header, JsonObject parent, JsonObject metadata, JsonObject content) {
        String type() {
            return header.get("msg_type").getAsString();
        }

        /** The id of the request that this belongs to, empty for none. */
        String parentId() {
            return parent.has("msg_id") ? parent.get("msg_id").getAsString() : "";
        }
    }

    private final ZMQ.Context context = ZMQ.context(1);
    private final Map<Channel, ZMQ.Socket> sockets = new EnumMap<>(Channel.class);
    private final HMACGenerator signer;
    private final String session = UUID.randomUUID().toString();
    private final AtomicInteger count = new AtomicInteger();

    /** @param endpoint where each channel listens */
    LoopbackClient(HMACGenerator signer, Function<Channel, String> endpoint) {
        this.signer = signer;
        for (Channel channel : Channel.values()) {
            ZMQ.Socket socket = context.socket(
                    switch (channel) {
                        case SHELL, CONTROL, STDIN -> SocketType.DEALER;
                        case IOPUB -> SocketType.SUB;
                        case HEARTBEAT -> SocketType.REQ;
                    });
            socket.setLinger(0);
            socket.setHWM(0);
            if (channel == Channel.IOPUB) {
                socket.subscribe(new byte[0]);
            } else {
                socket.setIdentity(session.getBytes(StandardCharsets.US_ASCII));
            }
            socket.connect(endpoint.apply(channel));
            sockets.put(channel, socket);
        }
    }

    ZMQ.Socket socket(Channel channel) {
        return sockets.get(channel);
    }

    /** Sends a request and returns its id. */
    String send(Channel channel, String type, JsonObject content) {
        return send(channel, type, new JsonObject(), new JsonObject(), content);
    }

    String send(Channel channel, String type, JsonObject parent, JsonObject metadata, JsonObject content) {
        JsonObject header = header(type);
        sendFrames(channel, frames(bytes(header), bytes(parent), bytes(metadata), bytes(content)));
        return header.get("msg_id").getAsString();
    }

    /** The frames of a request that is not sent yet. */
    List<byte[]> request(String type, JsonObject content) {
        return frames(bytes(header(type)), bytes(new JsonObject()), bytes(new JsonObject()), bytes(content));
    }

    private JsonObject header(String type) {
        var header = new JsonObject();
        header.addProperty("msg_id", session + "_" + count.incrementAndGet());
        header.addProperty("session", session);
        header.addProperty("username", "user");
        header.addProperty("date", Codec.now());
        header.addProperty("msg_type", type);
        header.addProperty("version", Codec.PROTOCOL_VERSION);
        return header;
    }

    /** The frames of a message with these parts, signed. */
    List<byte[]> frames(byte[]... parts) {
        var frames = new ArrayList<byte[]>();
        frames.add("<IDS|MSG>".getBytes(StandardCharsets.US_ASCII));
        frames.add(signer.calculateSignature(parts).getBytes(StandardCharsets.US_ASCII));
        frames.addAll(List.of(parts));
        return frames;
    }

    void sendFrames(Channel channel, List<byte[]> frames) {
        ZMQ.Socket socket = sockets.get(channel);
        for (int i = 0; i < frames.size(); i++) {
            socket.send(frames.get(i), i < frames.size() - 1 ? ZMQ.SNDMORE : 0);
        }
    }

    /** @throws IllegalStateException when nothing comes in time, or its signature does not hold */
    Received receive(Channel channel, Duration patience) {
        ZMQ.Socket socket = sockets.get(channel);
        socket.setReceiveTimeOut((int) patience.toMillis());
        var frames = new ArrayList<byte[]>();
        do {
            byte[] frame = socket.recv();
            if (frame == null) {
                throw new IllegalStateException("nothing on " + channel + " in " + patience);
            }
            frames.add(frame);
        } while (socket.hasReceiveMore());
        int delimiter = 0;
        while (!new String(frames.get(delimiter), StandardCharsets.UTF_8).equals("<IDS|MSG>")) {
            delimiter++;
        }
        List<byte[]> parts = frames.subList(delimiter + 2, frames.size());
        String signature = signer.calculateSignature(parts.get(0), parts.get(1), parts.get(2), parts.get(3));
        if (!signature.equals(new String(frames.get(delimiter + 1), StandardCharsets.US_ASCII))) {
            throw new IllegalStateException("a message on " + channel + " is not signed as it should be");
        }
        return new Received(
                channel, object(parts.get(0)), object(parts.get(1)), object(parts.get(2)), object(parts.get(3)));
    }

    /** Everything on IOPUB up to and with the {@code idle} that ends {@code request}, whatever it belongs to. */
    List<Received> untilIdle(String request, Duration patience) {
        var received = new ArrayList<Received>();
        while (true) {
            Received next = receive(Channel.IOPUB, patience);
            received.add(next);
            if (next.type().equals("status")
                    && next.parentId().equals(request)
                    && next.content().get("execution_state").getAsString().equals("idle")) {
                return received;
            }
        }
    }

    private static byte[] bytes(JsonObject object) {
        return object.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static JsonObject object(byte[] json) {
        return JsonParser.parseString(new String(json, StandardCharsets.UTF_8)).getAsJsonObject();
    }

    @Override
    public void close() {
        sockets.values().forEach(ZMQ.Socket::close);
        context.close();
    }
}
