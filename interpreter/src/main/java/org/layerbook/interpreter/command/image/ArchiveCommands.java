package org.layerbook.interpreter.command.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.archive.ImageArchives;
import org.layerbook.engine.archive.ImageArchives.Saved;
import org.layerbook.engine.archive.LoadResult;
import org.layerbook.engine.archive.read.LoadedPlatforms;
import org.layerbook.engine.concurrent.Interruptible;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Images.Resolution;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.linux.AtomicFile;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.StoredIndexes;
import org.layerbook.engine.store.Store;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;
import org.layerbook.interpreter.command.registry.PlatformChoice;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.ImageArgument;

/** {@code docker save}, {@code load} and {@code import}. */
public final class ArchiveCommands {
    private static final String FORMATTED = "Formatted as \"os[/arch[/variant]]\" (e.g., \"linux/amd64\")";
    private static final String DAEMON = "Error response from daemon: ";
    private static final String INVALID_PLATFORM = "invalid platform: ";

    public static final CommandSpec SAVE = new CommandSpec(
            List.of(Spelling.of("image save"), Spelling.of("save")),
            "[OPTIONS] IMAGE [IMAGE...]",
            "Save one or more images to a tar archive (streamed to STDOUT by default)",
            Arity.atLeast(1),
            List.of(
                    OptionSpec.text('o', "output", "Write to a file, instead of STDOUT")
                            .files(),
                    OptionSpec.text("platform", "Save only the given platform variant. " + FORMATTED)
                            .oneOf("linux/amd64", "linux/arm64")
                            .hiddenFromHelp()),
            Completes.IMAGE,
            ArchiveCommands::save);

    public static final CommandSpec LOAD = new CommandSpec(
            List.of(Spelling.of("image load"), Spelling.of("load")),
            "[OPTIONS]",
            "Load an image from a tar archive or STDIN",
            Arity.NONE,
            List.of(
                    OptionSpec.text('i', "input", "Read from tar archive file, instead of STDIN")
                            .files(),
                    OptionSpec.text("platform", "Load only the given platform variant. " + FORMATTED)
                            .oneOf("linux/amd64", "linux/arm64")
                            .hiddenFromHelp(),
                    OptionSpec.toggle('q', "quiet", "Suppress the load output")),
            Completes.NOTHING,
            ArchiveCommands::load);

    public static final CommandSpec IMPORT = new CommandSpec(
            List.of(Spelling.of("image import"), Spelling.of("import")),
            "[OPTIONS] file|URL|- [REPOSITORY[:TAG]]",
            "Import the contents from a tarball to create a filesystem image",
            Arity.atLeast(1),
            List.of(
                    OptionSpec.of(
                            Kind.LIST, "list", 'c', "change", "Apply Dockerfile instruction to the created image"),
                    OptionSpec.text('m', "message", "Set commit message for imported image"),
                    OptionSpec.text("platform", "Set platform if server is multi-platform capable")
                            .oneOf("linux/amd64", "linux/arm64")),
            Completes.FILE,
            ArchiveCommands::importRoot);

    private ArchiveCommands() {}

    private static ImageArchives archives(Invocation invocation) {
        return new ImageArchives(invocation.store(), invocation.services().snapshots());
    }

    private static Outcome save(Invocation invocation) throws CommandException, IOException {
        Optional<String> output = invocation.options().nonEmpty("output");
        if (output.isEmpty() && invocation.context().display().isPresent()) {
            throw new CommandException("cowardly refusing to save to a terminal. Use the -o flag or redirect", 1);
        }
        Optional<Path> file = output.map(invocation.context()::resolve);
        if (file.isPresent()) {
            checkOutput(file.get());
        }
        Optional<Platform> platform = platform(invocation, INVALID_PLATFORM);
        var images = new ArrayList<Saved>();
        for (String argument : invocation.arguments()) {
            for (Saved saved : saved(argument, invocation)) {
                images.add(platform.isPresent() ? chosen(saved, platform.get(), invocation) : saved);
            }
        }
        if (file.isEmpty()) {
            archives(invocation).save(images, invocation.context().stdout());
            invocation.context().stdout().flush();
        } else {
            saveTo(file.get(), images, invocation);
        }
        return Outcome.DONE;
    }

    private static Saved chosen(Saved saved, Platform platform, Invocation invocation)
            throws CommandException, IOException {
        if (saved.image().config().platform().isSameMachine(platform)) {
            return saved;
        }
        if (saved.names().isEmpty()) {
            throw new CommandException(
                    DAEMON + "image " + saved.image().id() + " does not provide the specified platform (" + platform
                            + ")",
                    1);
        }
        Reference name = saved.names().getFirst();
        return new Saved(PlatformChoice.of(saved.image(), name, platform, invocation.store(), DAEMON), saved.names());
    }

    static void checkOutput(Path file) throws CommandException {
        checkOutput(file, "failed to save image: ");
    }

    /** @param failure how docker begins the sentence */
    public static void checkOutput(Path file, String failure) throws CommandException {
        Path folder = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw new CommandException(
                    failure + "invalid output path: stat " + folder + ": no such file or directory", 1);
        }
        Optional<String> kind = irregular(file);
        if (kind.isPresent()) {
            throw new CommandException(failure + "cannot write to " + kind.get(), 1);
        }
    }

    /** What is there already and cannot be replaced by a file, in docker's words. */
    private static Optional<String> irregular(Path file) {
        int mode;
        try {
            mode = (Integer) Files.getAttribute(file, "unix:mode");
        } catch (IOException e) {
            return Optional.empty(); // not there, or not ours to see: writing will tell
        }
        return switch (mode >> 12 & 017) {
            case 01 -> Optional.of("a named pipe (FIFO)");
            case 02 -> Optional.of("a character device file");
            case 04 -> Optional.of("a directory");
            case 06 -> Optional.of("a block device file");
            case 014 -> Optional.of("a socket");
            default -> Optional.empty();
        };
    }

    /** The file is there whole or not at all. */
    private static void saveTo(Path file, List<Saved> images, Invocation invocation) throws IOException {
        AtomicFile.write(
                file, AtomicFile.Access.PRIVATE, out -> archives(invocation).save(images, out));
    }

    /** A repository without a tag means all its tags. */
    private static List<Saved> saved(String argument, Invocation invocation) throws CommandException, IOException {
        var images = new ArrayList<Saved>();
        for (Names.Name name : tagsOf(argument, invocation.store())) {
            Optional<Image> image = invocation.store().images().get(name.image());
            if (image.isPresent()) {
                images.add(saved(image.get(), Optional.of(name), invocation));
            }
        }
        if (images.isEmpty()) {
            if (!argument.startsWith("@")
                    && invocation.store().images().resolve(argument) instanceof Resolution.Missing) {
                throw ImageArgument.noSuchImage(argument);
            }
            ImageArgument found = ImageArgument.resolve(argument, invocation);
            Optional<Names.Name> name = found.name().isEmpty()
                    ? Optional.empty()
                    : invocation.store().names().get(found.name().get());
            images.add(saved(found.load(invocation.store()), name, invocation));
        }
        return images;
    }

    /** What the name stands for; of an index of which not everything is here, the image alone. */
    private static Saved saved(Image image, Optional<Names.Name> name, Invocation invocation) throws IOException {
        if (name.isEmpty()) {
            return new Saved(image, List.of());
        }
        List<Reference> names =
                Optional.of(name.get().reference())
                        .filter(reference -> reference.tag().isPresent())
                        .stream()
                        .toList();
        var indexes = new StoredIndexes(invocation.store());
        Optional<Descriptor> index = indexes.of(name.get());
        boolean whole = index.isPresent()
                && indexes.isComplete(indexes.read(index.get().digest()).orElseThrow());
        return new Saved(image.under(name.get()), names, index.filter(_ -> whole));
    }

    private static List<Names.Name> tagsOf(String argument, Store store) throws IOException {
        try {
            Reference wanted = Reference.parse(argument);
            if (wanted.tag().isPresent() || wanted.digest().isPresent()) {
                return List.of();
            }
            return store.names().list().stream()
                    .filter(name -> name.reference().tag().isPresent()
                            && name.reference().name().equals(wanted.name()))
                    .toList();
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    private static Outcome load(Invocation invocation) throws CommandException, IOException {
        var options = invocation.options();
        LoadedPlatforms platforms = platform(invocation, INVALID_PLATFORM)
                .map(LoadedPlatforms::only)
                .orElseGet(LoadedPlatforms::all);
        Optional<String> input = options.nonEmpty("input");
        List<LoadResult> loaded;
        if (input.isPresent()) {
            Path path = invocation.context().resolve(input.get());
            if (!Files.exists(path)) {
                throw new NoSuchFileException(input.get());
            }
            loaded = archives(invocation).load(path, platforms);
        } else {
            var in = new BufferedInputStream(invocation.context().stdin(), 1 << 16);
            in.mark(1);
            if (in.read() < 0) {
                throw new CommandException(
                        "requested load from stdin, but stdin is empty: use `docker load -i FILE`", 1);
            }
            in.reset();
            loaded = archives(invocation).load(in, platforms);
        }
        invocation.context().print(loadedText(loaded));
        return Outcome.DONE;
    }

    private static String loadedText(List<LoadResult> loaded) {
        var text = new StringBuilder();
        for (LoadResult one : loaded) {
            one.replaced()
                    .forEach((name, id) -> text.append("The image ")
                            .append(name.familiar())
                            .append(" already exists, renaming the old one with ID ")
                            .append(id)
                            .append(" to empty string\n"));
            one.names()
                    .forEach(name -> text.append("Loaded image: ")
                            .append(name.familiar())
                            .append('\n'));
            if (one.names().isEmpty()) {
                text.append("Loaded image ID: ").append(one.image().id()).append('\n');
            }
        }
        return text.toString();
    }

    /** @param refused how docker begins the sentence for what is none */
    private static Optional<Platform> platform(Invocation invocation, String refused) throws CommandException {
        try {
            return invocation.options().nonEmpty("platform").map(Platform::parse);
        } catch (IllegalArgumentException e) {
            throw new CommandException(refused + e.getMessage(), 1);
        }
    }

    private static Outcome importRoot(Invocation invocation) throws CommandException, IOException {
        List<String> arguments = invocation.arguments();
        Optional<Reference> name = name(arguments);
        var config =
                ImportChanges.apply(ContainerConfig.EMPTY, invocation.options().list("change"));
        Platform platform = platform(invocation, DAEMON).orElseGet(Platform::host);
        String source = arguments.getFirst();
        boolean remote = source.startsWith("http://") || source.startsWith("https://");
        String comment = invocation.options().nonEmpty("message").orElse("Imported from " + (remote ? source : "-"));
        try (InputStream in = open(source, remote, invocation.context())) {
            LoadResult made = Interruptible.run(
                    "import",
                    invocation.context().cancellation(),
                    () -> archives(invocation).importRoot(in, config, comment, platform, name));
            invocation.context().print(made.image().id() + "\n");
        }
        return Outcome.DONE;
    }

    private static Optional<Reference> name(List<String> arguments) throws CommandException {
        try {
            return arguments.size() > 1 ? Optional.of(Reference.parse(arguments.get(1))) : Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new CommandException(e.getMessage(), 1);
        }
    }

    private static InputStream open(String source, boolean remote, CommandContext context)
            throws CommandException, IOException {
        if (source.equals("-")) {
            return context.stdin();
        }
        if (remote) {
            return RemoteFile.open(source, context);
        }
        Path file = context.resolve(source);
        if (!Files.exists(file)) {
            throw new NoSuchFileException(source);
        }
        return Files.newInputStream(file);
    }
}
