package org.layerbook.engine.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.golang.GoJson;
import org.layerbook.engine.image.StoreLocks;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.store.file.StoreFiles;

/**
 * The builders that were made by name, in the file {@code builders.json}. Each is a name only: all of them stand for the
 * engine in the process that builds.
 */
public final class Builders {
    private final StoreFiles files;
    private final StoreLocks locks;
    private final Path file;

    Builders(StoreFiles files, StoreLocks locks) {
        this.files = files;
        this.locks = locks;
        this.file = files.home().resolve("builders.json");
    }

    /** As {@code docker buildx ls} calls it, in small letters. */
    public enum Status {
        /** Not used since it was made. */
        INACTIVE,
        RUNNING,
        STOPPED
    }

    /** @param driver as it was asked for; it changes nothing */
    public record Entry(String name, String driver, Status status) {
        public Entry with(Status other) {
            return new Entry(name, driver, other);
        }
    }

    /**
     * All of them at one moment.
     *
     * @param entries by name
     * @param current the one that is used where none is named; absent when it is the builder that is always there
     */
    public record Known(List<Entry> entries, Optional<String> current) {
        static final Known NONE = new Known(List.of(), Optional.empty());

        /** A current one that is not there (any more) is none. */
        public Known {
            entries = entries.stream().sorted(Comparator.comparing(Entry::name)).toList();
            List<String> names = entries.stream().map(Entry::name).toList();
            current = current.filter(names::contains);
        }

        public Optional<Entry> find(String name) {
            return entries.stream().filter(entry -> entry.name().equals(name)).findFirst();
        }

        /** With {@code entry}, instead of one of its name. */
        public Known with(Entry entry) {
            var all = new ArrayList<>(without(entry.name()).entries);
            all.add(entry);
            return new Known(all, current);
        }

        public Known without(String name) {
            return new Known(
                    entries.stream().filter(entry -> !entry.name().equals(name)).toList(), current);
        }

        public Known using(Optional<String> name) {
            return new Known(entries, name);
        }
    }

    /** What becomes of all of them. */
    @FunctionalInterface
    public interface Change<E extends Exception> {
        Known apply(Known before) throws E;
    }

    public Known read() throws IOException {
        Optional<byte[]> content = StoreFiles.read(file);
        if (content.isEmpty()) {
            return Known.NONE;
        }
        Json json = Json.parse(content.get(), file.toString());
        var entries = new ArrayList<Entry>();
        for (Json one : json.elements("builders")) {
            entries.add(new Entry(
                    one.require("name").string(), one.require("driver").string(), status(one.require("status"))));
        }
        return new Known(entries, json.string("current"));
    }

    private static Status status(Json json) throws IOException {
        try {
            return Status.valueOf(json.string());
        } catch (IllegalArgumentException e) {
            throw json.problem("is not a builder status");
        }
    }

    /** Changes them while no other process does. The change may not lock anything. */
    public <E extends Exception> void update(Change<E> change) throws IOException, E {
        try (var _ = locks.lock("builders")) {
            Known before = read();
            Known after = change.apply(before);
            if (!after.equals(before)) {
                files.replace(file, write(after));
            }
        }
    }

    private static byte[] write(Known known) {
        return GoJson.object(json -> json.stringIfAny("current", known.current().orElse(""))
                .objects(
                        "builders",
                        known.entries(),
                        (one, entry) -> one.string("name", entry.name())
                                .string("driver", entry.driver())
                                .string("status", entry.status().name())));
    }
}
