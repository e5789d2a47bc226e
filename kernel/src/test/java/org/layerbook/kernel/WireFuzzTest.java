package org.layerbook.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.kernel.wire.Channel;

/**
 * A kernel process takes ten thousand things that it should not get, on all of its sockets, and then runs a cell for the
 * front-end that was there before and for one that comes afterwards. The same things in the same order every time;
 * {@code -Dwire.fuzz.rounds=100000} throws more, {@code -Dwire.fuzz.seed=21} others.
 */
class WireFuzzTest {
    private static final int ROUNDS = Integer.getInteger("wire.fuzz.rounds", 10_000);
    /** Connections that stay open, as those of somebody who does not hang up. */
    private static final int OPEN = 60;

    private static final List<Channel> REQUESTS = List.of(Channel.SHELL, Channel.CONTROL, Channel.STDIN);
    private static final List<String> TYPES = List.of(
            "execute_request",
            "complete_request",
            "inspect_request",
            "is_complete_request",
            "history_request",
            "comm_info_request",
            "kernel_info_request",
            "interrupt_request",
            "shutdown_request",
            "debug_request",
            "comm_open",
            "comm_msg",
            "input_reply",
            "no_such_request");
    private static final List<String> FIELDS = List.of(
            "code",
            "cursor_pos",
            "detail_level",
            "silent",
            "user_expressions",
            "hist_access_type",
            "n",
            "session",
            "target_name",
            "restart",
            "seq",
            "comm_id",
            "value");
    /** None of them shuts the kernel down. */
    private static final List<String> VALUES = List.of(
            "[]", "{\"a\":[]}", "1e999", "-5", "\"\\ud800\"", "9".repeat(40), "[".repeat(300), "\"a\"", "x", "");

    private static final long[] LENGTHS = {
        0,
        1,
        255,
        1L << 20,
        100L << 20,
        Integer.MAX_VALUE,
        1L << 31,
        0xffff_ffffL,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1,
        -200
    };

    @TempDir
    private Path folder;

    private final Random random = new Random(Long.getLong("wire.fuzz.seed", 20));
    private final Deque<Socket> open = new ArrayDeque<>();
    private List<byte[]> replayed = List.of();

    @Test
    void tenThousandBadThingsLaterACellRuns() throws Exception {
        try (var kernel = new KernelProcess(folder).start();
                LoopbackClient before = kernel.connect()) {
            replayed = before.request("execute_request", TestKernel.code("echo once"));
            before.sendFrames(Channel.SHELL, replayed);
            String once = TestKernel.json(new String(replayed.get(2), StandardCharsets.UTF_8))
                    .get("msg_id")
                    .getAsString();
            before.untilIdle(once, TestKernel.PATIENCE);
            assertEquals(
                    "execute_reply",
                    before.receive(Channel.SHELL, TestKernel.PATIENCE).type());
            try (LoopbackClient bad = kernel.connect()) {
                for (int i = 0; i < ROUNDS; i++) {
                    throwSomething(kernel, bad);
                }
                // They come in order, so with the last of these everything has been seen.
                for (Channel channel : REQUESTS) {
                    String last = bad.send(channel, "kernel_info_request", new JsonObject());
                    while (!bad.receive(channel, TestKernel.PATIENCE).parentId().equals(last)) {
                        // The answers to what has a header.
                    }
                }
            }
            assertServes(before);
            try (LoopbackClient after = kernel.connect()) {
                assertServes(after);
            }
            while (!open.isEmpty()) {
                open.removeFirst().close();
            }
            assertServes(before);
            kernel.signal("TERM");
            assertEquals(143, kernel.exit());
            assertFalse(kernel.printed("stderr").contains("\tat "), kernel.printed("stderr"));
        }
    }

    private void throwSomething(KernelProcess kernel, LoopbackClient bad) throws IOException {
        Channel channel = REQUESTS.get(random.nextInt(REQUESTS.size()));
        switch (random.nextInt(10)) {
            case 0 -> bad.sendFrames(channel, replayed);
            case 1 -> {
                List<byte[]> unsigned = new ArrayList<>(request(bad));
                unsigned.set(
                        1, random.nextBoolean() ? new byte[0] : "0".repeat(64).getBytes(StandardCharsets.US_ASCII));
                bad.sendFrames(channel, unsigned);
            }
            case 2 -> bad.sendFrames(channel, changed(request(bad)));
            case 3, 4 -> bad.sendFrames(channel, request(bad));
            default -> raw(kernel, Channel.values()[random.nextInt(Channel.values().length)]);
        }
    }

    /** Signed, with a content of a wrong type, or one that is no JSON. */
    private List<byte[]> request(LoopbackClient client) {
        String type = TYPES.get(random.nextInt(TYPES.size()));
        String field = type.equals("shutdown_request") ? "restart" : FIELDS.get(random.nextInt(FIELDS.size()));
        String value = VALUES.get(random.nextInt(VALUES.size()));
        boolean whole = random.nextInt(8) == 0 && !type.equals("shutdown_request");
        List<byte[]> frames = client.request(type, new JsonObject());
        return client.frames(
                frames.get(2),
                bytes("{}"),
                bytes(random.nextInt(8) == 0 ? "[]" : "{}"),
                bytes(whole ? value : "{\"" + field + "\":" + value + "}"));
    }

    private List<byte[]> changed(List<byte[]> frames) {
        var changed = new ArrayList<>(frames);
        int at = random.nextInt(changed.size());
        switch (random.nextInt(4)) {
            case 0 -> changed.remove(at);
            case 1 -> changed.add(at, new byte[random.nextInt(100_000)]);
            case 2 -> changed.set(at, new byte[0]);
            default -> changed.subList(at, changed.size()).clear();
        }
        if (changed.isEmpty()) {
            changed.add(new byte[1]);
        }
        return changed;
    }

    /** Bytes for a connection of their own, which is closed at once, later or never. */
    private void raw(KernelProcess kernel, Channel channel) throws IOException {
        URI address = URI.create(kernel.address(channel));
        var socket = new Socket(address.getHost(), address.getPort());
        try {
            socket.setSoTimeout((int) TestKernel.PATIENCE.toMillis());
            if (random.nextInt(3) == 0) {
                shakeHands(socket, random.nextInt(10) == 0 ? "PUSH" : channel == Channel.IOPUB ? "SUB" : "DEALER");
            } else {
                socket.getOutputStream().write(greeting());
            }
            byte[] frames = frames();
            int cut = random.nextInt(8) == 0 ? random.nextInt(frames.length + 1) : frames.length;
            socket.getOutputStream().write(frames, 0, cut);
            if (random.nextInt(4) == 0) {
                socket.shutdownOutput();
            }
        } catch (SocketException e) {
            // The kernel hung up first, as it may.
        }
        if (random.nextInt(4) == 0) {
            open.addLast(socket);
        } else {
            socket.close();
        }
        if (open.size() > OPEN) {
            open.removeFirst().close();
        }
    }

    /** ZMTP 3 up to where messages begin, or until the kernel hangs up. */
    private static void shakeHands(Socket socket, String type) throws IOException {
        var hello = new ByteArrayOutputStream();
        hello.writeBytes(signature(3, 0));
        hello.writeBytes("NULL".getBytes(StandardCharsets.US_ASCII));
        hello.writeBytes(new byte[48]);
        hello.writeBytes(command("READY", property("Socket-Type", type)));
        socket.getOutputStream().write(hello.toByteArray());
        var heard = new ByteArrayOutputStream();
        int next = 0;
        while (next >= 0 && !heard.toString(StandardCharsets.ISO_8859_1).contains("Socket-Type")) {
            next = socket.getInputStream().read();
            heard.write(next);
        }
    }

    private byte[] greeting() {
        return switch (random.nextInt(5)) {
            case 0 -> noise(random.nextInt(300));
            case 1 -> new byte[] {1, 0};
            case 2 -> signature(0, 5);
            case 3 -> signature(1, 5);
            default -> signature(random.nextInt(256), 0);
        };
    }

    private byte[] frames() {
        var bytes = new ByteArrayOutputStream();
        for (int i = random.nextInt(5); i > 0; i--) {
            switch (random.nextInt(6)) {
                case 0 -> bytes.writeBytes(frame(random.nextInt(256), noise(random.nextInt(200))));
                case 1 -> bytes.writeBytes(command("PING", noise(random.nextInt(3))));
                case 2 -> bytes.writeBytes(command("ERROR", noise(random.nextInt(5))));
                case 3 -> bytes.writeBytes(frame(random.nextInt(2), new byte[] {(byte) random.nextInt(3), 7}));
                default -> {
                    // The length of a frame in the words of ZMTP 1, or in those of 2 and 3.
                    bytes.write(random.nextBoolean() ? 0xff : 2 | random.nextInt(8));
                    bytes.writeBytes(ByteBuffer.allocate(8)
                            .putLong(LENGTHS[random.nextInt(LENGTHS.length)])
                            .array());
                    bytes.writeBytes(noise(random.nextInt(300)));
                }
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] signature(int major, int next) {
        return new byte[] {(byte) 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, (byte) major, (byte) next};
    }

    private static byte[] property(String name, String value) {
        return ByteBuffer.allocate(5 + name.length() + value.length())
                .put((byte) name.length())
                .put(bytes(name))
                .putInt(value.length())
                .put(bytes(value))
                .array();
    }

    private static byte[] command(String name, byte[] body) {
        byte[] whole = ByteBuffer.allocate(1 + name.length() + body.length)
                .put((byte) name.length())
                .put(bytes(name))
                .put(body)
                .array();
        return frame(4, whole);
    }

    private static byte[] frame(int flags, byte[] body) {
        return ByteBuffer.allocate(2 + body.length)
                .put((byte) flags)
                .put((byte) body.length)
                .put(body)
                .array();
    }

    private byte[] noise(int length) {
        var noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void assertServes(LoopbackClient client) {
        String id = client.send(Channel.SHELL, "execute_request", TestKernel.code("echo on"));
        List<LoopbackClient.Received> heard = client.untilIdle(id, TestKernel.PATIENCE);
        assertEquals(
                "on\n",
                TestKernel.printed(heard.stream()
                        .filter(message -> message.parentId().equals(id))
                        .toList()));
        assertFalse(TestKernel.printed(heard).contains("once"), "a replay has run");
        assertEquals(
                "execute_reply",
                client.receive(Channel.SHELL, TestKernel.PATIENCE).type());
        byte[] beat = {7};
        client.sendFrames(Channel.HEARTBEAT, List.of(beat));
        client.socket(Channel.HEARTBEAT).setReceiveTimeOut((int) TestKernel.PATIENCE.toMillis());
        assertArrayEquals(beat, client.socket(Channel.HEARTBEAT).recv());
    }
}
