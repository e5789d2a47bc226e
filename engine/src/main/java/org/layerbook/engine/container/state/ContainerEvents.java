package org.layerbook.engine.container.state;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.layerbook.engine.golang.GoJson;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.MalformedException;

/**
 * What has happened to the containers of a store: the file {@code events}, a line of JSON for each event. Sessions and the script
 * {@code monitor} append to it. When it is large it becomes {@code events.old}, in place of the one before.
 */
public final class ContainerEvents {
    static final long MOST_BYTES = 1 << 20;
    private static final String TYPE = "container";
    private static final long NANOS = 1_000_000_000;

    private final Path file;
    private final Path old;

    ContainerEvents(Path home) {
        this.file = home.resolve("events");
        this.old = home.resolve("events.old");
    }

    /** @param id of the container; @param attributes its name, image and labels, and what belongs to the action */
    public record Event(Instant time, String type, String action, String id, Map<String, String> attributes) {
        public Event {
            attributes = Map.copyOf(attributes);
        }

        public long nanos() {
            return time.getEpochSecond() * NANOS + time.getNano();
        }
    }

    public Path file() {
        return file;
    }

    /** What every event of a container says of it, without its name, which may change. */
    public static Map<String, String> attributes(ContainerSpec spec) {
        var attributes = new TreeMap<>(spec.config().labels());
        attributes.put("image", spec.imageName());
        return attributes;
    }

    /** An event that happens now. */
    public void record(Container container, String action) throws IOException {
        record(container, action, Map.of());
    }

    /** As above, with attributes of the action. */
    public void record(Container container, String action, Map<String, String> more) throws IOException {
        var attributes = attributes(container.spec());
        attributes.put("name", container.name());
        attributes.putAll(more);
        append(new Event(Instant.now(), TYPE, action, container.id(), attributes));
    }

    private void append(Event event) throws IOException {
        byte[] line = GoJson.object(json -> json.number("time", event.nanos())
                .string("type", event.type())
                .string("action", event.action())
                .string("id", event.id())
                .mapIfAny("attributes", new TreeMap<>(event.attributes())));
        var text = new String(line, StandardCharsets.UTF_8).stripTrailing() + "\n";
        try {
            if (Files.size(file) > MOST_BYTES) {
                Files.move(file, old, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (NoSuchFileException e) {
            // The first one, or another session has just moved it.
        }
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Reads all that is recorded, then what is recorded later. */
    public Reader reader() {
        return new Reader();
    }

    /** Not thread-safe. */
    public final class Reader {
        private boolean oldIsRead;
        private Object fileKey = "";
        private long position;
        private String rest = "";

        /** What has been recorded since the last call; all there is at the first. */
        public List<Event> next() throws IOException {
            var events = new ArrayList<Event>();
            if (!oldIsRead) {
                oldIsRead = true;
                if (Files.exists(old)) {
                    add(Files.readString(old), events);
                }
            }
            try {
                Object key = Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class)
                        .fileKey();
                if (!key.equals(fileKey) || Files.size(file) < position) {
                    fileKey = key;
                    position = 0;
                    rest = "";
                }
            } catch (NoSuchFileException e) {
                return events;
            }
            rest = add(rest + tail(), events);
            return events;
        }

        private String tail() throws IOException {
            try (var in = new RandomAccessFile(file.toFile(), "r")) {
                in.seek(position);
                byte[] bytes = new byte[Math.toIntExact(Math.max(0, in.length() - position))];
                in.readFully(bytes);
                position += bytes.length;
                return new String(bytes, StandardCharsets.UTF_8);
            }
        }

        /** Returns what stands behind the last whole line. */
        private String add(String text, List<Event> events) {
            int from = 0;
            for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
                parse(text.substring(from, end)).ifPresent(events::add);
                from = end + 1;
            }
            return text.substring(from);
        }
    }

    /** Empty for a line that was cut off, as on a full disk. */
    private static Optional<Event> parse(String line) {
        try {
            Json json = Json.parse(line.getBytes(StandardCharsets.UTF_8), "event");
            long nanos = json.integer("time");
            return Optional.of(new Event(
                    Instant.ofEpochSecond(nanos / NANOS, nanos % NANOS),
                    json.string("type").orElse(TYPE),
                    json.require("action").string(),
                    json.require("id").string(),
                    json.stringMap("attributes")));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }
}
