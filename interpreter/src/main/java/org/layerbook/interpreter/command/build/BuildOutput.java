package org.layerbook.interpreter.command.build;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.golang.CommaSeparated;
import org.layerbook.engine.golang.GoText;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.command.spec.CommandException;

/**
 * One {@code --output} of {@code docker build}.
 *
 * @param destination a path, or {@code -} for standard output
 * @param push to the registry that the names say
 * @param names of {@code name=}, as they are written
 * @param rewritesTimes whether files of the image get SOURCE_DATE_EPOCH where they are younger
 * @param splits of {@code platform-split=}: whether a folder for each platform is made; by default where there are several
 */
record BuildOutput(
        Type type,
        Optional<String> destination,
        boolean push,
        List<String> names,
        boolean rewritesTimes,
        Optional<Boolean> splits) {
    static final String STDOUT = "-";

    /** What {@code --push} comes to. */
    static final BuildOutput PUSH = new BuildOutput(Type.IMAGE, Optional.empty(), true, List.of());

    /** What else an output may say without a difference here. */
    private static final Map<String, Set<String>> NO_MATTER = Map.of(
            "compression", Set.of("gzip"),
            "force-compression", Set.of("false"),
            "oci-mediatypes", Set.of("true"),
            "store", Set.of("true"),
            "unpack", Set.of("true", "false"));

    BuildOutput {
        names = List.copyOf(names);
    }

    private BuildOutput(Type type, Optional<String> destination, boolean push, List<String> names) {
        this(type, destination, push, names, false, Optional.empty());
    }

    enum Type {
        /** The list of images, where everything goes that names no file. */
        IMAGE,
        /** An archive that is docker's and OCI's. */
        ARCHIVE,
        /** A folder that is an OCI image layout. */
        LAYOUT,
        /** The root file system as a tar. */
        TAR,
        /** The root file system in a folder. */
        LOCAL,
        /** Nowhere: what the steps gave is in the cache. */
        CACHE;

        boolean isFolder() {
            return this == LAYOUT || this == LOCAL;
        }

        boolean isFile() {
            return this == ARCHIVE || this == TAR;
        }

        boolean isImage() {
            return this == IMAGE || this == ARCHIVE || this == LAYOUT;
        }
    }

    /** Reads {@code type=local,dest=DIR}, or a path alone: {@code -} is a tar on standard output, else a folder. */
    static BuildOutput of(String value) throws CommandException {
        List<String> fields = fields(value);
        if (fields.size() == 1
                && !value.startsWith("type=")
                && fields.getFirst().equals(value)) {
            return new BuildOutput(value.equals(STDOUT) ? Type.TAR : Type.LOCAL, Optional.of(value), false, List.of());
        }
        Map<String, String> attributes = attributes(fields);
        String kind = Optional.ofNullable(attributes.remove("type")).orElse("");
        if (kind.isEmpty()) {
            throw BuildRequestReader.invalid("type is required for output");
        }
        Optional<String> destination =
                Optional.ofNullable(attributes.remove("dest")).filter(dest -> !dest.isEmpty());
        boolean inTar = BuildAttests.bool(
                        Optional.ofNullable(attributes.remove("tar")).orElse("true"))
                .orElse(true);
        Type type = type(kind, destination, inTar);
        boolean push = flag(attributes, "push") || kind.equals("registry");
        if (push && type != Type.IMAGE) {
            throw BuildRequestReader.failed("push=true requires type=image, not type=" + kind);
        }
        List<String> names =
                fields(Optional.ofNullable(attributes.remove("name")).orElse(""));
        boolean rewrites = type.isImage() && flag(attributes, "rewrite-timestamp");
        boolean tree = type == Type.LOCAL || type == Type.TAR;
        Optional<Boolean> splits = tree && attributes.containsKey("platform-split")
                ? Optional.of(flag(attributes, "platform-split"))
                : Optional.empty();
        checkLeft(attributes, value);
        Optional<String> place = type == Type.IMAGE || type == Type.CACHE
                ? Optional.empty()
                : destination.or(() -> type.isFile() ? Optional.of(STDOUT) : Optional.empty());
        return new BuildOutput(type, place, push, names, rewrites, splits);
    }

    private static Type type(String kind, Optional<String> destination, boolean inTar) throws CommandException {
        return switch (kind) {
            case "local" -> Type.LOCAL;
            case "tar" -> Type.TAR;
            case "oci" -> inTar ? Type.ARCHIVE : Type.LAYOUT;
            case "docker" -> inTar ? destination.isPresent() ? Type.ARCHIVE : Type.IMAGE : Type.LAYOUT;
            case "image", "registry" -> Type.IMAGE;
            case "cacheonly" -> Type.CACHE;
            default ->
                throw BuildRequestReader.failed("unsupported output type " + GoText.quote(kind)
                        + ": use docker, image, local, oci, registry or tar");
        };
    }

    private static List<String> fields(String value) throws CommandException {
        try {
            return CommaSeparated.fields(value);
        } catch (IllegalArgumentException e) {
            throw BuildRequestReader.invalid(e.getMessage());
        }
    }

    private static Map<String, String> attributes(List<String> fields) throws CommandException {
        Map<String, String> named = new LinkedHashMap<>();
        for (String field : fields) {
            int equals = field.indexOf('=');
            if (equals < 0) {
                throw BuildRequestReader.invalid("invalid value " + field);
            }
            named.put(field.substring(0, equals).strip().toLowerCase(Locale.ROOT), field.substring(equals + 1));
        }
        return named;
    }

    private static boolean flag(Map<String, String> attributes, String key) throws CommandException {
        String value = attributes.remove(key);
        if (value == null || value.isEmpty()) {
            return value != null;
        }
        return BuildAttests.bool(value)
                .orElseThrow(() -> BuildRequestReader.failed("failed to solve: non-bool value specified for " + key
                        + ": strconv.ParseBool: parsing " + GoText.quote(value) + ": invalid syntax"));
    }

    /** What is not understood is an error, unless it makes no difference. */
    private static void checkLeft(Map<String, String> attributes, String value) throws CommandException {
        for (Map.Entry<String, String> left : attributes.entrySet()) {
            if (!NO_MATTER.getOrDefault(left.getKey(), Set.of()).contains(left.getValue())) {
                throw BuildRequestReader.failed(
                        "--output " + value + ": " + left.getKey() + "=" + left.getValue() + " is not supported");
            }
        }
    }

    /** @throws CommandException when there is something else in the destination's place, or none is named */
    void checkDestination(CommandContext context) throws CommandException {
        String kind = type == Type.LOCAL ? "local" : type == Type.TAR ? "tar" : "oci";
        if (type.isFolder() && destination.isEmpty()) {
            throw BuildRequestReader.failed("dest is required for " + kind + " exporter");
        }
        boolean toStdout = destination.equals(Optional.of(STDOUT));
        if (type.isFolder() && toStdout) {
            throw BuildRequestReader.failed("dest cannot be stdout for " + kind + " exporter");
        }
        if (type.isFile() && toStdout && context.display().isPresent()) {
            throw BuildRequestReader.failed(
                    "dest file is required for " + kind + " exporter. refusing to write to console");
        }
        if (destination.isEmpty() || toStdout) {
            return;
        }
        Path place = context.resolve(destination.get());
        if (type.isFolder() && Files.exists(place) && !Files.isDirectory(place)) {
            throw BuildRequestReader.failed("destination directory " + destination.get() + " is a file");
        }
        if (type.isFile() && Files.isDirectory(place)) {
            throw BuildRequestReader.failed("destination file " + destination.get() + " is a directory");
        }
    }
}
