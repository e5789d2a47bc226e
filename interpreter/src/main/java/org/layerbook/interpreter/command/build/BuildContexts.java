package org.layerbook.interpreter.command.build;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.archive.ImageArchives;
import org.layerbook.engine.builder.fetch.BuildInputs;
import org.layerbook.engine.builder.plan.NamedContext;
import org.layerbook.engine.builder.plan.RemoteContext;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;

/**
 * Where a build's files are: a folder of the user's, an archive on standard input, a repository, a URL, or nowhere. What
 * is elsewhere is fetched before the build begins. Closing removes what was fetched.
 */
final class BuildContexts implements AutoCloseable {
    private static final String DOCKER_IMAGE = "docker-image://";
    private static final String OCI_LAYOUT = "oci-layout://";
    private static final String SESSION = "@";
    /** BuildKit's name for the file that an address gives. */
    private static final String FILE = "context";

    private final Invocation invocation;
    private final CommandContext context;
    private final BuildInputs inputs;
    private final FetchProgress progress;
    private final List<Path> temporary = new ArrayList<>();

    BuildContexts(Invocation invocation, FetchProgress progress) {
        this.invocation = invocation;
        this.context = invocation.context();
        this.inputs = invocation.services().builder().inputs();
        this.progress = progress;
    }

    /**
     * @param folder absent for a Dockerfile without a context
     * @param dockerfile the Dockerfile itself, when it came in the context's place
     * @param fetched whether the folder is no folder of the user's
     * @param time of what was fetched, where it has one
     */
    record Place(Optional<Path> folder, Optional<DockerfileText> dockerfile, boolean fetched, Optional<Long> time) {
        Place(Optional<Path> folder, Optional<DockerfileText> dockerfile, boolean fetched) {
            this(folder, dockerfile, fetched, Optional.empty());
        }

        static Place of(BuildInputs.Fetched fetched) {
            return new Place(Optional.of(fetched.folder()), Optional.empty(), true, fetched.time());
        }
    }

    /** @param argument as it stands on the command line; @param keepGitDir whether a repository comes with its .git */
    Place open(String argument, Optional<String> file, boolean keepGitDir) throws CommandException, IOException {
        if (argument.equals("-")) {
            return fromInput(file);
        }
        Path folder = context.resolve(argument);
        if (Files.isDirectory(folder)) {
            return new Place(Optional.of(folder.toRealPath()), Optional.empty(), false);
        }
        Optional<RemoteContext> remote = remote(argument);
        if (remote.isPresent()) {
            return switch (remote.get()) {
                case RemoteContext.Git git -> Place.of(checkout(git, keepGitDir));
                case RemoteContext.Url url -> fromUrl(url);
            };
        }
        throw BuildRequestReader.failed(
                Files.exists(folder)
                        ? "unable to prepare context: path \"" + argument
                                + "\" is not a directory: give the Dockerfile with -f"
                        : "unable to prepare context: path \"" + argument + "\" not found");
    }

    private static Optional<RemoteContext> remote(String argument) throws CommandException {
        try {
            return RemoteContext.of(argument);
        } catch (IllegalArgumentException e) {
            throw BuildRequestReader.failed("failed to solve: " + e.getMessage());
        }
    }

    private Path temporaryFolder() throws IOException {
        Path folder = inputs.temporaryFolder();
        temporary.add(folder);
        return folder;
    }

    private BuildInputs.Fetched checkout(RemoteContext.Git git, boolean keepGitDir)
            throws CommandException, IOException {
        Path folder = temporaryFolder();
        return progress.during(
                "load git source " + git.title(),
                told -> inputs.checkout(git, folder, keepGitDir, told, context.cancellation()));
    }

    /** @return the folder that the file is in */
    private BuildInputs.Fetched download(RemoteContext.Url url) throws CommandException, IOException {
        Path folder = temporaryFolder();
        return progress.during(
                "load remote build context " + url.title(),
                told -> inputs.download(url, folder.resolve(FILE), told, context.cancellation()));
    }

    private Place fromUrl(RemoteContext.Url url) throws CommandException, IOException {
        BuildInputs.Fetched fetched = download(url);
        Path file = fetched.folder().resolve(FILE);
        try (InputStream in = Files.newInputStream(file)) {
            if (!BuildInputs.looksLikeArchive(in.readNBytes(BuildInputs.HEAD))) {
                DockerfileText text = DockerfileText.of(FILE, file);
                return new Place(Optional.of(fetched.folder()), Optional.of(text), true, fetched.time());
            }
        }
        try (InputStream in = Files.newInputStream(file)) {
            return unpacked(in, url.title(), fetched.time());
        }
    }

    /** @param time of the archive itself, over those of its files */
    private Place unpacked(InputStream in, String title, Optional<Long> time) throws CommandException, IOException {
        Path folder = temporaryFolder();
        BuildInputs.Fetched fetched = progress.during(
                "unpack build context " + title,
                told -> inputs.unpack(in, title, folder, progress::warn, told, context.cancellation()));
        return Place.of(new BuildInputs.Fetched(fetched.folder(), time.or(fetched::time)));
    }

    private Place fromInput(Optional<String> file) throws CommandException, IOException {
        if (file.filter("-"::equals).isPresent()) {
            throw BuildRequestReader.failed("invalid argument: can't use stdin for both build context and dockerfile");
        }
        var in = new BufferedInputStream(context.stdin(), 1 << 16);
        in.mark(BuildInputs.HEAD);
        byte[] head = in.readNBytes(BuildInputs.HEAD);
        in.reset();
        if (head.length == 0) {
            throw BuildRequestReader.failed("failed to solve: the Dockerfile cannot be empty: standard input is empty");
        }
        if (BuildInputs.looksLikeArchive(head)) {
            return unpacked(in, "of standard input", Optional.empty());
        }
        if (file.filter(name -> !name.isEmpty()).isPresent()) {
            throw BuildRequestReader.failed(
                    "ambiguous Dockerfile source: both stdin and flag correspond to Dockerfiles");
        }
        // A Dockerfile alone has an empty context, as BuildKit's: `COPY . /` copies nothing, and is no error.
        return new Place(Optional.of(temporaryFolder()), Optional.of(DockerfileText.of("Dockerfile", in)), false);
    }

    /** The Dockerfile at a URL ({@code -f https://…}). */
    DockerfileText dockerfile(RemoteContext.Url url) throws CommandException, IOException {
        return DockerfileText.of("Dockerfile", download(url).folder().resolve(FILE));
    }

    /**
     * What {@code --build-context NAME=VALUE} says.
     *
     * @param platform of an image that is chosen
     */
    NamedContext named(String name, String value, Platform platform) throws CommandException, IOException {
        if (value.startsWith(SESSION)) {
            return new NamedContext.Given(context.session()
                    .resolve(value)
                    .orElseThrow(() -> BuildRequestReader.failed(
                            "failed to get build context " + name + ": no image " + value + " in this session")));
        }
        if (value.startsWith(DOCKER_IMAGE)) {
            return new NamedContext.ImageName(imageName(value.substring(DOCKER_IMAGE.length())));
        }
        if (value.startsWith(OCI_LAYOUT)) {
            return new NamedContext.Given(layout(value, platform));
        }
        Optional<RemoteContext> remote = remote(value);
        if (remote.isPresent()) {
            return switch (remote.get()) {
                case RemoteContext.Git git -> named(checkout(git, false));
                case RemoteContext.Url url -> named(download(url));
            };
        }
        Path folder = context.resolve(value);
        if (Files.isDirectory(folder)) {
            return new NamedContext.Folder(folder, true);
        }
        throw BuildRequestReader.failed(
                Files.exists(folder)
                        ? "failed to get build context path {" + value + "}: not a directory"
                        : "failed to get build context " + name + ": stat " + value + ": no such file or directory");
    }

    private static NamedContext named(BuildInputs.Fetched fetched) {
        return new NamedContext.Folder(fetched.folder(), false, fetched.time());
    }

    private static String imageName(String name) throws CommandException {
        try {
            if (!name.equals("scratch")) {
                Reference.parse(name);
            }
            return name;
        } catch (IllegalArgumentException e) {
            throw BuildRequestReader.failed("failed to solve: " + e.getMessage());
        }
    }

    /** {@code oci-layout://PATH[:TAG][@DIGEST]}. */
    private Image layout(String value, Platform platform) throws CommandException {
        String path = value.substring(OCI_LAYOUT.length());
        int at = path.indexOf('@');
        String place = at < 0 ? path : path.substring(0, at);
        int colon = place.indexOf(':');
        try {
            Optional<Digest> digest = at < 0 ? Optional.empty() : Optional.of(Digest.parse(path.substring(at + 1)));
            Optional<String> tag = colon < 0 ? Optional.empty() : Optional.of(place.substring(colon + 1));
            Path folder = context.resolve(colon < 0 ? place : place.substring(0, colon));
            if (!Files.isDirectory(folder)) {
                throw new IOException("stat " + folder + ": no such file or directory");
            }
            var services = invocation.services();
            return new ImageArchives(services.store(), services.snapshots()).layoutImage(folder, tag, digest, platform);
        } catch (IOException | IllegalArgumentException e) {
            throw BuildRequestReader.failed(
                    "oci-layout reference \"" + value + "\" could not be resolved: " + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        for (Path folder : temporary) {
            Trees.delete(folder);
        }
    }
}
