package org.layerbook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerbook.kernel.wire.Channel;

/**
 * Whole conversations, one a file under {@code conversations}: what the front-end sends ({@code >}), with its metadata
 * if any after a bar, and every message that comes back, under the number of the request that it belongs to. Requests
 * that stand together are sent together. Texts of one stream, and updates of one display, that follow each other are
 * joined, since how they are cut is a matter of time. With {@code -Dlayerbook.golden=write} the files are written anew.
 */
class ConversationTest {
    private static final Pattern SENT = Pattern.compile("> (shell|control) (\\w+) (\\{.*?\\})(?: \\| (\\{.*\\}))?");

    static Stream<Path> conversations() throws IOException, URISyntaxException {
        Path folder =
                Path.of(ConversationTest.class.getResource("/conversations").toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void goesAsWritten(Path file) throws Exception {
        List<String> expected = Files.readAllLines(file);
        List<String> actual;
        try (var kernel = new TestKernel()) {
            actual = new Script(kernel).play(expected);
        }
        if ("write".equals(System.getProperty("layerbook.golden"))) {
            Path source = Path.of("src/test/resources/conversations").resolve(file.getFileName());
            Files.write(source, actual);
        }
        assertFalse(actual.isEmpty());
        assertEquals(String.join("\n", expected), String.join("\n", actual));
    }

    private record Sent(String id, Channel channel, String type) {}

    private static final class Script {
        private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}_\\d+");

        private final TestKernel kernel;
        private final Map<String, Integer> numbers = new HashMap<>();
        private final Map<String, String> names = new HashMap<>();
        private final List<String> played = new ArrayList<>();
        private final List<Sent> open = new ArrayList<>();

        private Script(TestKernel kernel) {
            this.kernel = kernel;
        }

        private List<String> play(List<String> lines) {
            for (String line : lines) {
                Matcher request = SENT.matcher(line);
                if (request.matches()) {
                    played.add(line);
                    send(request);
                } else {
                    hear();
                    if (line.isEmpty() || line.startsWith("#")) {
                        played.add(line);
                    }
                }
            }
            hear();
            return played;
        }

        private void send(Matcher request) {
            Channel channel = Channel.valueOf(request.group(1).toUpperCase(Locale.ROOT));
            JsonObject metadata = request.group(4) == null ? new JsonObject() : TestKernel.json(request.group(4));
            String id = kernel.client.send(
                    channel, request.group(2), new JsonObject(), metadata, TestKernel.json(request.group(3)));
            numbers.put(id, numbers.size() + 1);
            open.add(new Sent(id, channel, request.group(2)));
        }

        private void hear() {
            for (Sent sent : open) {
                TestKernel.joined(kernel.client.untilIdle(sent.id(), TestKernel.PATIENCE))
                        .forEach(this::note);
            }
            for (Sent sent : open) {
                if (sent.type().endsWith("_request")) {
                    note(kernel.client.receive(sent.channel(), TestKernel.PATIENCE));
                }
            }
            open.clear();
        }

        private void note(LoopbackClient.Received message) {
            String content = ID.matcher(message.content().toString().replace(KernelInfo.version(), "VERSION"))
                    .replaceAll(id -> names.computeIfAbsent(id.group(), unseen -> "ID" + (names.size() + 1)));
            played.add(numbers.get(message.parentId()) + " "
                    + message.channel().name().toLowerCase(Locale.ROOT) + " " + message.type() + " " + content);
        }
    }
}
