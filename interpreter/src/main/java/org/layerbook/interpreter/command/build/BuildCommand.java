package org.layerbook.interpreter.command.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.layerbook.engine.builder.Builder;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.BuildListener;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.oci.Platform;
import org.layerbook.interpreter.Rendered;
import org.layerbook.interpreter.command.build.BuildRequest.Progress;
import org.layerbook.interpreter.command.builder.BuilderNames;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.DockerErrors;
import org.layerbook.interpreter.report.BuildReport;
import org.layerbook.interpreter.report.Report;
import org.layerbook.interpreter.view.Views;
import org.layerbook.interpreter.view.layout.ViewOptions;

/** {@code docker build}: BuildKit's, under all its names. */
public final class BuildCommand {
    private static final String SHOWN = "buildx build";
    private static final String LISTED = "Build an image from a Dockerfile";

    public static final CommandSpec SPEC = new CommandSpec(
            List.of(
                    Spelling.shownAs(SHOWN, "build").listedAs(LISTED),
                    Spelling.shownAs(SHOWN, "builder build").listedAs(LISTED),
                    Spelling.shownAs(SHOWN, "image build").listedAs(LISTED),
                    Spelling.shownAs(SHOWN, "buildx build", "b")),
            "[OPTIONS] PATH | URL | -",
            "Start a build",
            Arity.exactly(1),
            BuildOptions.ALL,
            Completes.FOLDER,
            BuildCommand::run);

    private final Invocation invocation;
    private final BuildRequest request;
    private final FetchProgress fetches;
    private final LongSupplier nanoTime = System::nanoTime;
    private Optional<Long> epoch = Optional.empty();
    private final BuildProgress journal = new BuildProgress(nanoTime);

    private BuildCommand(Invocation invocation, BuildRequest request, FetchProgress fetches) {
        this.invocation = invocation;
        this.request = request;
        this.fetches = fetches;
    }

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        BuilderNames.boot(invocation);
        // The lease keeps what is built until the image is listed.
        var mode = BuildRequestReader.progress(invocation.options());
        var fetches = new FetchProgress(invocation.context(), mode, System::nanoTime);
        try (var _ = invocation.store().leases().operation("docker build");
                var contexts = new BuildContexts(invocation, fetches)) {
            BuildRequest request = BuildRequestReader.read(invocation, contexts);
            var command = new BuildCommand(invocation, request, fetches);
            if (request.call().isPresent()) {
                command.answer(request.call().get());
            } else {
                command.run();
            }
        }
        return Outcome.DONE;
    }

    private void run() throws CommandException, IOException {
        long began = nanoTime.getAsLong();
        boolean live = request.progress() == Progress.AUTO
                && invocation.context().display().isPresent();
        Optional<LiveProgress> inPlace = live
                ? Optional.of(
                        new LiveProgress(journal, invocation.context().display().orElseThrow(), this::view, nanoTime))
                : Optional.empty();
        Optional<PlainProgress> plain = live || isSilent() ? Optional.empty() : Optional.of(plain());
        BuildListener listener = event -> {
            inPlace.ifPresentOrElse(progress -> progress.on(event), () -> journal.on(event));
            plain.ifPresent(progress -> progress.on(event));
        };
        List<Builder.Result> results;
        try {
            results = build(listener);
            epoch = results.getFirst().epoch();
        } catch (BuildException e) {
            inPlace.ifPresent(progress -> progress.show(journal.running()));
            throw failure(e);
        }
        plain.ifPresent(progress -> withoutEpoch().ifPresent(progress::warn));
        BuiltImages plainly = BuiltImages.of(results, request, invocation);
        BuiltImages built = request.outputs().rewritesListed() ? plainly.rewritten() : plainly;
        built.list();
        List<String> names = built.name();
        if (request.outputs().pushes()) {
            inPlace.ifPresent(progress -> progress.show(journal.running()));
        }
        List<String> pushed = built.push(live);
        built.writeFiles();
        List<String> written = request.outputs().write(plainly, invocation);
        plain.ifPresent(progress -> exported(progress, built, pushed, written));
        exportCaches(results, listener);
        var time = Duration.ofNanos(nanoTime.getAsLong() - began);
        inPlace.ifPresent(progress -> progress.show(
                journal.finished(new BuildReport.Finished(built.shown(), names, time, allNotes(built, pushed)))));
        if (request.progress() == Progress.QUIET) {
            invocation.context().print(built.id() + "\n");
        }
    }

    private void answer(BuildCall call) throws CommandException, IOException {
        try {
            invocation.context().print(call.answer(request.dockerfile(), request.settings()));
        } catch (DockerfileException e) {
            throw failed(e.diagnostic());
        }
    }

    private boolean isSilent() {
        return request.progress() == Progress.QUIET || request.progress() == Progress.NONE;
    }

    private Rendered view(Report report) {
        int columns = invocation.context().display().orElseThrow().columns();
        return Views.render(report, new ViewOptions(columns, invocation.now(), invocation.zone()));
    }

    /** Docker tells a build on standard error; a notebook shows that as something gone wrong, so there it is the other. */
    private PlainProgress plain() {
        CommandContext context = invocation.context();
        boolean user = context.display().isPresent();
        var progress = new PlainProgress(
                line -> {
                    try {
                        if (user) {
                            context.print(line + "\n");
                        } else {
                            context.printError(line + "\n");
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                nanoTime);
        IgnoredOptions.of(invocation.options()).forEach(progress::warn);
        fetches.done().forEach((title, time) -> progress.aside("[internal] " + title, List.of(), time));
        progress.aside("[internal] load build definition from " + request.fileName(), List.of(), Duration.ZERO);
        return progress;
    }

    /** One after the other: what does not depend on the platform comes from the cache the second time. */
    private List<Builder.Result> build(BuildListener listener) throws BuildException, IOException {
        Builder builder = invocation.services().builder();
        var results = new ArrayList<Builder.Result>();
        try {
            for (Platform platform : request.platforms()) {
                var settings = request.platforms().size() == 1
                        ? request.settings()
                        : request.settings().change().givenPlatform(platform).done();
                var its = request.makesIndex() ? new PlatformEvents(platform, listener) : listener;
                results.add(builder.build(
                        request.dockerfile(),
                        settings,
                        its,
                        invocation.context().cancellation()));
            }
            return results;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void exportCaches(List<Builder.Result> results, BuildListener listener)
            throws CommandException, IOException {
        if (request.settings().caches().to().isEmpty()) {
            return;
        }
        try {
            invocation
                    .services()
                    .builder()
                    .exportCaches(
                            results,
                            request.settings().caches(),
                            listener,
                            invocation.context().cancellation());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (IOException e) {
            throw BuildRequestReader.failed("failed to solve: " + DockerErrors.sentence(e));
        }
    }

    private void exported(PlainProgress progress, BuiltImages built, List<String> pushed, List<String> written) {
        if (request.outputs().listsImage()) {
            var lines = new ArrayList<String>();
            lines.add("exporting layers done");
            built.all().forEach(image -> lines.add("writing image " + image.id() + " done"));
            built.index().ifPresent(index -> lines.add("exporting manifest list " + index.digest() + " done"));
            request.names().forEach(name -> lines.add("naming to " + name + " done"));
            lines.addAll(pushed);
            lines.addAll(notes());
            progress.aside("exporting to image", lines, Duration.ZERO);
        }
        if (!written.isEmpty()) {
            progress.aside(
                    "exporting to client",
                    written.stream().map(file -> "writing " + file + " done").toList(),
                    Duration.ZERO);
        }
    }

    /** What is said where times are to be rewritten to none. */
    private Optional<String> withoutEpoch() {
        boolean rewrites = request.outputs().all().stream().anyMatch(BuildOutput::rewritesTimes);
        return rewrites && epoch.isEmpty()
                ? Optional.of("rewrite-timestamp is specified, but no source-date-epoch was found")
                : Optional.empty();
    }

    private List<String> notes() {
        var notes = new ArrayList<>(IgnoredOptions.of(invocation.options()));
        withoutEpoch().ifPresent(notes::add);
        notes.addAll(fetches.warnings());
        notes.addAll(journal.warnings());
        NotebookHint.of(request).ifPresent(notes::add);
        return notes;
    }

    private List<String> allNotes(BuiltImages built, List<String> pushed) {
        var all = new ArrayList<>(journal.asides());
        built.indexNote().ifPresent(all::add);
        all.addAll(pushed);
        all.addAll(notes());
        return all;
    }

    private CommandException failure(BuildException e) throws IOException {
        invocation.context().session().keepFailed(e);
        if (e.kind() == BuildException.Kind.CANCELLED) {
            return new CommandException("ERROR: failed to build: failed to solve: Canceled: context canceled", 130);
        }
        CommandContext context = invocation.context();
        if (context.display().isEmpty()) {
            context.printError(failedStep());
        }
        return failed(e.diagnostic());
    }

    private CommandException failed(Diagnostic diagnostic) throws IOException {
        var range = diagnostic.range();
        String source = request.dockerfile().text();
        return BuildFailure.of(
                BuildRequestReader.FAILED + "failed to solve: " + diagnostic.message(),
                SourceSnippet.of(request.fileName(), source, range.startLine(), range.endLine()),
                diagnostic.hint(),
                invocation.context());
    }

    private String failedStep() {
        return journal.failed()
                .map(step -> {
                    var text = new StringBuilder("------\n > " + step.title() + ":\n");
                    step.output().forEach(line -> text.append(line).append('\n'));
                    return text.append("------\n").toString();
                })
                .orElse("");
    }
}
