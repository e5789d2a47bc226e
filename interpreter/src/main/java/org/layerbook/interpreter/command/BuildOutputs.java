package org.layerbook.interpreter.command;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.archive.ImageArchives;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.store.Image;
import org.layerbook.interpreter.command.CommandSpec.Invocation;
import org.layerbook.interpreter.command.option.Csv;

/**
 * {@code docker build --output}: where a build goes besides, or instead of, the list of images.
 */
record BuildOutputs(List<Output> all) {
    private static final String STDOUT = "-";

    BuildOutputs {
        all = List.copyOf(all);
    }

    enum Type {
        /** The list of images, where everything goes that names no file. */
        IMAGE,
        /** An archive that is docker's and OCI's. */
        ARCHIVE,
        /** The root file system as a tar. */
        TAR,
        /** The root file system in a folder. */
        LOCAL,
        /** Nowhere: what the steps gave is in the cache. */
        CACHE
    }

    /**
     * @param destination a path, or {@code -} for standard output
     * @param push to the registry that the names say
     * @param names of {@code name=}
     */
    record Output(Type type, Optional<String> destination, boolean push, List<String> names) {
        Output {
            names = List.copyOf(names);
        }

        Output(Type type, Optional<String> destination) {
            this(type, destination, false, List.of());
        }
    }

    /** What {@code --push} comes to. */
    private static final Output PUSH = new Output(Type.IMAGE, Optional.empty(), true, List.of());

    /** What else an output may say without a difference here. */
    private static final Map<String, Set<String>> NO_MATTER = Map.of(
            "compression", Set.of("gzip"),
            "force-compression", Set.of("false"),
            "oci-mediatypes", Set.of("true"),
            "store", Set.of("true"),
            "unpack", Set.of("true", "false"),
            "tar", Set.of("true"),
            "platform-split", Set.of("true"));

    /**
     * Reads {@code type=local,dest=DIR}, or a path alone: {@code -} is a tar on standard output, else a folder.
     *
     * @param push whether {@code --push} is given
     */
    static BuildOutputs read(List<String> given, boolean push) throws CommandException {
        var outputs = new ArrayList<Output>();
        for (String value : given) {
            outputs.add(output(value));
        }
        if (push) {
            outputs.add(PUSH);
        }
        return new BuildOutputs(outputs);
    }

    private static Output output(String value) throws CommandException {
        List<String> fields = Csv.fields(value);
        if (fields.size() == 1 && !value.contains("=")) {
            return new Output(value.equals(STDOUT) ? Type.TAR : Type.LOCAL, Optional.of(value));
        }
        Map<String, String> named = named(fields);
        String type = Optional.ofNullable(named.remove("type")).orElse("");
        Optional<String> destination = Optional.ofNullable(named.remove("dest"));
        boolean push = "true".equals(named.remove("push")) || type.equals("registry");
        List<String> names =
                Csv.fields(Optional.ofNullable(named.remove("name")).orElse(""));
        Output output = switch (type) {
            case "" -> throw BuildRequestReader.failed("type is required for output");
            case "local" -> new Output(Type.LOCAL, Optional.of(required(destination, "local")));
            case "tar" -> new Output(Type.TAR, Optional.of(destination.orElse(STDOUT)));
            case "oci" -> new Output(Type.ARCHIVE, Optional.of(destination.orElse(STDOUT)), false, names);
            case "docker" -> new Output(destination.isPresent() ? Type.ARCHIVE : Type.IMAGE, destination, false, names);
            case "image", "registry" -> new Output(Type.IMAGE, Optional.empty(), push, names);
            case "cacheonly" -> new Output(Type.CACHE, Optional.empty());
            default ->
                throw BuildRequestReader.failed("unsupported output type \"" + type
                        + "\": Layerbook has docker, image, local, oci, registry and tar");
        };
        if (push && !output.push()) {
            throw BuildRequestReader.failed("push=true goes with type=image, not with type=" + type);
        }
        checkLeft(named, value);
        return output;
    }

    private static Map<String, String> named(List<String> fields) throws CommandException {
        Map<String, String> named = new LinkedHashMap<>();
        for (String field : fields) {
            int equals = field.indexOf('=');
            if (equals < 0) {
                throw BuildRequestReader.failed("invalid value " + field);
            }
            named.put(field.substring(0, equals).strip(), field.substring(equals + 1));
        }
        return named;
    }

    /** What is not understood is an error, unless it makes no difference. */
    private static void checkLeft(Map<String, String> named, String value) throws CommandException {
        for (Map.Entry<String, String> left : named.entrySet()) {
            if (!NO_MATTER.getOrDefault(left.getKey(), Set.of()).contains(left.getValue())) {
                throw BuildRequestReader.failed("--output " + value + ": " + left.getKey() + "=" + left.getValue()
                        + " is not part of Layerbook");
            }
        }
    }

    boolean pushes() {
        return all.stream().anyMatch(Output::push);
    }

    /** Of all {@code name=}. */
    List<String> names() {
        return all.stream().flatMap(output -> output.names().stream()).toList();
    }

    private static String required(Optional<String> destination, String type) throws CommandException {
        if (destination.isEmpty()) {
            throw BuildRequestReader.failed("dest is required for " + type + " output");
        }
        return destination.get();
    }

    /** Whether the image is listed: unless it all goes elsewhere. */
    boolean listsImage() {
        return all.isEmpty() || all.stream().anyMatch(output -> output.type() == Type.IMAGE);
    }

    /** @throws CommandException before the build, when something would go to a standard output that is a person's, or nowhere */
    void check(CommandContext context, List<Reference> names) throws CommandException {
        boolean toStdout = all.stream().anyMatch(output -> output.destination().equals(Optional.of(STDOUT)));
        if (toStdout && context.display().isPresent()) {
            throw BuildRequestReader.failed("dest file is required for the exporter: refusing to write to console");
        }
        if (pushes() && names.isEmpty()) {
            throw BuildRequestReader.failed("tag is needed when pushing to registry");
        }
    }

    /** @return the files and folders that were written, as the person named them */
    List<String> write(BuiltImages built, List<Reference> names, Invocation invocation)
            throws CommandException, IOException {
        var written = new ArrayList<String>();
        for (Output output : all) {
            String destination = output.destination().orElse("");
            switch (output.type()) {
                case IMAGE, CACHE -> {}
                case LOCAL -> {
                    Path folder = invocation.context().resolve(destination);
                    for (Image image : built.all()) {
                        Path its = built.all().size() == 1 ? folder : folder.resolve(folderName(image));
                        new TreeExport(invocation.services().snapshots().files(image.chainId())).toFolder(its);
                    }
                    written.add(destination);
                }
                case TAR, ARCHIVE -> {
                    writeFile(output, built, names, invocation);
                    written.add(destination);
                }
            }
        }
        return written;
    }

    /** As BuildKit: {@code linux_amd64}. */
    private static String folderName(Image image) {
        return image.config().platform().toString().replace('/', '_');
    }

    private static void writeFile(Output output, BuiltImages built, List<Reference> names, Invocation invocation)
            throws CommandException, IOException {
        String destination = output.destination().orElseThrow();
        if (destination.equals(STDOUT)) {
            write(output.type(), built, names, invocation, invocation.context().stdout());
            return;
        }
        Path file = invocation.context().resolve(destination);
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path made = Files.createTempFile(folder, ".layerbook-build", ".tmp");
        try {
            try (OutputStream out = Files.newOutputStream(made)) {
                write(output.type(), built, names, invocation, out);
            }
            Files.move(made, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(made);
        }
    }

    private static void write(
            Type type, BuiltImages built, List<Reference> names, Invocation invocation, OutputStream out)
            throws CommandException, IOException {
        var services = invocation.services();
        if (type == Type.TAR) {
            if (built.all().size() > 1) {
                throw BuildRequestReader.failed("a tar of one root file system holds one platform: type=local writes a"
                        + " folder for each, type=oci an archive of all");
            }
            new TreeExport(services.snapshots().files(built.shown().chainId())).toTar(out);
            return;
        }
        var archives = new ImageArchives(services.store(), services.snapshots());
        if (built.index().isPresent()) {
            archives.write(Map.of(built.index().get(), Set.copyOf(names)), out);
        } else {
            archives.save(List.of(new ImageArchives.Saved(built.shown(), names)), out);
        }
    }
}
