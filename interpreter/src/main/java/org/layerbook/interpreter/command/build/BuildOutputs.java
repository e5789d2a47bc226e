package org.layerbook.interpreter.command.build;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.layerbook.engine.archive.ImageArchives;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.layer.TreeExport;
import org.layerbook.engine.layer.tar.TarWriter;
import org.layerbook.engine.linux.AtomicFile;
import org.layerbook.engine.oci.Reference;
import org.layerbook.interpreter.command.option.Options;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;

/**
 * {@code docker build --output}: where a build goes besides, or instead of, the list of images.
 *
 * @param tags of {@code --tag}; over the names that outputs have themselves
 */
record BuildOutputs(List<BuildOutput> all, List<Reference> tags) {
    BuildOutputs {
        all = List.copyOf(all);
        tags = List.copyOf(tags);
    }

    static BuildOutputs read(Options options) throws CommandException {
        var outputs = new ArrayList<BuildOutput>();
        for (String value : options.list("output")) {
            if (!value.isEmpty()) {
                outputs.add(BuildOutput.of(value));
            }
        }
        boolean isTree = outputs.stream()
                .anyMatch(output -> output.type() == BuildOutput.Type.LOCAL || output.type() == BuildOutput.Type.TAR);
        if (isTree && options.nonEmpty("iidfile").isPresent()) {
            throw BuildRequestReader.invalid("local and tar exporters are incompatible with image ID file");
        }
        if (options.on("push")) {
            outputs.add(BuildOutput.PUSH);
        }
        return new BuildOutputs(outputs, references(options.list("tag")));
    }

    private static List<Reference> references(List<String> names) throws CommandException {
        var references = new ArrayList<Reference>();
        for (String name : names) {
            try {
                Reference reference = Reference.parse(name);
                if (reference.digest().isPresent()) {
                    throw new IllegalArgumentException("refusing to create a tag with a digest reference");
                }
                references.add(reference.tagged());
            } catch (IllegalArgumentException e) {
                throw BuildRequestReader.failed("invalid tag \"" + name + "\": " + e.getMessage());
            }
        }
        return references;
    }

    boolean pushes() {
        return all.stream().anyMatch(BuildOutput::push);
    }

    /** Of the image in the list of images. */
    List<Reference> names() throws CommandException {
        var names = new LinkedHashSet<>(tags);
        for (BuildOutput output : all) {
            if (output.type() == BuildOutput.Type.IMAGE) {
                names.addAll(names(output));
            }
        }
        return List.copyOf(names);
    }

    private List<Reference> names(BuildOutput output) throws CommandException {
        return tags.isEmpty() ? references(output.names()) : tags;
    }

    /** Whether the image is listed: unless it all goes elsewhere. */
    boolean listsImage() {
        return all.isEmpty() || all.stream().anyMatch(output -> output.type() == BuildOutput.Type.IMAGE);
    }

    /** Whether the image that is listed has its files' times rewritten. */
    boolean rewritesListed() {
        return all.stream().anyMatch(output -> output.type() == BuildOutput.Type.IMAGE && output.rewritesTimes());
    }

    /** @throws CommandException before the build, if an archive would be written to a terminal, or has no destination */
    void check(CommandContext context) throws CommandException {
        boolean stdoutUsed = false;
        for (BuildOutput output : all) {
            boolean toStdout = output.type().isFile() && output.destination().equals(Optional.of(BuildOutput.STDOUT));
            if (toStdout && stdoutUsed) {
                throw BuildRequestReader.failed("multiple outputs configured to write to stdout");
            }
            stdoutUsed |= toStdout;
            output.checkDestination(context);
            names(output);
        }
        if (pushes() && names().isEmpty()) {
            throw BuildRequestReader.failed("tag is needed when pushing to registry");
        }
    }

    /** @return the files and folders that were written, as the user named them */
    List<String> write(BuiltImages built, Invocation invocation) throws CommandException, IOException {
        var written = new ArrayList<String>();
        for (BuildOutput output : all) {
            BuiltImages its = output.rewritesTimes() ? built.rewritten() : built;
            switch (output.type()) {
                case IMAGE, CACHE -> {}
                case LOCAL -> {
                    Path folder =
                            invocation.context().resolve(output.destination().orElseThrow());
                    for (Image image : its.all()) {
                        writeFolder(image, folder.resolve(prefix(image, output, its)), built, invocation);
                    }
                    written.add(output.destination().orElseThrow());
                }
                case LAYOUT -> {
                    layout(output, its, invocation);
                    written.add(output.destination().orElseThrow());
                }
                case TAR, ARCHIVE -> {
                    writeFile(output, its, invocation);
                    written.add(output.destination().orElseThrow());
                }
            }
        }
        return written;
    }

    private static TreeExport export(Image image, BuiltImages built, Invocation invocation) throws IOException {
        OptionalLong time = built.epoch().map(OptionalLong::of).orElse(OptionalLong.empty());
        return new TreeExport(invocation.services().snapshots().files(image.chainId()), time);
    }

    private static void writeFolder(Image image, Path folder, BuiltImages built, Invocation invocation)
            throws IOException {
        var leftOut = new ArrayList<String>();
        export(image, built, invocation).toFolder(folder, leftOut::add);
        for (String device : leftOut) {
            invocation
                    .context()
                    .printError("WARNING: failed to create device " + device + ": operation not permitted; skipped\n");
        }
    }

    /** As BuildKit: {@code linux_amd64}; empty where the files of one platform stand alone. */
    private static String prefix(Image image, BuildOutput output, BuiltImages built) throws CommandException {
        boolean splits = output.splits().orElse(built.index().isPresent());
        if (!splits && built.all().size() > 1) {
            throw BuildRequestReader.failed("platform-split=false is not supported: files of different platforms"
                    + " would overwrite each other");
        }
        return splits ? image.config().platform().withOsVersion().replace('/', '_') : "";
    }

    private void layout(BuildOutput output, BuiltImages built, Invocation invocation)
            throws CommandException, IOException {
        Path folder = invocation.context().resolve(output.destination().orElseThrow());
        var archives = archives(invocation);
        if (built.index().isPresent()) {
            archives.writeLayout(Map.of(built.index().get(), nameSet(output)), folder);
        } else {
            archives.saveLayout(List.of(new ImageArchives.Saved(built.shown(), names(output))), folder);
        }
    }

    private static ImageArchives archives(Invocation invocation) {
        return new ImageArchives(
                invocation.services().store(), invocation.services().snapshots());
    }

    private Set<Reference> nameSet(BuildOutput output) throws CommandException {
        return new LinkedHashSet<>(names(output));
    }

    private void writeFile(BuildOutput output, BuiltImages built, Invocation invocation)
            throws CommandException, IOException {
        String destination = output.destination().orElseThrow();
        if (destination.equals(BuildOutput.STDOUT)) {
            write(output, built, invocation, invocation.context().stdout());
            return;
        }
        Path file = invocation.context().resolve(destination);
        Files.createDirectories(file.toAbsolutePath().getParent());
        AtomicFile.<CommandException>write(
                file, AtomicFile.Access.PRIVATE, out -> write(output, built, invocation, out));
    }

    private void write(BuildOutput output, BuiltImages built, Invocation invocation, OutputStream out)
            throws CommandException, IOException {
        if (output.type() == BuildOutput.Type.TAR) {
            try (var tar = new TarWriter(out)) {
                for (Image image : built.all()) {
                    export(image, built, invocation).toTar(tar, prefix(image, output, built));
                }
                tar.end();
            }
            out.flush();
            return;
        }
        if (built.index().isPresent()) {
            archives(invocation).write(Map.of(built.index().get(), nameSet(output)), out);
        } else {
            archives(invocation).save(List.of(new ImageArchives.Saved(built.shown(), names(output))), out);
        }
    }
}
