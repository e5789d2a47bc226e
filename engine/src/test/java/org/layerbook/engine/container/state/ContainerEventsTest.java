package org.layerbook.engine.container.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.container.state.ContainerEvents.Event;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.Digest;

class ContainerEventsTest {
    private static final Container CONTAINER = new Container(
            "ab".repeat(32),
            "web",
            new ContainerSpec(
                    Instant.EPOCH,
                    "busybox",
                    Digest.parse("sha256:" + "0".repeat(64)),
                    Optional.empty(),
                    ContainerConfig.EMPTY.withLabels(Map.of("role", "a \"quoted\" one")),
                    ContainerSpec.Terminal.NONE,
                    HostOptions.DEFAULT),
            new ContainerState.Created(Optional.empty()));

    @TempDir
    Path home;

    private ContainerEvents events;

    @BeforeEach
    void open() {
        events = new ContainerEvents(home);
    }

    @Test
    void whatIsRecordedIsRead() throws IOException {
        events.record(CONTAINER, "kill", Map.of("signal", "15"));
        Event event = events.reader().next().getFirst();
        assertEquals("kill", event.action());
        assertEquals(CONTAINER.id(), event.id());
        assertEquals(
                Map.of("image", "busybox", "name", "web", "role", "a \"quoted\" one", "signal", "15"),
                event.attributes());
    }

    @Test
    void aReaderFindsWhatComesLater() throws IOException {
        var reader = events.reader();
        assertEquals(List.of(), reader.next());
        events.record(CONTAINER, "create");
        assertEquals(List.of("create"), actions(reader));
        assertEquals(List.of(), actions(reader));
        events.record(CONTAINER, "start");
        assertEquals(List.of("start"), actions(reader));
    }

    @Test
    void halfALineIsReadWhenItIsWhole() throws IOException {
        events.record(CONTAINER, "create");
        String line = Files.readString(events.file());
        var reader = events.reader();
        Files.writeString(events.file(), line.substring(0, 40), StandardOpenOption.APPEND);
        assertEquals(List.of("create"), actions(reader));
        Files.writeString(events.file(), line.substring(40) + "no event\n", StandardOpenOption.APPEND);
        assertEquals(List.of("create"), actions(reader));
    }

    @Test
    void theFileDoesNotGrowForEver() throws IOException {
        events.record(CONTAINER, "create");
        String line = Files.readString(events.file());
        Files.writeString(events.file(), line.repeat((int) (ContainerEvents.MOST_BYTES / line.length()) + 1));
        var reader = events.reader();
        int many = reader.next().size();
        events.record(CONTAINER, "start");
        assertEquals(List.of("start"), actions(reader));
        assertTrue(Files.size(events.file()) < 1000);
        assertEquals(many + 1, events.reader().next().size());
    }

    private static List<String> actions(ContainerEvents.Reader reader) throws IOException {
        return reader.next().stream().map(Event::action).toList();
    }
}
