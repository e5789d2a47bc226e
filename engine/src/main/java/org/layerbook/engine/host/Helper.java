package org.layerbook.engine.host;

import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.layerbook.engine.linux.Fifo;

/**
 * The line to the helper that the launcher left outside: requests {@code run N} and {@code kill N SIGNAL} go out through
 * one pipe, replies {@code N STATUS} come back through another.
 */
final class Helper {
    private final OutputStream requests;
    private final Map<Integer, CompletableFuture<Integer>> waiting = new ConcurrentHashMap<>();
    private volatile boolean gone;

    private Helper(OutputStream requests) {
        this.requests = requests;
    }

    /** @param directory what the launcher made for this process */
    static Helper connect(Path directory) throws IOException {
        if (!Fifo.hasReader(directory.resolve("requests"))) {
            throw isGone();
        }
        Helper helper =
                new Helper(new FileOutputStream(directory.resolve("requests").toFile()));
        BufferedReader replies = Files.newBufferedReader(directory.resolve("replies"), StandardCharsets.US_ASCII);
        Thread.ofPlatform().daemon().name("replies of the helper").start(() -> helper.read(replies));
        return helper;
    }

    private static IOException isGone() {
        return new IOException("the helper that runs host commands was killed: restart Layerbook");
    }

    /** The status, once the command has ended. */
    CompletableFuture<Integer> run(int number) throws IOException {
        CompletableFuture<Integer> status = new CompletableFuture<>();
        waiting.put(number, status);
        request("run " + number);
        if (gone) {
            status.completeExceptionally(isGone());
        }
        return status;
    }

    void kill(int number, String signal) throws IOException {
        request("kill " + number + " " + signal);
    }

    /** In one write, so that requests of two threads never mix. */
    private synchronized void request(String line) throws IOException {
        requests.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        requests.flush();
    }

    private void read(BufferedReader replies) {
        try (replies) {
            for (String line = replies.readLine(); line != null; line = replies.readLine()) {
                String[] words = line.split(" ");
                CompletableFuture<Integer> status = waiting.remove(Integer.valueOf(words[0]));
                if (status != null) {
                    status.complete(Integer.valueOf(words[1]));
                }
            }
        } catch (IOException endsLikeAnEndOfFile) {
            gone = true;
        }
        gone = true;
        waiting.values().forEach(w -> w.completeExceptionally(isGone()));
    }
}
