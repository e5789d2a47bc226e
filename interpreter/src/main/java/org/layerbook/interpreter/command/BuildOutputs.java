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
        LOCAL
    }

    /** @param destination a path, or {@code -} for standard output */
    record Output(Type type, Optional<String> destination) {}

    /** Reads {@code type=local,dest=DIR}, or a path alone: {@code -} is a tar on standard output, else a folder. */
    static BuildOutputs read(List<String> given) throws CommandException {
        var outputs = new ArrayList<Output>();
        for (String value : given) {
            outputs.add(output(value));
        }
        return new BuildOutputs(outputs);
    }

    private static Output output(String value) throws CommandException {
        List<String> fields = Csv.fields(value);
        if (fields.size() == 1 && !value.contains("=")) {
            return new Output(value.equals(STDOUT) ? Type.TAR : Type.LOCAL, Optional.of(value));
        }
        Map<String, String> named = new LinkedHashMap<>();
        for (String field : fields) {
            int equals = field.indexOf('=');
            if (equals < 0) {
                throw BuildRequestReader.failed("invalid value " + field);
            }
            named.put(field.substring(0, equals).strip(), field.substring(equals + 1));
        }
        Optional<String> destination = Optional.ofNullable(named.get("dest"));
        if (named.getOrDefault("push", "false").equals("true")) {
            throw BuildRequestReader.failed("push=true is not part of Layerbook yet: `docker push` what was built");
        }
        return switch (named.getOrDefault("type", "")) {
            case "" -> throw BuildRequestReader.failed("type is required for output");
            case "local" -> new Output(Type.LOCAL, Optional.of(required(destination, "local")));
            case "tar" -> new Output(Type.TAR, Optional.of(destination.orElse(STDOUT)));
            case "oci" -> new Output(Type.ARCHIVE, Optional.of(destination.orElse(STDOUT)));
            case "docker" -> new Output(destination.isPresent() ? Type.ARCHIVE : Type.IMAGE, destination);
            case "image" -> new Output(Type.IMAGE, Optional.empty());
            case "cacheonly" -> new Output(Type.IMAGE, Optional.empty());
            default ->
                throw BuildRequestReader.failed("unsupported output type \"" + named.get("type")
                        + "\": Layerbook has docker, image, local, oci and tar");
        };
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

    /** @throws CommandException before the build, when something would go to a standard output that is a person's */
    void check(CommandContext context) throws CommandException {
        boolean toStdout = all.stream().anyMatch(output -> output.destination().equals(Optional.of(STDOUT)));
        if (toStdout && context.display().isPresent()) {
            throw BuildRequestReader.failed("dest file is required for the exporter: refusing to write to console");
        }
    }

    /** @return the files and folders that were written, as the person named them */
    List<String> write(Image image, List<Reference> names, Invocation invocation) throws IOException {
        var written = new ArrayList<String>();
        for (Output output : all) {
            String destination = output.destination().orElse("");
            switch (output.type()) {
                case IMAGE -> {}
                case LOCAL -> {
                    Path folder = invocation.context().resolve(destination);
                    new TreeExport(invocation.services().snapshots().files(image.chainId())).toFolder(folder);
                    written.add(destination);
                }
                case TAR, ARCHIVE -> {
                    writeFile(output, image, names, invocation);
                    written.add(destination);
                }
            }
        }
        return written;
    }

    private static void writeFile(Output output, Image image, List<Reference> names, Invocation invocation)
            throws IOException {
        String destination = output.destination().orElseThrow();
        if (destination.equals(STDOUT)) {
            write(output.type(), image, names, invocation, invocation.context().stdout());
            return;
        }
        Path file = invocation.context().resolve(destination);
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path made = Files.createTempFile(folder, ".layerbook-build", ".tmp");
        try {
            try (OutputStream out = Files.newOutputStream(made)) {
                write(output.type(), image, names, invocation, out);
            }
            Files.move(made, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(made);
        }
    }

    private static void write(Type type, Image image, List<Reference> names, Invocation invocation, OutputStream out)
            throws IOException {
        var services = invocation.services();
        if (type == Type.ARCHIVE) {
            new ImageArchives(services.store(), services.snapshots())
                    .save(List.of(new ImageArchives.Saved(image, names)), out);
        } else {
            new TreeExport(services.snapshots().files(image.chainId())).toTar(out);
        }
    }
}
