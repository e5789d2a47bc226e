package org.layerbook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.layerbook.kernel.wire.Channel;

/** A request that cannot be carried out is answered with an error, in a reply of its own type, on its own channel. */
class WrongTypesTest {
    /** Each request with fields that are right. */
    private static final Map<String, String> REQUESTS = Map.of(
            "kernel_info_request", "{}",
            "execute_request", "{'code': 'echo', 'silent': false, 'store_history': true, 'user_expressions': {}}",
            "complete_request", "{'code': 'e', 'cursor_pos': 1}",
            "inspect_request", "{'code': 'e', 'cursor_pos': 1, 'detail_level': 0}",
            "is_complete_request", "{'code': 'e'}",
            "history_request", "{'hist_access_type': 'tail', 'n': 3, 'raw': true, 'output': false}",
            "comm_info_request", "{'target_name': 'x'}",
            "interrupt_request", "{}",
            "shutdown_request", "{'restart': false}",
            "debug_request", "{'seq': 1, 'command': 'x'}");

    private static final List<String> VALUES = List.of(
            "'a'", "5", "-1", "1.5", "1e999", "9".repeat(30), "null", "true", "[]", "['a']", "{}", "{'a': [1]}");

    private static final List<String> CONTENTS = List.of(
            "",
            " ",
            "[]",
            "'x'",
            "3",
            "null",
            "{",
            "{'code': 'e', 'code': 'e'}",
            "{'code': NaN}",
            "{code: 'e'}",
            "{'a': '\t'}",
            "{} {}",
            "{'a': " + "[".repeat(1000) + "]".repeat(1000) + "}",
            "{'a': " + "[".repeat(100_000));

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static List<byte[]> frames(TestKernel kernel, String type, byte[] content) {
        var frames = new ArrayList<>(kernel.client.request(type, new JsonObject()));
        return kernel.client.frames(frames.get(2), bytes("{}"), bytes("{}"), content);
    }

    private static JsonObject answer(TestKernel kernel, Channel channel, String type, byte[] content) {
        List<byte[]> frames = frames(kernel, type, content);
        kernel.client.sendFrames(channel, frames);
        LoopbackClient.Received reply = kernel.client.receive(channel, TestKernel.PATIENCE);
        JsonObject header = TestKernel.json(new String(frames.get(2), StandardCharsets.UTF_8));
        assertEquals(header.get("msg_id").getAsString(), reply.parentId());
        assertEquals(type.replace("_request", "_reply"), reply.type());
        return reply.content();
    }

    @ParameterizedTest
    @EnumSource(names = {"SHELL", "CONTROL", "STDIN"})
    void contentThatIsNoObjectIsAnsweredWithAnError(Channel channel) throws IOException {
        try (var kernel = new TestKernel()) {
            for (String type : REQUESTS.keySet()) {
                for (String content : CONTENTS) {
                    JsonObject reply = answer(kernel, channel, type, bytes(content));
                    assertEquals("error", reply.get("status").getAsString(), type + " " + content);
                    assertEquals("Malformed request", reply.get("ename").getAsString(), type + " " + content);
                }
                byte[] notUtf8 = bytes("{'code': 'e?'}");
                notUtf8[11] = (byte) 0xff;
                assertTrue(answer(kernel, channel, type, notUtf8)
                        .get("evalue")
                        .getAsString()
                        .endsWith("is not UTF-8"));
            }
            kernel.run("echo on");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SHELL", "CONTROL", "STDIN"})
    void everyValueOfEveryFieldIsAnswered(Channel channel) throws IOException {
        try (var kernel = new TestKernel()) {
            for (Map.Entry<String, String> request : REQUESTS.entrySet()) {
                JsonObject right = TestKernel.json(request.getValue());
                for (String field : right.keySet()) {
                    for (String value : VALUES) {
                        // A shutdown that is asked for rightly would end the test.
                        if (!field.equals("restart")
                                || !Stream.of("null", "true").toList().contains(value)) {
                            JsonObject content = right.deepCopy();
                            content.add(
                                    field,
                                    TestKernel.json("{\"v\":" + value.replace('\'', '"') + "}")
                                            .get("v"));
                            answer(kernel, channel, request.getKey(), bytes(content.toString()));
                        }
                    }
                }
            }
            kernel.run("echo on");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            complete_request    | {'code': 'e', 'cursor_pos': 'a'}                | cursor_pos must be an integer
            complete_request    | {'code': 'e', 'cursor_pos': 1e99}               | cursor_pos must be an integer
            complete_request    | {'cursor_pos': 1}                               | the request has no code
            inspect_request     | {'code': ['e']}                                 | code must be a string
            inspect_request     | {'code': 'e', 'detail_level': {}}               | detail_level must be an integer
            is_complete_request | {'code': null}                                  | code must be a string
            execute_request     | {'code': 5}                                     | code must be a string
            execute_request     | {'code': 'e', 'silent': 'no'}                   | silent must be true or false
            execute_request     | {'code': 'e', 'user_expressions': {'a': 1}}     | user_expressions must be an object of strings
            history_request     | {'hist_access_type': 'tail', 'n': []}           | n must be an integer
            comm_info_request   | {'target_name': 3}                              | target_name must be a string
            shutdown_request    | {'restart': 'later'}                            | restart must be true or false
            debug_request       | {'seq': {}}                                     | seq must be an integer
            """)
    void theSentenceNamesTheField(String type, String content, String sentence) throws IOException {
        try (var kernel = new TestKernel()) {
            JsonObject reply = answer(kernel, Channel.SHELL, type, bytes(content));
            assertEquals(sentence, reply.get("evalue").getAsString());
            kernel.run("echo on");
        }
    }

    @Test
    void anAnswerOfAWrongTypeLeavesTheQuestionOpen() throws IOException {
        try (var kernel = new TestKernel()) {
            JsonObject cell = TestKernel.code("ask name?");
            cell.addProperty("allow_stdin", true);
            String id = kernel.client.send(Channel.SHELL, "execute_request", cell);
            kernel.client.receive(Channel.STDIN, TestKernel.PATIENCE);
            kernel.client.send(Channel.STDIN, "input_reply", TestKernel.json("{\"value\":[]}"));
            kernel.client.send(Channel.STDIN, "input_reply", TestKernel.json("{\"value\":\"Ada\"}"));
            assertEquals("Ada\n", TestKernel.printed(kernel.client.untilIdle(id, TestKernel.PATIENCE)));
            assertEquals(id, kernel.reply().parentId());
        }
    }

    @Test
    void aCellThatIsTooLargeIsRefusedWhereItsUserSeesIt() throws IOException {
        try (var kernel = new TestKernel()) {
            String id = kernel.execute("echo " + "x".repeat(50_000_000));
            List<LoopbackClient.Received> heard = kernel.client.untilIdle(id, TestKernel.PATIENCE);
            assertEquals(
                    List.of("status", "error", "status"),
                    heard.stream().map(m -> m.type()).toList());
            JsonObject reply = kernel.reply().content();
            assertEquals("Request too large", reply.get("ename").getAsString());
            assertEquals(reply.get("evalue"), heard.get(1).content().get("evalue"));
            assertEquals(List.of(), kernel.interpreter.requests());
            kernel.run("echo on");
        }
    }
}
