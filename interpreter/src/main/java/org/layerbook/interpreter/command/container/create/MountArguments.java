package org.layerbook.interpreter.command.container.create;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.layerbook.engine.container.state.ContainerMount;
import org.layerbook.engine.container.state.TmpfsOptions;
import org.layerbook.engine.golang.CommaSeparated;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;

/** {@code --volume}, {@code --mount} and {@code --tmpfs}, and the volumes of an image. */
final class MountArguments {
    private static final Pattern VOLUME_NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]*");
    private static final int ANONYMOUS_BYTES = 32;
    /** What docker takes behind the second colon and what has no effect here, where there is no SELinux and no sharing to choose. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "rw",
            "z",
            "Z",
            "cached",
            "delegated",
            "consistent",
            "private",
            "rprivate",
            "shared",
            "rshared",
            "slave",
            "rslave");

    private final Invocation invocation;

    MountArguments(Invocation invocation) {
        this.invocation = invocation;
    }

    /** @param ofImage where the image has volumes */
    List<ContainerMount> read(Set<String> ofImage) throws CommandException, IOException {
        var mounts = new LinkedHashMap<String, ContainerMount>();
        for (String text : invocation.options().list("volume")) {
            add(mounts, volume(text));
        }
        for (String text : invocation.options().list("mount")) {
            add(mounts, mount(text));
        }
        for (String text : invocation.options().list("tmpfs")) {
            int colon = text.indexOf(':');
            String target = colon < 0 ? text : text.substring(0, colon);
            add(mounts, tmpfs(target, colon < 0 ? "" : text.substring(colon + 1)));
        }
        for (String target : ofImage) {
            mounts.computeIfAbsent(target, path -> new ContainerMount.Volume(anonymous(), path, false, true, false));
        }
        return List.copyOf(mounts.values());
    }

    private static void add(Map<String, ContainerMount> mounts, ContainerMount mount) throws CommandException {
        if (mounts.put(mount.target(), mount) != null) {
            throw daemon("Duplicate mount point: " + mount.target());
        }
    }

    private static String anonymous() {
        byte[] bytes = new byte[ANONYMOUS_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private ContainerMount volume(String text) throws CommandException, IOException {
        String[] parts = text.split(":", -1);
        if (parts.length > 3 || parts[parts.length - 1].isEmpty() && parts.length > 1 || parts[0].isEmpty()) {
            throw daemon("invalid volume specification: '" + text + "'");
        }
        if (parts.length == 1) {
            return new ContainerMount.Volume(anonymous(), absolute(parts[0]), false, true, false);
        }
        boolean readOnly = false;
        boolean noCopy = false;
        if (parts.length == 3) {
            for (String option : parts[2].split(",")) {
                switch (option) {
                    case "ro", "readonly" -> readOnly = true;
                    case "nocopy" -> noCopy = true;
                    default -> {
                        if (!WITHOUT_EFFECT.contains(option)) {
                            throw daemon("invalid mode: " + parts[2]);
                        }
                    }
                }
            }
        }
        String target = absolute(parts[1]);
        if (isPath(parts[0])) {
            Path source = source(parts[0]);
            Files.createDirectories(Files.exists(source) ? source.getParent() : source); // as docker does for -v
            return new ContainerMount.Bind(source, target, readOnly);
        }
        return new ContainerMount.Volume(volumeName(parts[0]), target, readOnly, false, noCopy);
    }

    private static boolean isPath(String source) {
        return source.startsWith("/")
                || source.startsWith("./")
                || source.startsWith("../")
                || source.equals(".")
                || source.equals("..")
                || source.startsWith("~");
    }

    private Path source(String text) {
        String home = invocation.context().environment().getOrDefault("HOME", "/");
        return invocation
                .context()
                .resolve(text.startsWith("~/") ? home + text.substring(1) : text.equals("~") ? home : text);
    }

    private static String volumeName(String name) throws CommandException {
        if (!VOLUME_NAME.matcher(name).matches()) {
            throw daemon(
                    "create " + name + ": \"" + name
                            + "\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use absolute path");
        }
        return name;
    }

    private static String absolute(String target) throws CommandException {
        if (!target.startsWith("/")) {
            throw daemon("invalid volume specification: '" + target
                    + "': invalid mount config for type \"volume\": invalid mount path: '" + target
                    + "' mount path must be absolute");
        }
        String path = org.layerbook.engine.golang.GoPath.clean(target);
        if (path.equals("/")) {
            throw daemon("invalid volume specification: '" + target
                    + "': invalid mount config for type \"volume\": invalid specification: destination can't be '/'");
        }
        return path;
    }

    private ContainerMount mount(String text) throws CommandException, IOException {
        var values = new LinkedHashMap<String, String>();
        for (String field : CommaSeparated.fields(text)) {
            int equals = field.indexOf('=');
            String key = (equals < 0 ? field : field.substring(0, equals)).toLowerCase(Locale.ROOT);
            values.put(key, equals < 0 ? "true" : field.substring(equals + 1));
        }
        String type = values.getOrDefault("type", "volume");
        String target = first(values, "target", "destination", "dst");
        String source = first(values, "source", "src");
        boolean readOnly = !first(values, "readonly", "ro").isEmpty()
                && !first(values, "readonly", "ro").equals("false")
                && !first(values, "readonly", "ro").equals("0");
        if (target.isEmpty()) {
            throw SpecReader.invalid("mount", text, "target is required");
        }
        return switch (type) {
            case "bind" -> {
                Path path = source(source);
                if (!Files.exists(path)) {
                    throw daemon("invalid mount config for type \"bind\": bind source path does not exist: " + path);
                }
                yield new ContainerMount.Bind(path, absolute(target), readOnly);
            }
            case "volume" ->
                new ContainerMount.Volume(
                        source.isEmpty() ? anonymous() : volumeName(source),
                        absolute(target),
                        readOnly,
                        source.isEmpty(),
                        values.containsKey("volume-nocopy"));
            case "tmpfs" -> tmpfs(target, tmpfs(values));
            default -> throw daemon("invalid mount config: mount type unknown: \"" + type + "\"");
        };
    }

    private static ContainerMount tmpfs(String target, String options) throws CommandException {
        Optional<String> invalid = TmpfsOptions.invalid(options);
        if (invalid.isPresent()) {
            throw daemon("invalid tmpfs option [\"" + invalid.get() + "\"]");
        }
        return new ContainerMount.Tmpfs(absolute(target), options);
    }

    private static String tmpfs(Map<String, String> values) {
        var options = new ArrayList<String>();
        if (values.containsKey("tmpfs-size")) {
            options.add("size=" + values.get("tmpfs-size"));
        }
        if (values.containsKey("tmpfs-mode")) {
            options.add("mode=" + values.get("tmpfs-mode"));
        }
        return String.join(",", options);
    }

    private static String first(Map<String, String> values, String... keys) {
        for (String key : keys) {
            if (values.containsKey(key)) {
                return values.get(key);
            }
        }
        return "";
    }

    private static CommandException daemon(String sentence) {
        return new CommandException(
                "docker: Error response from daemon: " + sentence + "\n\nRun 'docker run --help' for more information",
                SpecReader.NOT_RUN);
    }
}
