package org.layerbook.interpreter.command.build;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.plan.BuildSettingsBuilder;
import org.layerbook.engine.builder.plan.CacheOptions;
import org.layerbook.engine.builder.plan.NamedContext;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.parse.DockerfileReader;
import org.layerbook.engine.dockerfile.parse.Frontend;
import org.layerbook.engine.golang.GoText;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.sandbox.ProcessSpec;
import org.layerbook.interpreter.command.option.Options;
import org.layerbook.interpreter.command.option.Ulimits;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;

/** Reads the command line of {@code docker build}, its Dockerfile and its context. */
final class BuildRequestReader {
    static final String FAILED = "ERROR: failed to build: ";

    /** A build argument of BuildKit's that keeps {@code .git} in a context that is a repository. */
    private static final String KEEP_GIT_DIR = "BUILDKIT_CONTEXT_KEEP_GIT_DIR";

    private static final String SYNTAX = "BUILDKIT_SYNTAX";

    private final Invocation invocation;
    private final Options options;
    private final CommandContext context;
    private final Map<String, String> buildArgs;

    private BuildRequestReader(Invocation invocation) throws CommandException {
        this.invocation = invocation;
        this.options = invocation.options();
        this.context = invocation.context();
        this.buildArgs = BuildPairs.buildArgs(options, context.environment());
    }

    /** @param contexts where a context that comes as an archive is unpacked; closed after the build */
    static BuildRequest read(Invocation invocation, BuildContexts contexts) throws CommandException, IOException {
        return new BuildRequestReader(invocation).read(contexts);
    }

    private BuildRequest read(BuildContexts contexts) throws CommandException, IOException {
        var change = BuildSettings.DEFAULT.change().buildArgs(buildArgs).labels(BuildPairs.labels(options));
        BuildAttests.check(options);
        var outputs = BuildOutputs.read(options);
        CacheOptions caches = CacheArguments.read(options, buildArgs, context);
        Optional<BuildCall> call = BuildCall.of(options);
        var progress = progress(options);
        if (options.on("no-cache") && options.given("no-cache-filter")) {
            throw failed("--no-cache and --no-cache-filter cannot currently be used together");
        }
        List<Platform> given = platforms();
        List<Platform> platforms = given.isEmpty() ? List.of(Platform.host()) : given;
        given.stream().findFirst().ifPresent(change::givenPlatform);
        change.secrets(BuildSecrets.files(options, context)).sshSockets(BuildSecrets.agents(options, context));
        BuildAttests.checkEntitlements(options);
        outputs.check(context);
        change.caches(caches);
        forRun(change);
        checkFrontend();
        boolean makesIndex = makesIndex(platforms);
        List<BuildPairs.Annotation> annotations = BuildPairs.annotations(options);
        var place = contexts.open(invocation.arguments().getFirst(), options.text("file"), keepGitDir());
        DockerfileText text = DockerfileText.find(place, options.text("file"), contexts, context);
        BuildSettings settings = settings(change, place, text, contexts, platforms);
        Dockerfile dockerfile = text.fromSession() ? context.session().asDockerfile() : parse(text, settings);
        return new BuildRequest(
                text.name(),
                dockerfile,
                settings,
                platforms,
                makesIndex,
                outputs.names(),
                annotations,
                call,
                progress,
                outputs,
                options.nonEmpty("iidfile").map(context::resolve),
                options.nonEmpty("metadata-file").map(context::resolve));
    }

    /** What concerns the steps. */
    private void forRun(BuildSettingsBuilder change) throws CommandException {
        change.noCache(options.on("no-cache"))
                .pull(options.on("pull"))
                .noCacheStages(noCacheStages())
                .network(network())
                .extraHosts(AddedHosts.read(options.list("add-host")))
                .limits(limits())
                .squash(options.on("squash"));
    }

    /** How the build is to be told. */
    static BuildRequest.Progress progress(Options options) throws CommandException {
        String mode = options.nonEmpty("progress").orElse("auto");
        if (options.on("quiet")) {
            if (!Set.of("auto", "quiet", "none").contains(mode)) {
                throw invalid("progress=" + mode + " and quiet cannot be used together");
            }
            return BuildRequest.Progress.QUIET;
        }
        return switch (mode) {
            case "auto", "tty" -> BuildRequest.Progress.AUTO;
            case "plain", "rawjson" -> BuildRequest.Progress.PLAIN;
            case "quiet" -> BuildRequest.Progress.QUIET;
            case "none" -> BuildRequest.Progress.NONE;
            default -> throw invalid("invalid progress mode " + mode);
        };
    }

    /** {@code BUILDKIT_MULTI_PLATFORM}: an index, and a folder for each platform, also for one. */
    private boolean makesIndex(List<Platform> platforms) throws CommandException {
        boolean several = platforms.size() > 1;
        String asked = buildArgs.getOrDefault("BUILDKIT_MULTI_PLATFORM", "");
        boolean wanted = asked.isEmpty()
                ? several
                : BuildAttests.bool(asked)
                        .orElseThrow(
                                () -> failed("failed to solve: invalid boolean value for multi-platform: " + asked));
        if (several && !wanted) {
            throw failed("failed to solve: conflicting config: returning multiple target platforms is not allowed");
        }
        return wanted;
    }

    /** What {@code BUILDKIT_SYNTAX} names is checked with the text. */
    private void checkFrontend() throws CommandException {
        if (buildArgs.getOrDefault(SYNTAX, "x").isBlank()) {
            throw failed("empty BUILDKIT_SYNTAX build-arg is invalid, use --build-arg BUILDKIT_SYNTAX without '=' for"
                    + " optional behavior");
        }
    }

    private boolean keepGitDir() throws CommandException {
        String value = buildArgs.getOrDefault(KEEP_GIT_DIR, "");
        return BuildAttests.bool(value).orElse(false);
    }

    private BuildSettings settings(
            BuildSettingsBuilder change,
            BuildContexts.Place place,
            DockerfileText text,
            BuildContexts contexts,
            List<Platform> platforms)
            throws CommandException, IOException {
        place.folder().ifPresent(change::context);
        change.contextIsFetched(place.fetched()).contextTime(place.time());
        text.ignoreFile().ifPresent(change::ignoreFile);
        options.nonEmpty("target").ifPresent(change::target);
        namedContexts(change, contexts, platforms);
        return change.done();
    }

    private ProcessSpec.Network network() throws CommandException {
        return switch (options.nonEmpty("network").orElse("default")) {
            case "default", "host" -> ProcessSpec.Network.HOST;
            case "none" -> ProcessSpec.Network.NONE;
            case String mode ->
                throw failed(
                        "network mode " + GoText.quote(mode) + " not supported by buildkit - you can define a custom"
                                + " network for your builder using the network driver-opt in buildx create");
        };
    }

    /** Of several for one kind the last counts. */
    private ProcessSpec.Limits limits() {
        var ulimits = new LinkedHashMap<String, ProcessSpec.Ulimit>();
        options.list("ulimit").stream().map(Ulimits::parse).forEach(each -> ulimits.put(each.name(), each));
        long shmBytes = options.nonEmpty("shm-size").map(Long::parseLong).orElse(0L);
        return new ProcessSpec.Limits(shmBytes, List.copyOf(ulimits.values()));
    }

    /** As BuildKit, which takes several with commas between. */
    private Set<String> noCacheStages() {
        return options.list("no-cache-filter").stream()
                .flatMap(names -> Stream.of(names.split(",")))
                .collect(Collectors.toSet());
    }

    private List<Platform> platforms() throws CommandException {
        var platforms = new LinkedHashSet<Platform>();
        String usual = context.environment().getOrDefault("DOCKER_DEFAULT_PLATFORM", "");
        List<String> given = options.given("platform") || usual.isEmpty() ? options.list("platform") : List.of(usual);
        for (String wanted : given) {
            try {
                platforms.add(wanted.equalsIgnoreCase("local") ? Platform.host() : Platform.parse(wanted));
            } catch (IllegalArgumentException e) {
                throw failed(e.getMessage());
            }
        }
        return List.copyOf(platforms);
    }

    private void namedContexts(BuildSettingsBuilder change, BuildContexts contexts, List<Platform> platforms)
            throws CommandException, IOException {
        var named = new LinkedHashMap<String, NamedContext>();
        for (String given : options.list("build-context")) {
            int equals = given.indexOf('=');
            if (given.isEmpty()) {
                continue;
            }
            if (equals < 0) {
                throw invalid("invalid context value: " + given + ", expected key=value");
            }
            String name = contextName(given.substring(0, equals));
            NamedContext found = contexts.named(name, given.substring(equals + 1), platforms.getFirst());
            if (found instanceof NamedContext.Given && platforms.size() > 1) {
                throw failed("--build-context " + given + " is a single-platform image, but the build has several"
                        + " platforms: build them one at a time");
            }
            named.put(name, found);
        }
        var images = new LinkedHashMap<String, Image>();
        for (String reference : context.session().references()) {
            context.session().resolve(reference).ifPresent(image -> images.put(reference, image));
        }
        change.namedContexts(named).namedImages(images);
    }

    private static String contextName(String written) throws CommandException {
        try {
            return BuildSettings.contextName(written);
        } catch (IllegalArgumentException e) {
            throw invalid("invalid context name " + written + ": " + e.getMessage());
        }
    }

    private Dockerfile parse(DockerfileText text, BuildSettings settings) throws CommandException, IOException {
        Optional<String> frontend =
                Optional.ofNullable(settings.buildArgs().get(SYNTAX)).filter(name -> !name.isEmpty());
        try {
            if (frontend.isPresent()) {
                Frontend.check(text.text(), frontend);
            }
        } catch (DockerfileException e) {
            throw failed("failed to solve: " + e.getMessage());
        }
        try {
            return DockerfileReader.read(text.text(), frontend);
        } catch (DockerfileException e) {
            throw failed(e, text);
        }
    }

    private CommandException failed(DockerfileException e, DockerfileText text) throws IOException {
        int line = e.line().orElse(e.diagnostic().range().startLine());
        return BuildFailure.of(
                FAILED + "failed to solve: " + e.getMessage(),
                SourceSnippet.of(text.name(), text.text(), line, line),
                e.diagnostic().hint(),
                context);
    }

    /** On an option that cannot be read. */
    static CommandException invalid(String message) {
        return new CommandException("ERROR: " + message, 1);
    }

    static CommandException failed(String message) {
        return new CommandException(FAILED + message, 1);
    }
}
