package org.layerbook.interpreter.command.container.attach;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.linux.RegularFile;
import org.layerbook.engine.oci.Json;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;

/** The keys with which the user leaves a container that runs on. */
public record DetachKeys(List<Byte> codes) {
    static final DetachKeys DEFAULT = new DetachKeys(List.of((byte) 16, (byte) 17));

    /** What docker says of keys that it does not know. */
    public static final String INVALID = "Invalid detach keys (%s) provided";

    private static final String CONTROL = "ctrl-";
    /** In the order of their codes, from 0. */
    private static final String CONTROLS = "@abcdefghijklmnopqrstuvwxyz[\\]^_";

    private static final byte DELETE = 127;
    private static final int MOST_BYTES = 1 << 20;

    public DetachKeys {
        codes = List.copyOf(codes);
    }

    /** What the option {@code --detach-keys} names, else the user's docker configuration. @param fault docker's sentence */
    public static DetachKeys of(Invocation invocation, String fault) throws CommandException {
        String text = invocation
                .options()
                .nonEmpty("detach-keys")
                .or(() -> configured(invocation.context().environment()))
                .orElse("");
        if (text.isEmpty()) {
            return DEFAULT;
        }
        var codes = new ByteArrayOutputStream();
        for (String key : text.split(",", -1)) {
            int code = code(key);
            if (code < 0) {
                throw new CommandException("Error response from daemon: " + fault.formatted(text), 1);
            }
            codes.write(code);
        }
        var boxed = new ArrayList<Byte>();
        for (byte code : codes.toByteArray()) {
            boxed.add(code);
        }
        return new DetachKeys(boxed);
    }

    /** The member {@code detachKeys} of docker's configuration; one that cannot be read is passed over, as by every command but login. */
    private static Optional<String> configured(Map<String, String> environment) {
        String folder = environment.getOrDefault("DOCKER_CONFIG", "");
        Path file = folder.isEmpty()
                ? Path.of(environment.getOrDefault("HOME", "/root"), ".docker", "config.json")
                : Path.of(folder, "config.json");
        try {
            Optional<byte[]> content = RegularFile.readFollowing(file, MOST_BYTES);
            return content.isEmpty()
                    ? Optional.empty()
                    : Json.parse(content.get(), file.toString()).string("detachKeys");
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static int code(String key) {
        if (key.length() == 1) {
            return key.charAt(0);
        }
        if (key.equals("DEL")) {
            return DELETE;
        }
        boolean control = key.startsWith(CONTROL) && key.length() == CONTROL.length() + 1;
        return control ? CONTROLS.indexOf(key.charAt(CONTROL.length())) : -1;
    }
}
