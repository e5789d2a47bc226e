package org.layerbook.engine.builder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.step.BuildState;
import org.layerbook.engine.builder.step.ImageSource;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.cache.RemoteCaches;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.parse.DockerfileParser;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.HostCommand;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.layer.Ownership;
import org.layerbook.engine.layer.UnpackLimits;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.registry.Registries;
import org.layerbook.engine.sandbox.Sandbox;
import org.layerbook.engine.snapshot.SnapshotStores;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Store;

/** A builder on a real store and real snapshots in a folder, with processes from a script, and a build context. */
final class TestBuild implements AutoCloseable {
    final Path context;
    final ScriptedSandbox sandbox = new ScriptedSandbox();
    final List<String> events = new ArrayList<>();
    final Map<String, Image> images = new HashMap<>();
    final Store store;
    final Snapshots snapshots;
    final ImageBuilder builder;
    final Registries registries;
    /** Of what runs on the host. */
    final Map<String, String> hostEnvironment = new HashMap<>(System.getenv());

    BuildSettings settings;

    TestBuild(Path folder) throws IOException {
        this(folder, Optional.empty());
    }

    /** @param processes instead of the script */
    TestBuild(Path folder, Optional<Sandbox> processes) throws IOException {
        this(folder, processes, UnpackLimits.DEFAULT);
    }

    TestBuild(Path folder, Optional<Sandbox> processes, UnpackLimits limits) throws IOException {
        this.store = Store.open(folder.resolve("store"), Identity.current());
        this.snapshots = SnapshotStores.detect(store, limits);
        this.context = Files.createDirectories(folder.resolve("context"));
        this.settings = BuildSettings.DEFAULT.withContext(context);
        Map<String, String> environment = Map.of("HOME", folder.toString());
        this.registries = Registries.of(store, snapshots, environment, new PlainHost(hostEnvironment));
        this.builder = new ImageBuilder(BuildServices.of(
                store,
                snapshots,
                processes.orElse(sandbox),
                new PlainHost(hostEnvironment),
                new Images(images),
                new RemoteCaches(store.content(), registries)));
    }

    private record Images(Map<String, Image> images) implements ImageSource {
        @Override
        public Optional<Image> find(String name, Platform platform, Progress progress, Cancellation cancellation) {
            return Optional.ofNullable(images.get(name));
        }

        @Override
        public Optional<Image> atHand(String name, Platform platform) {
            return Optional.ofNullable(images.get(name));
        }

        @Override
        public List<String> knownNames() {
            return images.keySet().stream().sorted().toList();
        }
    }

    /** Writes a file of the context. */
    TestBuild file(String path, String content) throws IOException {
        Path file = context.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        LinuxFiles.chmodFollowing(file, 0644);
        return this;
    }

    Builder.Result build(String... lines) throws BuildException {
        try {
            return builder.build(
                    DockerfileParser.parse(String.join("\n", lines) + "\n"),
                    settings,
                    event -> events.addAll(TestEvents.lines(event)),
                    new Cancellation());
        } catch (DockerfileException e) {
            throw new IllegalArgumentException(e.diagnostic().toString(), e);
        }
    }

    /** The same as cells, an instruction each. */
    BuildState cells(String... lines) throws BuildException {
        BuildState state = BuildState.EMPTY;
        try {
            for (Instruction instruction :
                    DockerfileParser.parse(String.join("\n", lines) + "\n").instructions()) {
                state = builder.execute(
                        state,
                        instruction,
                        settings,
                        event -> events.addAll(TestEvents.lines(event)),
                        new Cancellation());
            }
            return state;
        } catch (DockerfileException e) {
            throw new IllegalArgumentException(e.diagnostic().toString(), e);
        }
    }

    /** Which steps of the target came from the cache: {@code "FROM* RUN COPY*"}. */
    static String cached(Builder.Result result) {
        return String.join(
                " ",
                result.state().stages().getLast().steps().stream()
                        .map(step -> step.instruction().keyword() + (step.cached() ? "*" : ""))
                        .toList());
    }

    StepRecord last(Builder.Result result) {
        return result.state().stages().getLast().steps().getLast();
    }

    /** Every file of an image: {@code "0755 1:2 /a/"}, {@code "0644 0:0 /a/b text"}, {@code "0:0 /l -> b"}; sorted. */
    List<String> tree(Image image) throws IOException {
        try (Snapshots.View view = snapshots.view(image.chainId());
                Stream<Path> paths = Files.walk(view.root())) {
            var lines = new ArrayList<String>();
            for (Path path : paths.sorted(Comparator.naturalOrder()).toList()) {
                if (!path.equals(view.root())) {
                    lines.add(line(view.root(), path));
                }
            }
            return lines;
        }
    }

    private String line(Path root, Path path) throws IOException {
        FileStat stat = LinuxFiles.lstat(path);
        Ownership.Owner owner = snapshots.ownership().of(path, stat);
        String ids = Integer.toUnsignedString(owner.uid()) + ":" + Integer.toUnsignedString(owner.gid());
        String name = "/" + root.relativize(path);
        if (stat.isSymlink()) {
            return ids + " " + name + " -> " + Files.readSymbolicLink(path);
        }
        String mode = String.format("%04o", owner.permissions());
        if (stat.isDirectory()) {
            return mode + " " + ids + " " + name + "/";
        }
        String text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
        return mode + " " + ids + " " + name + (text.isEmpty() ? "" : " " + text.replace("\n", "\\n"));
    }

    @Override
    public void close() throws IOException {
        registries.close();
        store.close();
    }

    /** Runs commands as this process. */
    private record PlainHost(Map<String, String> environment) implements HostCommands {
        @Override
        public ExitStatus run(HostCommand command, ProcessIo io, Cancellation cancellation) throws IOException {
            var builder = new ProcessBuilder(command.argv())
                    .directory(command.directory().toFile());
            builder.environment().clear();
            builder.environment().putAll(command.environment());
            Process process = builder.start();
            Thread errors = Thread.ofVirtual().start(() -> copy(process, io));
            process.getInputStream().transferTo(io.stdout());
            try {
                errors.join();
                return ExitStatus.of(process.waitFor());
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        private static void copy(Process process, ProcessIo io) {
            try {
                process.getErrorStream().transferTo(io.stderr());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public ExitStatus runOnTerminal(HostCommand command, Cancellation cancellation) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean hasTerminal() {
            return false;
        }

        @Override
        public String description() {
            return "this process";
        }
    }
}
