package org.layerbook.kernel;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.dflib.jjava.jupyter.messages.HMACGenerator;
import org.layerbook.kernel.wire.Channel;
import org.layerbook.kernel.wire.ConnectionFile;

/** A kernel around an {@link EchoInterpreter} on loopback sockets, and a front-end that has subscribed to it. */
final class TestKernel implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Long enough for what is sent together to arrive together, however busy the machine is. */
    private static final long GATHER_MILLIS = 500;

    private static final String KEY = "d1a5e2b0-test";

    final EchoInterpreter interpreter;
    final KernelServer server;
    final LoopbackClient client;
    private final Thread serving;

    TestKernel() throws IOException {
        this(new EchoInterpreter());
    }

    private TestKernel(EchoInterpreter interpreter) throws IOException {
        this(interpreter, () -> interpreter);
    }

    TestKernel(EchoInterpreter interpreter, InterpreterFactory factory) throws IOException {
        this.interpreter = interpreter;
        ConnectionFile file = ConnectionFile.parse("""
                {"ip": "127.0.0.1", "transport": "tcp", "signature_scheme": "hmac-sha256", "key": "%s"}""".formatted(KEY));
        server = KernelServer.bind(file, factory, GATHER_MILLIS);
        serving = Thread.ofPlatform().name("kernel").start(this::serve);
        client = connect(file.signer());
    }

    private void serve() {
        try {
            server.serve();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another front-end. */
    LoopbackClient connect() throws IOException {
        return connect(signer(KEY));
    }

    private LoopbackClient connect(HMACGenerator signer) {
        var connected = new LoopbackClient(signer, server::endpoint);
        while (!connected.receive(Channel.IOPUB, PATIENCE).type().equals("iopub_welcome")) {
            // The subscription holds from a moment before the kernel hears of it.
        }
        return connected;
    }

    static HMACGenerator signer(String key) {
        try {
            return new HMACGenerator("hmac-sha256", key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String execute(String code) {
        return client.send(Channel.SHELL, "execute_request", code(code));
    }

    /** Runs a cell to its end and gives back what came on IOPUB. */
    List<LoopbackClient.Received> run(String code) {
        String id = execute(code);
        List<LoopbackClient.Received> heard = client.untilIdle(id, PATIENCE);
        reply();
        return heard;
    }

    LoopbackClient.Received reply() {
        return client.receive(Channel.SHELL, PATIENCE);
    }

    static JsonObject code(String code) {
        var content = new JsonObject();
        content.addProperty("code", code);
        return content;
    }

    static JsonObject json(String json) {
        return JsonParser.parseString(json).getAsJsonObject();
    }

    /** {@code heard} with neighbouring texts of one stream, and neighbouring updates of one display, as one message. */
    static List<LoopbackClient.Received> joined(List<LoopbackClient.Received> heard) {
        var joined = new ArrayList<LoopbackClient.Received>();
        for (LoopbackClient.Received message : heard) {
            if (!joined.isEmpty() && continues(joined.getLast(), message)) {
                JsonObject content = joined.getLast().content();
                content.addProperty("text", text(joined.getLast()) + text(message));
            } else if (!joined.isEmpty() && replaces(joined.getLast(), message)) {
                joined.set(joined.size() - 1, message);
            } else {
                joined.add(message);
            }
        }
        return joined;
    }

    private static boolean continues(LoopbackClient.Received last, LoopbackClient.Received next) {
        return last.type().equals("stream")
                && next.type().equals("stream")
                && last.parentId().equals(next.parentId())
                && last.content().get("name").equals(next.content().get("name"));
    }

    private static boolean replaces(LoopbackClient.Received last, LoopbackClient.Received next) {
        return last.type().equals("update_display_data")
                && next.type().equals("update_display_data")
                && last.content().get("transient").equals(next.content().get("transient"));
    }

    /** What {@code heard} holds of standard output and error. */
    static String printed(List<LoopbackClient.Received> heard) {
        return heard.stream()
                .filter(message -> message.type().equals("stream"))
                .map(TestKernel::text)
                .collect(Collectors.joining());
    }

    static String text(LoopbackClient.Received stream) {
        return stream.content().get("text").getAsString();
    }

    /** Whether the kernel still answers. */
    void assertAlive() {
        String id = client.send(Channel.SHELL, "kernel_info_request", new JsonObject());
        LoopbackClient.Received reply = reply();
        if (!reply.type().equals("kernel_info_reply") || !reply.parentId().equals(id)) {
            throw new AssertionError("instead of kernel_info_reply: " + reply);
        }
        client.untilIdle(id, PATIENCE);
    }

    void awaitEnd() {
        try {
            serving.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (serving.isAlive()) {
            throw new AssertionError("the kernel goes on");
        }
    }

    @Override
    public void close() throws IOException {
        server.kernel().shutDown();
        awaitEnd();
        client.close();
        server.close();
    }
}
