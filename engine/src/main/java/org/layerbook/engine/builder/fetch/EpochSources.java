package org.layerbook.engine.builder.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import org.layerbook.engine.builder.plan.ArgScope;
import org.layerbook.engine.builder.plan.BuildArguments;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.plan.CopyPlanner;
import org.layerbook.engine.builder.plan.Epoch;
import org.layerbook.engine.builder.plan.FromPlan;
import org.layerbook.engine.builder.plan.GlobalArguments;
import org.layerbook.engine.builder.plan.NamedContext;
import org.layerbook.engine.builder.plan.StageConfig;
import org.layerbook.engine.builder.plan.StageGraph;
import org.layerbook.engine.builder.plan.Step;
import org.layerbook.engine.builder.plan.UrlCredentials;
import org.layerbook.engine.builder.plan.Words;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.step.StepFailedException;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.linux.Trees;

/**
 * SOURCE_DATE_EPOCH where it is no number: {@code context}, a named context, or a stage that does nothing but ADD one file
 * or repository from elsewhere. What these name has a time: a commit's, a server's Last-Modified, or that of the newest
 * file of an archive. A folder has none.
 */
public final class EpochSources {
    private static final String CONTEXT = "context";
    private static final String STAGE = "SOURCE_DATE_EPOCH stage ";

    private final BuildServices services;
    private final BuildSettings settings;
    private final StageGraph graph;
    private final Cancellation cancellation;

    public EpochSources(BuildServices services, BuildSettings settings, StageGraph graph, Cancellation cancellation) {
        this.services = services;
        this.settings = settings;
        this.graph = graph;
        this.cancellation = cancellation;
    }

    /** The settings with the number in the place of what stands for it, or with none where that has no time. */
    public BuildSettings resolved() throws DockerfileException, BuildException, IOException {
        String word = Optional.ofNullable(settings.buildArgs().get(Epoch.NAME))
                .or(() -> graph.globalEnvironment().get(Epoch.NAME))
                .orElse("");
        if (word.isEmpty() || Epoch.number(word).isPresent()) {
            return settings;
        }
        Optional<Long> time = time(word);
        var arguments = new LinkedHashMap<>(settings.buildArgs());
        if (time.isEmpty() && graph.globals().values().get(Epoch.NAME) == null) {
            arguments.remove(Epoch.NAME);
        } else {
            arguments.put(Epoch.NAME, time.map(Object::toString).orElse(""));
        }
        return settings.change().buildArgs(arguments).done();
    }

    private Optional<Long> time(String word) throws DockerfileException, BuildException, IOException {
        if (word.equals(CONTEXT)) {
            return settings.contextTime();
        }
        Optional<NamedContext> named = settings.namedContext(word);
        if (named.isPresent()) {
            return named.get() instanceof NamedContext.Folder folder ? folder.time() : Optional.empty();
        }
        Optional<Integer> stage = graph.names().named(word);
        if (stage.isPresent()) {
            return ofStage(graph.nodes().get(stage.get()));
        }
        throw new DockerfileException(
                Diagnostic.of(graph.nodes().getFirst().from().origin().range(), "invalid " + Epoch.NAME + ": " + word));
    }

    private Optional<Long> ofStage(StageGraph.Node node) throws DockerfileException, BuildException, IOException {
        if (!node.plan().base().equals(FromPlan.SCRATCH)) {
            throw refused(node, STAGE + "must use FROM scratch");
        }
        ArgScope scope = graph.globals();
        Optional<Step.Source> source = Optional.empty();
        for (Instruction instruction : node.instructions()) {
            switch (instruction) {
                case Instruction.Arg arg ->
                    scope = GlobalArguments.declare(
                            scope, arg, settings, node.from().stageName());
                case Instruction.Add add -> {
                    if (source.isPresent()) {
                        throw refused(node, STAGE + "must contain exactly one remote ADD");
                    }
                    source = Optional.of(source(add, scope, node));
                }
                default ->
                    throw refused(
                            node,
                            STAGE + "does not meet source-only requirements: unsupported "
                                    + instruction.keyword().toLowerCase(Locale.ROOT) + " instruction");
            }
        }
        if (source.isEmpty()) {
            throw refused(node, STAGE + "must contain exactly one remote ADD");
        }
        try {
            return ofSource(source.get());
        } catch (StepFailedException e) {
            throw e.at(node.from().origin().range());
        }
    }

    private Step.Source source(Instruction.Add add, ArgScope scope, StageGraph.Node node) throws DockerfileException {
        if (!add.sources().heredocs().isEmpty() || add.sources().paths().size() != 1) {
            throw refused(node, STAGE + "must contain exactly one remote ADD source");
        }
        var words = new Words(BuildArguments.global(settings, node.from().stageName(), scope), add);
        try {
            Step.Source source = new CopyPlanner(Optional.empty(), (draft, entry) -> draft)
                    .plan(StageConfig.scratch(settings.platform()), add, words)
                    .sources()
                    .getFirst();
            if (source instanceof Step.Source.Url || source instanceof Step.Source.Git) {
                return source;
            }
        } catch (IllegalArgumentException e) {
            throw refused(node, e.getMessage());
        }
        throw refused(node, STAGE + "source must be a single HTTP(S) or Git ADD");
    }

    private static DockerfileException refused(StageGraph.Node node, String message) {
        return new DockerfileException(Diagnostic.of(node.from().origin().range(), message));
    }

    private Optional<Long> ofSource(Step.Source source) throws StepFailedException, IOException {
        if (source instanceof Step.Source.Git git) {
            Path folder = services.temp().directory();
            try {
                var repository = new GitRepository(
                        git.address(), git.checksum(), services.host(), (what, done, total) -> {}, cancellation);
                repository.checkout(folder, false);
                return repository.time();
            } finally {
                Trees.delete(folder);
            }
        }
        var url = (Step.Source.Url) source;
        try {
            UrlFiles.Fetched file =
                    new UrlFiles(services, (what, done, total) -> {}, cancellation).fetch(url.url(), url.checksum());
            return file.modified() != 0
                    ? Optional.of(file.modified())
                    : newest(services.content().path(file.content()), UrlCredentials.hidden(url.url()));
        } catch (IllegalArgumentException e) {
            throw StepFailedException.invalid(e.getMessage());
        }
    }

    /** Of the files in an archive; empty for what is none. */
    private Optional<Long> newest(Path file, String title) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            if (!BuildInputs.looksLikeArchive(in.readNBytes(BuildInputs.HEAD))) {
                return Optional.empty();
            }
        }
        Path folder = services.temp().directory();
        try (InputStream in = Files.newInputStream(file)) {
            return new BuildInputs(services)
                    .unpack(in, title, folder, warning -> {}, (what, done, total) -> {}, cancellation)
                    .time();
        } finally {
            Trees.delete(folder);
        }
    }

    /** Of the files below a folder that an archive was unpacked into. */
    static Optional<Long> newestIn(Path folder) throws IOException {
        Optional<Long> newest = Optional.empty();
        try (var files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                long time = Files.getLastModifiedTime(file).toMillis() / 1000;
                newest = newest.map(known -> Math.max(known, time)).or(() -> Optional.of(time));
            }
        }
        return newest;
    }
}
