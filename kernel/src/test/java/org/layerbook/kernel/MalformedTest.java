package org.layerbook.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerbook.kernel.wire.Channel;

/** Whatever comes in, the kernel goes on: on the same channel, and on every other. */
class MalformedTest {
    private static final String HEADER = """
            {"msg_id":"1","msg_type":"kernel_info_request","session":"s","username":"u","date":"","version":"5.5"}""";

    private static final String TWICE = HEADER.replace("\"session\"", "\"msg_id\"");

    record Case(String name, boolean signed, List<String> parts) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("unsigned", false, List.of(HEADER, "{}", "{}", "{}")),
                new Case("no parts", true, List.of()),
                new Case("one part", true, List.of(HEADER)),
                new Case("three parts", true, List.of(HEADER, "{}", "{}")),
                new Case("empty parts", true, List.of("", "", "", "")),
                new Case("not JSON", true, List.of("hello", "{}", "{}", "{}")),
                new Case("header with a name twice", true, List.of(TWICE, "{}", "{}", "{}")),
                new Case("header of 100 kB", true, List.of(HEADER + " ".repeat(100_000), "{}", "{}", "{}")),
                new Case("type that is no name", true, List.of(HEADER.replace("kernel_", "\\\""), "{}", "{}", "{}")),
                new Case("header without type", true, List.of("{\"msg_id\":\"1\"}", "{}", "{}", "{}")),
                new Case("header without id", true, List.of("{\"msg_type\":\"execute_request\"}", "{}", "{}", "{}")),
                new Case("id a list", true, List.of("{\"msg_id\":[],\"msg_type\":\"x\"}", "{}", "{}", "{}")),
                new Case("deeply nested", true, List.of("{\"a\":" + "[".repeat(200_000), "{}", "{}", "{}")),
                new Case("not UTF-8", true, List.of("\udcff\udcfe", "{}", "{}", "{}")));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isDropped(Case bad) throws IOException {
        try (var kernel = new TestKernel()) {
            List<byte[]> frames = new ArrayList<>(kernel.client.frames(bad.parts().stream()
                    .map(part -> part.getBytes(StandardCharsets.UTF_8))
                    .toArray(byte[][]::new)));
            if (!bad.signed()) {
                frames.set(1, "0".repeat(64).getBytes(StandardCharsets.US_ASCII));
            }
            for (Channel channel : List.of(Channel.SHELL, Channel.CONTROL, Channel.STDIN)) {
                kernel.client.sendFrames(channel, frames);
            }
            kernel.assertAlive();
            assertControlAlive(kernel);
            assertHeartbeat(kernel);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SHELL", "CONTROL", "STDIN"})
    void framesWithoutADelimiterAreDropped(Channel channel) throws IOException {
        try (var kernel = new TestKernel()) {
            kernel.client.sendFrames(channel, List.of(new byte[0]));
            kernel.client.sendFrames(channel, List.of(new byte[3], new byte[0], new byte[1000]));
            kernel.assertAlive();
            assertControlAlive(kernel);
        }
    }

    @Test
    void aSignatureOfAnotherKeyDoesNotHold() throws IOException {
        try (var kernel = new TestKernel();
                var stranger = new LoopbackClient(TestKernel.signer("another"), kernel.server::endpoint)) {
            stranger.send(Channel.SHELL, "execute_request", TestKernel.code("echo stranger"));
            kernel.run("echo friend");
            assertEquals(
                    List.of("echo friend"),
                    kernel.interpreter.requests().stream().map(r -> r.code()).toList());
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytesThatAreNotZeroMqHarmNothing(Channel channel) throws IOException {
        try (var kernel = new TestKernel()) {
            URI address = URI.create(kernel.server.endpoint(channel));
            var noise = new byte[100_000];
            new Random(1).nextBytes(noise);
            for (byte[] bytes :
                    List.of("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII), noise, new byte[1])) {
                try (var socket = new Socket(address.getHost(), address.getPort())) {
                    socket.getOutputStream().write(bytes);
                } catch (IOException e) {
                    // The kernel hung up first, as it may.
                }
            }
            kernel.assertAlive();
            assertControlAlive(kernel);
            assertHeartbeat(kernel);
        }
    }

    @Test
    void aHugeMessageIsAMessage() throws IOException {
        try (var kernel = new TestKernel()) {
            String code = "echo " + "x".repeat(20_000_000);
            String id = kernel.execute(code);
            List<LoopbackClient.Received> heard = TestKernel.joined(kernel.client.untilIdle(id, TestKernel.PATIENCE));
            assertEquals(4, heard.size());
            assertEquals(
                    code.length() - "echo ".length() + 1,
                    TestKernel.text(heard.get(2)).length());
            assertEquals(id, kernel.reply().parentId());
            kernel.assertAlive();
        }
    }

    @Test
    void anInterpreterThatThrowsFailsItsCell() throws IOException {
        try (var kernel = new TestKernel()) {
            String id = kernel.execute("throw a fit");
            kernel.client.untilIdle(id, TestKernel.PATIENCE);
            JsonObject reply = kernel.reply().content();
            assertEquals("error", reply.get("status").getAsString());
            assertEquals("Internal error", reply.get("ename").getAsString());
            assertEquals(
                    "internal error: java.lang.IllegalArgumentException: a fit",
                    reply.get("evalue").getAsString());
            String traceback = reply.get("traceback").toString();
            assertFalse(traceback.contains("at org.layerbook"), traceback);
            Matcher log = Pattern.compile("/\\S*layerbook-fault-\\S*\\.log").matcher(traceback);
            assertTrue(log.find(), traceback);
            Path file = Path.of(log.group());
            assertTrue(Files.readString(file).contains("at org.layerbook"), "the trace is in the file");
            Files.delete(file);
            kernel.run("echo on");
        }
    }

    private static void assertControlAlive(TestKernel kernel) {
        String id = kernel.client.send(Channel.CONTROL, "kernel_info_request", new JsonObject());
        assertEquals(
                id, kernel.client.receive(Channel.CONTROL, TestKernel.PATIENCE).parentId());
        kernel.client.untilIdle(id, TestKernel.PATIENCE);
    }

    private static void assertHeartbeat(TestKernel kernel) {
        byte[] beat = {1, 2, 3};
        kernel.client.sendFrames(Channel.HEARTBEAT, List.of(beat));
        kernel.client.socket(Channel.HEARTBEAT).setReceiveTimeOut((int) TestKernel.PATIENCE.toMillis());
        assertArrayEquals(beat, kernel.client.socket(Channel.HEARTBEAT).recv());
    }
}
