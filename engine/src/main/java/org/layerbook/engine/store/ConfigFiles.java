package org.layerbook.engine.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.linux.RegularFile;
import org.layerbook.engine.oci.Json;

/**
 * Layerbook's configuration: the machine's {@code /etc/layerbook/config.json}, for what a teacher sets for everybody, and
 * the user's {@code ~/.config/layerbook/config.json} ({@code XDG_CONFIG_HOME} counts), which is over it. Either may be
 * missing.
 *
 * @param contents of those that are there, the machine's first
 */
public record ConfigFiles(List<Json> contents) {
    private static final int MOST_BYTES = 4 << 20;
    private static final Path MACHINE = Path.of("/etc/layerbook/config.json");

    public ConfigFiles {
        contents = List.copyOf(contents);
    }

    /** @throws IOException when one cannot be read, with a sentence that names it */
    public static ConfigFiles read(Map<String, String> environment) throws IOException {
        return read(List.of(MACHINE, user(environment)));
    }

    static ConfigFiles read(List<Path> files) throws IOException {
        var contents = new ArrayList<Json>();
        for (Path file : files) {
            Optional<byte[]> content = RegularFile.readFollowing(file, MOST_BYTES);
            if (content.isPresent()) {
                contents.add(Json.parse(content.get(), file.toString()));
            }
        }
        return new ConfigFiles(contents);
    }

    /** Where the user's is, if it is there. */
    public static Path user(Map<String, String> environment) {
        String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
        Path folder =
                config.isEmpty() ? Path.of(environment.getOrDefault("HOME", "/root"), ".config") : Path.of(config);
        return folder.resolve("layerbook").resolve("config.json");
    }

    /** The list that a member holds, in the last file that has it. */
    public List<String> strings(String member) throws IOException {
        List<String> found = List.of();
        for (Json content : contents) {
            if (content.get(member).isPresent()) {
                found = content.strings(member);
            }
        }
        return found;
    }

    /** The value that a member of a member has, in the last file that has it. */
    public Optional<String> string(String section, String member) throws IOException {
        Optional<String> found = Optional.empty();
        for (Json content : contents) {
            Optional<Json> its = content.get(section);
            if (its.isPresent() && its.get().get(member).isPresent()) {
                found = its.get().string(member);
            }
        }
        return found;
    }
}
