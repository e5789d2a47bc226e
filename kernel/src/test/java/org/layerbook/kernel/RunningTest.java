package org.layerbook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.layerbook.kernel.wire.Channel;

/** What happens while a cell runs. */
class RunningTest {
    private static List<String> told(List<LoopbackClient.Received> heard, List<String> requests) {
        return TestKernel.joined(heard).stream()
                .map(message -> (requests.indexOf(message.parentId()) + 1) + " " + message.type()
                        + (message.type().equals("status")
                                ? " " + message.content().get("execution_state").getAsString()
                                : ""))
                .toList();
    }

    @Test
    void anInterruptEndsTheCellAndAbortsTheQueue() throws Exception {
        try (var kernel = new TestKernel()) {
            String cell = kernel.execute("echo begun\nblock");
            String waiting = kernel.execute("echo never");
            kernel.interpreter.awaitBlocking();
            String interrupt = kernel.client.send(Channel.CONTROL, "interrupt_request", new JsonObject());
            assertEquals(
                    "{\"status\":\"ok\"}",
                    kernel.client
                            .receive(Channel.CONTROL, TestKernel.PATIENCE)
                            .content()
                            .toString());
            List<String> heard =
                    told(kernel.client.untilIdle(waiting, TestKernel.PATIENCE), List.of(cell, waiting, interrupt));
            assertEquals(
                    List.of(
                            "1 status busy",
                            "1 execute_input",
                            "1 stream",
                            "1 error",
                            "1 status idle",
                            "2 status busy",
                            "2 status idle"),
                    heard.stream()
                            .filter(line -> !line.startsWith("3"))
                            .distinct()
                            .toList());
            JsonObject reply = kernel.reply().content();
            assertEquals("Interrupted", reply.get("ename").getAsString());
            assertEquals("aborted", kernel.reply().content().get("status").getAsString());
            kernel.run("echo as before");
        }
    }

    @Test
    void anInterruptOfNothingIsAnswered() throws IOException {
        try (var kernel = new TestKernel()) {
            String id = kernel.client.send(Channel.CONTROL, "interrupt_request", new JsonObject());
            assertEquals(
                    List.of("1 status busy", "1 status idle"),
                    told(kernel.client.untilIdle(id, TestKernel.PATIENCE), List.of(id)));
            kernel.run("echo next");
        }
    }

    @Test
    void anInterruptReachesACellThatWaitsForTheInterpreter() throws Exception {
        var opening = new CountDownLatch(1);
        var open = new CountDownLatch(1);
        var echo = new EchoInterpreter();
        try (var kernel = new TestKernel(echo, () -> {
            opening.countDown();
            open.await();
            return echo;
        })) {
            String cell = kernel.execute("echo never");
            opening.await();
            String interrupt = kernel.client.send(Channel.CONTROL, "interrupt_request", new JsonObject());
            kernel.client.receive(Channel.CONTROL, TestKernel.PATIENCE);
            open.countDown();
            kernel.client.untilIdle(cell, TestKernel.PATIENCE);
            assertEquals("Interrupted", kernel.reply().content().get("ename").getAsString());
            assertEquals(List.of(), echo.requests());
        }
    }

    @Test
    void whatOnlyLooksIsAnsweredMeanwhileAndTheKernelStaysBusy() throws Exception {
        try (var kernel = new TestKernel()) {
            String cell = kernel.execute("block");
            kernel.interpreter.awaitBlocking();
            JsonObject code = TestKernel.code("e");
            code.addProperty("cursor_pos", 1);
            String look = kernel.client.send(Channel.SHELL, "complete_request", code);
            assertEquals(look, kernel.reply().parentId());
            List<LoopbackClient.Received> heard = new ArrayList<>(kernel.client.untilIdle(look, TestKernel.PATIENCE));
            heard.add(kernel.client.receive(Channel.IOPUB, TestKernel.PATIENCE));
            kernel.server.kernel().interrupt();
            heard.addAll(kernel.client.untilIdle(cell, TestKernel.PATIENCE));
            assertEquals(
                    List.of(
                            "1 status busy",
                            "1 execute_input",
                            "2 status busy",
                            "2 status idle",
                            "1 status busy",
                            "1 error",
                            "1 status idle"),
                    told(heard, List.of(cell, look)));
            assertEquals(cell, kernel.reply().parentId());
        }
    }

    @Test
    void aQuestionGoesToTheFrontEndThatRunsTheCell() throws IOException {
        try (var kernel = new TestKernel();
                LoopbackClient other = kernel.connect()) {
            JsonObject code = TestKernel.code("ask Your name?\nsecret Password:");
            code.addProperty("allow_stdin", true);
            String cell = kernel.client.send(Channel.SHELL, "execute_request", code);

            LoopbackClient.Received first = kernel.client.receive(Channel.STDIN, TestKernel.PATIENCE);
            assertEquals("input_request", first.type());
            assertEquals(cell, first.parentId());
            assertEquals(
                    "{\"prompt\":\"Your name?\",\"password\":false}",
                    first.content().toString());
            kernel.client.send(Channel.STDIN, "input_reply", TestKernel.json("{\"value\":\"Ann\"}"));

            LoopbackClient.Received second = kernel.client.receive(Channel.STDIN, TestKernel.PATIENCE);
            assertEquals(
                    "{\"prompt\":\"Password:\",\"password\":true}",
                    second.content().toString());
            // An answer to the first question comes late, from wherever.
            var none = new JsonObject();
            kernel.client.send(
                    Channel.STDIN, "input_reply", first.header(), none, TestKernel.json("{\"value\":\"Eve\"}"));
            kernel.client.send(
                    Channel.STDIN, "input_reply", second.header(), none, TestKernel.json("{\"value\":\"x\"}"));

            assertEquals("Ann\nx\n", TestKernel.printed(kernel.client.untilIdle(cell, TestKernel.PATIENCE)));
            assertEquals("Ann\nx\n", TestKernel.printed(other.untilIdle(cell, TestKernel.PATIENCE)));
        }
    }

    @Test
    void withoutStdinNobodyIsAsked() throws IOException {
        try (var kernel = new TestKernel()) {
            assertEquals("nobody to ask\n", TestKernel.printed(kernel.run("ask Name?")));
        }
    }

    @Test
    void anInterruptTakesTheQuestionBack() throws IOException {
        try (var kernel = new TestKernel()) {
            JsonObject code = TestKernel.code("ask Name?");
            code.addProperty("allow_stdin", true);
            String cell = kernel.client.send(Channel.SHELL, "execute_request", code);
            kernel.client.receive(Channel.STDIN, TestKernel.PATIENCE);
            kernel.server.kernel().interrupt();
            assertEquals("nobody to ask\n", TestKernel.printed(kernel.client.untilIdle(cell, TestKernel.PATIENCE)));
        }
    }

    @Test
    void aFactoryThatFailsIsToldAndTriedAgain() throws IOException {
        var attempts = new ArrayList<String>();
        var echo = new EchoInterpreter();
        try (var kernel = new TestKernel(echo, () -> {
            attempts.add("attempt");
            if (attempts.size() == 1) {
                throw new IOException("the store is not writable");
            }
            return echo;
        })) {
            kernel.client.untilIdle(kernel.execute("echo one"), TestKernel.PATIENCE);
            JsonObject reply = kernel.reply().content();
            assertEquals("Start failed", reply.get("ename").getAsString());
            assertEquals("the store is not writable", reply.get("evalue").getAsString());
            kernel.client.untilIdle(kernel.execute("echo two"), TestKernel.PATIENCE);
            assertEquals("ok", kernel.reply().content().get("status").getAsString());
        }
    }

    @Test
    void aShutdownEndsWhatRunsAndAnswersEverything() throws Exception {
        try (var kernel = new TestKernel()) {
            String cell = kernel.execute("block");
            String waiting = kernel.execute("echo never");
            kernel.interpreter.awaitBlocking();
            String shutdown =
                    kernel.client.send(Channel.CONTROL, "shutdown_request", TestKernel.json("{\"restart\":true}"));
            assertEquals(
                    "{\"status\":\"ok\",\"restart\":true}",
                    kernel.client
                            .receive(Channel.CONTROL, TestKernel.PATIENCE)
                            .content()
                            .toString());
            List<String> heard =
                    told(kernel.client.untilIdle(shutdown, TestKernel.PATIENCE), List.of(cell, waiting, shutdown));
            assertEquals(
                    List.of(
                            "1 status busy",
                            "1 execute_input",
                            "3 status busy",
                            "1 error",
                            "1 status idle",
                            "2 status busy",
                            "2 status idle",
                            "3 shutdown_reply",
                            "3 status idle"),
                    heard);
            assertEquals("Interrupted", kernel.reply().content().get("ename").getAsString());
            assertEquals("aborted", kernel.reply().content().get("status").getAsString());
            kernel.awaitEnd();
            assertTrue(kernel.interpreter.isClosed());
        }
    }

    @Test
    void aShutdownOnShellIsAShutdown() throws IOException {
        try (var kernel = new TestKernel()) {
            kernel.run("echo once");
            kernel.client.send(Channel.SHELL, "shutdown_request", TestKernel.json("{\"restart\":false}"));
            assertEquals(
                    "{\"status\":\"ok\",\"restart\":false}",
                    kernel.reply().content().toString());
            kernel.awaitEnd();
            assertTrue(kernel.interpreter.isClosed());
        }
    }

    @Test
    void aFrontEndThatComesLaterIsWelcomedAndHearsAll() throws IOException {
        try (var kernel = new TestKernel()) {
            kernel.run("echo before");
            try (LoopbackClient second = kernel.connect()) {
                String cell = kernel.execute("echo both hear this");
                assertEquals(
                        List.of("1 status busy", "1 execute_input", "1 stream", "1 status idle"),
                        told(second.untilIdle(cell, TestKernel.PATIENCE), List.of(cell)));
            }
        }
    }
}
