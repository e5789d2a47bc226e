package org.layerbook.interpreter.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.build.BuildSettings;
import org.layerbook.engine.build.NamedContext;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.dockerfile.DockerfileChecker;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.DockerfileParser;
import org.layerbook.engine.dockerfile.Frontend;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.sandbox.ProcessSpec;
import org.layerbook.engine.store.Image;
import org.layerbook.interpreter.command.CommandSpec.Invocation;
import org.layerbook.interpreter.command.option.Csv;
import org.layerbook.interpreter.command.option.Options;

/** Reads the command line of {@code docker build}, its Dockerfile and its context. */
final class BuildRequestReader {
    static final String FAILED = "ERROR: failed to build: ";

    /** A build argument of BuildKit's that keeps {@code .git} in a context that is a repository. */
    private static final String KEEP_GIT_DIR = "BUILDKIT_CONTEXT_KEEP_GIT_DIR";

    private static final String SYNTAX = "BUILDKIT_SYNTAX";

    private final Invocation invocation;
    private final Options options;
    private final CommandContext context;

    private BuildRequestReader(Invocation invocation) {
        this.invocation = invocation;
        this.options = invocation.options();
        this.context = invocation.context();
    }

    /** @param contexts where a context that comes as an archive is unpacked; closed after the build */
    static BuildRequest read(Invocation invocation, BuildContexts contexts) throws CommandException, IOException {
        return new BuildRequestReader(invocation).read(contexts);
    }

    private BuildRequest read(BuildContexts contexts) throws CommandException, IOException {
        var progress = progress(options);
        var outputs = BuildOutputs.read(options.list("output"), options.on("push"));
        List<Reference> names = names(outputs);
        outputs.check(context, names);
        var place = contexts.open(invocation.arguments().getFirst(), options.text("file"), keepGitDir());
        DockerfileText text = DockerfileText.find(place, options.text("file"), contexts, context);
        BuildSettings settings = settings(place, text, contexts);
        Dockerfile dockerfile = text.fromSession() ? context.session().asDockerfile() : parse(text, settings);
        return new BuildRequest(
                text.name(),
                dockerfile,
                settings,
                platforms(),
                names,
                annotations(),
                progress,
                outputs,
                options.nonEmpty("iidfile").map(context::resolve),
                options.nonEmpty("metadata-file").map(context::resolve));
    }

    /** How the build is to be told. */
    static BuildRequest.Progress progress(Options options) throws CommandException {
        if (options.on("quiet")) {
            return BuildRequest.Progress.QUIET;
        }
        return switch (options.nonEmpty("progress").orElse("auto")) {
            case "auto", "tty" -> BuildRequest.Progress.AUTO;
            case "plain", "rawjson" -> BuildRequest.Progress.PLAIN;
            case "quiet" -> BuildRequest.Progress.QUIET;
            case "none" -> BuildRequest.Progress.NONE;
            default ->
                throw failed("invalid progress mode " + options.text("progress").orElseThrow());
        };
    }

    /** Of {@code -t}, else what outputs say. */
    private List<Reference> names(BuildOutputs outputs) throws CommandException {
        var names = new ArrayList<Reference>();
        for (String tag : options.given("tag") ? options.list("tag") : outputs.names()) {
            try {
                Reference name = Reference.parse(tag);
                if (name.digest().isPresent()) {
                    throw new IllegalArgumentException("refusing to create a tag with a digest reference");
                }
                names.add(name.tagged());
            } catch (IllegalArgumentException e) {
                throw failed("invalid tag \"" + tag + "\": " + e.getMessage());
            }
        }
        return names;
    }

    /** {@code [manifest:]KEY=VALUE}. */
    private Map<String, String> annotations() throws CommandException {
        var annotations = new LinkedHashMap<String, String>();
        for (String given : options.list("annotation")) {
            int equals = given.indexOf('=');
            String key = equals < 0 ? "" : given.substring(0, equals);
            if (key.isEmpty()) {
                throw failed("invalid annotation \"" + given + "\", expected key=value");
            }
            int colon = key.indexOf(':');
            if (colon >= 0 && !key.startsWith("manifest:")) {
                throw failed("--annotation " + given + ": Layerbook annotates manifests alone, not "
                        + key.substring(0, colon));
            }
            annotations.put(key.substring(colon + 1), given.substring(equals + 1));
        }
        return annotations;
    }

    private boolean keepGitDir() {
        String value = buildArgs().getOrDefault(KEEP_GIT_DIR, "");
        return value.equals("1") || value.equalsIgnoreCase("true") || value.equalsIgnoreCase("t");
    }

    private BuildSettings settings(BuildContexts.Place place, DockerfileText text, BuildContexts contexts)
            throws CommandException, IOException {
        var change = BuildSettings.DEFAULT
                .change()
                .buildArgs(buildArgs())
                .labels(pairs("label"))
                .noCache(options.on("no-cache"))
                .pull(options.on("pull"))
                .noCacheStages(Set.copyOf(options.list("no-cache-filter")))
                .network(network())
                .platform(platforms().getFirst())
                .extraHosts(options.list("add-host"))
                .secrets(BuildSecrets.files(options, context))
                .sshSockets(BuildSecrets.agents(options, context))
                .caches(CacheArguments.read(options, context))
                .squash(options.on("squash"));
        place.folder().ifPresent(change::context);
        change.contextIsFetched(place.fetched());
        text.ignoreFile().ifPresent(change::ignoreFile);
        options.nonEmpty("target").ifPresent(change::target);
        namedContexts(change, contexts);
        epoch().ifPresent(change::sourceDateEpoch);
        return change.done();
    }

    /** A name without a value takes the environment's, or is as good as not given. */
    private Map<String, String> buildArgs() {
        var arguments = new LinkedHashMap<String, String>();
        for (String given : options.list("build-arg")) {
            int equals = given.indexOf('=');
            if (equals >= 0) {
                arguments.put(given.substring(0, equals), given.substring(equals + 1));
            } else if (context.environment().containsKey(given)) {
                arguments.put(given, context.environment().get(given));
            }
        }
        return arguments;
    }

    private Map<String, String> pairs(String option) {
        var pairs = new LinkedHashMap<String, String>();
        for (String given : options.list(option)) {
            int equals = given.indexOf('=');
            pairs.put(equals < 0 ? given : given.substring(0, equals), equals < 0 ? "" : given.substring(equals + 1));
        }
        return pairs;
    }

    private ProcessSpec.Network network() throws CommandException {
        return switch (options.nonEmpty("network").orElse("default")) {
            case "default", "host", "bridge" -> ProcessSpec.Network.HOST;
            case "none" -> ProcessSpec.Network.NONE;
            default ->
                throw failed("network mode \""
                        + options.text("network").orElseThrow()
                        + "\" not supported by buildkit - use \"none\" or \"host\"");
        };
    }

    private List<Platform> platforms() throws CommandException {
        var platforms = new LinkedHashSet<Platform>();
        for (String wanted : options.list("platform")) {
            String[] parts = wanted.split("/", 3);
            if (parts.length < 2) {
                throw failed("invalid platform \"" + wanted + "\": it looks like linux/amd64");
            }
            platforms.add(
                    new Platform(parts[0], parts[1], parts.length > 2 ? Optional.of(parts[2]) : Optional.empty()));
        }
        return platforms.isEmpty() ? List.of(Platform.host()) : List.copyOf(platforms);
    }

    private void namedContexts(BuildSettings.Change change, BuildContexts contexts)
            throws CommandException, IOException {
        var named = new LinkedHashMap<String, NamedContext>();
        for (String given : options.list("build-context")) {
            int equals = given.indexOf('=');
            if (equals < 0) {
                throw failed("invalid context value: " + given + ", expected key=value");
            }
            String name = contextName(given.substring(0, equals));
            NamedContext found = contexts.named(
                    name, given.substring(equals + 1), platforms().getFirst());
            if (found instanceof NamedContext.Given && platforms().size() > 1) {
                throw failed("--build-context " + given + " is an image of one platform, and the build is for several:"
                        + " build one after the other");
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
            throw failed("invalid context name " + written + ": " + e.getMessage());
        }
    }

    private Optional<Long> epoch() throws CommandException {
        String value = context.environment().getOrDefault("SOURCE_DATE_EPOCH", "");
        try {
            return value.isEmpty() ? Optional.empty() : Optional.of(Long.parseLong(value));
        } catch (NumberFormatException e) {
            throw failed("SOURCE_DATE_EPOCH is not a number of seconds: " + value);
        }
    }

    /** {@code name=value,name=value}; a name alone has an empty value. */
    static Map<String, String> fields(String csv) {
        var fields = new LinkedHashMap<String, String>();
        for (String field : Csv.fields(csv)) {
            int equals = field.indexOf('=');
            fields.put(
                    equals < 0 ? field : field.substring(0, equals).strip(),
                    equals < 0 ? "" : field.substring(equals + 1));
        }
        return fields;
    }

    private Dockerfile parse(DockerfileText text, BuildSettings settings) throws CommandException, IOException {
        String source = text.text();
        Optional<String> frontend =
                Optional.ofNullable(settings.buildArgs().get(SYNTAX)).filter(name -> !name.isEmpty());
        try {
            Frontend.check(source, frontend);
        } catch (DockerfileException e) {
            Diagnostic problem = e.diagnostic();
            throw frontend.isPresent()
                    ? failed("failed to solve: " + problem.message())
                    : failed(problem.message(), text, problem.range().startLine(), problem);
        }
        try {
            return DockerfileParser.parse(source);
        } catch (DockerfileException e) {
            var options = new DockerfileChecker.Options(settings.buildArgs(), settings.target());
            var problem = DockerfileChecker.check(source, options).problem();
            String message = problem.map(DockerfileChecker.Problem::message)
                    .orElse(e.diagnostic().message());
            int line = problem.flatMap(DockerfileChecker.Problem::line)
                    .orElse(e.diagnostic().range().startLine());
            throw failed(message, text, line, e.diagnostic());
        }
    }

    private CommandException failed(String message, DockerfileText text, int line, Diagnostic diagnostic)
            throws IOException {
        return BuildFailure.of(
                FAILED + "failed to solve: " + message,
                SourceSnippet.of(text.name(), text.text(), line, line),
                diagnostic.hint(),
                context);
    }

    static CommandException failed(String message) {
        return new CommandException(FAILED + message, 1);
    }
}
