package org.layerbook.kernel;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.dflib.jjava.jupyter.kernel.ExpressionValue;
import org.dflib.jjava.jupyter.kernel.history.HistoryEntry;
import org.dflib.jjava.jupyter.messages.HMACGenerator;
import org.dflib.jjava.jupyter.messages.adapters.HistoryEntryAdapter;
import org.dflib.jjava.jupyter.messages.adapters.HistoryRequestAdapter;
import org.dflib.jjava.jupyter.messages.publish.PublishStatus;
import org.dflib.jjava.jupyter.messages.reply.ErrorReply;
import org.dflib.jjava.jupyter.messages.request.ExecuteRequest;
import org.dflib.jjava.jupyter.messages.request.HistoryRequest;
import org.layerbook.kernel.wire.Channel;
import org.layerbook.kernel.wire.Fault;
import org.layerbook.kernel.wire.Outgoing;
import org.layerbook.kernel.wire.Replays;
import org.layerbook.kernel.wire.Request;

/**
 * Frames to messages and back: the wire protocol of jupyter-client's page "Messaging in Jupyter", with the content
 * classes of jjava-jupyter. {@link #decode} is for one thread, everything else is thread-safe.
 */
final class Codec {
    /** The version of the messaging protocol that headers and {@code kernel_info_reply} name. */
    static final String PROTOCOL_VERSION = "5.5";

    private static final byte[] DELIMITER = "<IDS|MSG>".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EMPTY_OBJECT = "{}".getBytes(StandardCharsets.US_ASCII);
    /** Signature, header, parent header, metadata, content. */
    private static final int PARTS = 5;

    private static final int MIB = 1 << 20;
    /** It is repeated in all that a cell says. */
    private static final int HEADER_BYTES = 1 << 16;
    /** As text and as a tree it takes several times as much. */
    private static final int PART_BYTES = Math.clamp(Runtime.getRuntime().maxMemory() / 16, 4 * MIB, 32 * MIB);

    /** It is written into headers as it is. */
    private static final Pattern TYPE = Pattern.compile("[\\w.-]{1,100}");

    private final HMACGenerator signer;
    private final String session;
    private final boolean signed;
    private final Replays replays = new Replays();
    private final Gson gson = new GsonBuilder()
            .disableHtmlEscaping()
            .registerTypeAdapter(ExecuteRequest.class, new ExecuteRequestReader())
            .registerTypeAdapter(HistoryRequest.class, HistoryRequestAdapter.INSTANCE)
            .registerTypeAdapter(HistoryEntry.class, HistoryEntryAdapter.INSTANCE)
            .registerTypeAdapter(PublishStatus.class, new StatusWriter())
            .registerTypeAdapter(KernelInfo.class, new KernelInfo.Writer())
            .registerTypeHierarchyAdapter(ExpressionValue.class, new ExpressionValueWriter())
            .create();

    /** @param session what this kernel calls itself in the headers of its messages */
    Codec(HMACGenerator signer, String session) {
        this.signer = signer;
        this.session = session;
        this.signed = signer != HMACGenerator.NO_AUTH_INSTANCE;
    }

    /** @param frames routing frames, the delimiter, the parts, then buffers, which this kernel has no use for */
    Request decode(Channel channel, List<byte[]> frames) throws MalformedMessageException {
        int delimiter = delimiter(frames);
        List<byte[]> parts = frames.subList(delimiter + 1, frames.size());
        verify(parts);
        if (signed && !replays.isNew(parts.get(0))) {
            throw new MalformedMessageException("it is a duplicate");
        }
        JsonObject header = header(parts.get(1));
        var faults = new ArrayList<Fault>();
        return new Request(
                channel,
                List.copyOf(frames.subList(0, delimiter)),
                parts.get(1),
                named(header, "msg_id"),
                named(header, "msg_type"),
                Request.string(header, "session").orElse(""),
                Request.string(header, "date"),
                Request.string(object(parts.get(2), "parent header", faults), "msg_id"),
                object(parts.get(3), "metadata", faults),
                object(parts.get(4), "content", faults),
                faults.stream().findFirst(),
                System.nanoTime());
    }

    /** The place of the delimiter, after which all parts have to be. */
    private static int delimiter(List<byte[]> frames) throws MalformedMessageException {
        int delimiter = 0;
        while (delimiter < frames.size() && !Arrays.equals(DELIMITER, frames.get(delimiter))) {
            delimiter++;
        }
        if (delimiter == frames.size()) {
            throw new MalformedMessageException("no delimiter in a message of " + frames.size() + " frames");
        }
        int parts = frames.size() - delimiter - 1;
        if (parts < PARTS) {
            throw new MalformedMessageException("only " + parts + " parts after the delimiter");
        }
        return delimiter;
    }

    /** Whether this is a message from somebody who has the key. Any thread may ask. */
    boolean isSigned(List<byte[]> frames) {
        try {
            verify(frames.subList(delimiter(frames) + 1, frames.size()));
            return true;
        } catch (MalformedMessageException e) {
            return false;
        }
    }

    private void verify(List<byte[]> parts) throws MalformedMessageException {
        if (!signed) {
            return;
        }
        String expected = signer.calculateSignature(parts.get(1), parts.get(2), parts.get(3), parts.get(4));
        if (!MessageDigest.isEqual(expected.getBytes(StandardCharsets.US_ASCII), parts.get(0))) {
            throw new MalformedMessageException("invalid signature");
        }
    }

    /** A message without a header that can be read cannot be answered: the answer repeats it. */
    private static JsonObject header(byte[] json) throws MalformedMessageException {
        if (json.length > HEADER_BYTES) {
            throw new MalformedMessageException("a header of " + json.length + " bytes");
        }
        var faults = new ArrayList<Fault>();
        JsonObject header = object(json, "header", faults);
        if (!faults.isEmpty()) {
            throw new MalformedMessageException(faults.getFirst().sentence());
        }
        return header;
    }

    private static String named(JsonObject header, String name) throws MalformedMessageException {
        String value =
                Request.string(header, name).orElseThrow(() -> new MalformedMessageException("header without " + name));
        if (name.equals("msg_type") && !TYPE.matcher(value).matches()) {
            throw new MalformedMessageException("an invalid msg_type");
        }
        return value;
    }

    /** @param faults where it is told what is wrong; the result is empty then */
    private static JsonObject object(byte[] json, String part, List<Fault> faults) {
        if (Arrays.equals(json, EMPTY_OBJECT)) {
            return new JsonObject();
        }
        if (json.length > PART_BYTES) {
            faults.add(Fault.tooLarge("the %s has %d MiB, the limit is %d MiB: put large content into a file"
                    .formatted(part, json.length / MIB, PART_BYTES / MIB)));
            return new JsonObject();
        }
        try {
            if (StrictJson.parse(json) instanceof JsonObject object) {
                return object;
            }
            faults.add(Fault.malformed("the " + part + " is not a JSON object"));
        } catch (JsonParseException e) {
            faults.add(Fault.malformed("the " + part + " " + e.getMessage()));
        }
        return new JsonObject();
    }

    /**
     * The content of {@code request} as one of the library's classes.
     *
     * @throws JsonParseException when the request has a {@link Request#fault()}
     */
    <T> T content(Request request, Class<T> type) {
        return gson.fromJson(request.content(), type);
    }

    /** Encodes {@code content} for nobody, so that the first who waits for its like need not wait for class loading. */
    void warmUp(Object content) {
        encode(new Outgoing(Channel.IOPUB, List.of(), "", "", Optional.empty(), new JsonObject(), content));
    }

    /** The frames of {@code message}, signed. */
    List<byte[]> encode(Outgoing message) {
        byte[] header = header(message).getBytes(StandardCharsets.UTF_8);
        byte[] parent = message.parent().orElse(EMPTY_OBJECT);
        byte[] metadata = message.metadata().isEmpty() ? EMPTY_OBJECT : bytes(message.metadata());
        byte[] content = content(message);
        var frames = new ArrayList<byte[]>(message.identities().size() + PARTS + 1);
        frames.addAll(message.identities());
        frames.add(DELIMITER);
        frames.add(signer.calculateSignature(header, parent, metadata, content).getBytes(StandardCharsets.US_ASCII));
        frames.add(header);
        frames.add(parent);
        frames.add(metadata);
        frames.add(content);
        return frames;
    }

    /** Written by hand, since it is written for every message and nothing in it needs escaping. */
    private String header(Outgoing message) {
        return "{\"msg_id\":\"" + message.id() + "\",\"session\":\"" + session
                + "\",\"username\":\"kernel\",\"date\":\"" + now() + "\",\"msg_type\":\"" + message.type()
                + "\",\"version\":\"" + PROTOCOL_VERSION + "\"}";
    }

    /** Every reply has a status; the library leaves it out of these. */
    private byte[] content(Outgoing message) {
        byte[] content = bytes(message.content());
        return switch (message.type()) {
            case "kernel_info_reply", "history_reply", "comm_info_reply", "interrupt_reply", "shutdown_reply" ->
                message.content() instanceof ErrorReply ? content : withStatus(content);
            default -> content;
        };
    }

    private static byte[] withStatus(byte[] object) {
        String fields = new String(object, 1, object.length - 1, StandardCharsets.UTF_8);
        return ("{\"status\":\"ok\"" + (fields.equals("}") ? "" : ",") + fields).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] bytes(Object json) {
        return gson.toJson(json).getBytes(StandardCharsets.UTF_8);
    }

    /** Now, as headers write it: ISO 8601 in UTC, to the microsecond, which is what Python clients read. */
    static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS).toString();
    }
}
