package org.layerbook.engine.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.layerbook.engine.linux.AtomicFile;
import org.layerbook.engine.linux.RegularFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Changes docker's {@code config.json}: what it holds besides stays, it is readable by its owner alone, and never half written. */
final class CredentialFile {
    static final int MOST_BYTES = 4 << 20;

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path file;

    CredentialFile(Path file) {
        this.file = file;
    }

    void put(String key, Map<String, String> members) throws IOException {
        change(config -> {
            ObjectNode entry = config.withObject("/auths").putObject(key);
            members.forEach(entry::put);
            return config;
        });
    }

    void remove(List<String> keys) throws IOException {
        change(config -> {
            config.withObject("/auths").remove(keys);
            return config;
        });
    }

    private void change(UnaryOperator<ObjectNode> change) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file;
        if (!Files.isDirectory(target.getParent())) {
            Files.createDirectories(
                    target.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        byte[] changed = MAPPER.writeValueAsBytes(change.apply(read(target)));
        AtomicFile.write(target, AtomicFile.Access.PRIVATE, changed);
    }

    private static ObjectNode read(Path target) throws IOException {
        byte[] content = RegularFile.read(target, MOST_BYTES).orElse(new byte[0]);
        try {
            if (new String(content, StandardCharsets.UTF_8).isBlank()) {
                return MAPPER.createObjectNode();
            }
            if (MAPPER.readTree(content) instanceof ObjectNode object) {
                return object;
            }
            throw new IOException(target + ": expected an object");
        } catch (JacksonException e) {
            // Jackson's own message may quote what stands there.
            throw new IOException(target + ": not valid JSON");
        }
    }
}
