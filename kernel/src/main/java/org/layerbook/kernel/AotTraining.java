package org.layerbook.kernel;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.layerbook.kernel.wire.Channel;
import org.layerbook.kernel.wire.ConnectionFile;

/**
 * A conversation as a front-end has it, from the first request to shutdown, within this process. The JVM that rehearses
 * it under {@code -XX:AOTCacheOutput} writes a cache with which the next kernel starts in a fraction of the time.
 */
final class AotTraining {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final LoopbackClient client;

    private AotTraining(LoopbackClient client) {
        this.client = client;
    }

    /** @param cells run in this order, whether they succeed or not */
    static void of(InterpreterFactory factory, List<String> cells) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("layerbook-training");
        Path file = folder.resolve("connection.json");
        try {
            ConnectionFile connection = ConnectionFile.read(Files.writeString(file, connection()));
            var bound = new CompletableFuture<KernelServer>();
            Thread kernel = Thread.ofPlatform().name("kernel").start(() -> serve(file, factory, bound));
            try (var client = new LoopbackClient(connection.signer(), bound.join()::endpoint)) {
                new AotTraining(client).converse(cells);
            }
            kernel.join();
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    private static String connection() {
        var file = new JsonObject();
        file.addProperty("ip", "127.0.0.1");
        file.addProperty("transport", "tcp");
        file.addProperty("signature_scheme", "hmac-sha256");
        file.addProperty("key", UUID.randomUUID().toString());
        return file.toString();
    }

    private static void serve(Path file, InterpreterFactory factory, CompletableFuture<KernelServer> bound) {
        try {
            KernelMain.serve(file, factory, bound::complete);
        } catch (IOException e) {
            bound.completeExceptionally(e);
        }
    }

    private void converse(List<String> cells) {
        client.receive(Channel.IOPUB, PATIENCE);
        ask(Channel.SHELL, "kernel_info_request", new JsonObject());
        ask(Channel.CONTROL, "kernel_info_request", new JsonObject());
        var history = new JsonObject();
        history.addProperty("hist_access_type", "tail");
        history.addProperty("n", 10);
        ask(Channel.SHELL, "history_request", history);
        ask(Channel.SHELL, "comm_info_request", new JsonObject());
        for (String cell : cells) {
            var content = code(cell);
            ask(Channel.SHELL, "is_complete_request", code(cell));
            content.addProperty("cursor_pos", Math.min(3, cell.length()));
            ask(Channel.SHELL, "complete_request", content);
            ask(Channel.SHELL, "inspect_request", content);
            ask(Channel.SHELL, "execute_request", code(cell));
        }
        ask(Channel.CONTROL, "interrupt_request", new JsonObject());
        var shutdown = new JsonObject();
        shutdown.addProperty("restart", false);
        ask(Channel.CONTROL, "shutdown_request", shutdown);
    }

    private void ask(Channel channel, String type, JsonObject content) {
        String id = client.send(channel, type, content);
        client.receive(channel, PATIENCE);
        client.untilIdle(id, PATIENCE);
    }

    private static JsonObject code(String code) {
        var content = new JsonObject();
        content.addProperty("code", code);
        return content;
    }
}
