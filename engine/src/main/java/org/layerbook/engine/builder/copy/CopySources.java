package org.layerbook.engine.builder.copy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.cache.BuildCache;
import org.layerbook.engine.builder.plan.Step;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.step.StepContext;
import org.layerbook.engine.builder.step.StepFailedException;
import org.layerbook.engine.builder.step.ThrottledProgress;
import org.layerbook.engine.builder.tree.ArchiveUnpacker;
import org.layerbook.engine.builder.tree.ContextFolder;
import org.layerbook.engine.builder.tree.FileMatches;
import org.layerbook.engine.builder.tree.Selection;
import org.layerbook.engine.builder.tree.SourceTree;
import org.layerbook.engine.builder.tree.StatCache;
import org.layerbook.engine.builder.tree.TargetTree;
import org.layerbook.engine.builder.tree.TreeCopier;
import org.layerbook.engine.dockerfile.IgnorePatterns;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.sandbox.UserLookup;
import org.layerbook.engine.snapshot.Snapshots;

/** Finds the sources of one COPY or ADD, and lets go of what it opened for them. */
public final class CopySources implements AutoCloseable {
    private final BuildServices services;
    private final BuildCache cache;
    private final StatCache stats;
    private final StepContext context;
    private final List<Snapshots.View> views = new ArrayList<>();
    private final List<Path> temporary = new ArrayList<>();

    public CopySources(BuildServices services, BuildCache cache, StatCache stats, StepContext context) {
        this.services = services;
        this.cache = cache;
        this.stats = stats;
        this.context = context;
    }

    /** One for each of the step's sources, in order. Files of the context are read, others only where it must be. */
    public List<CopySource> find(Step.Copy step) throws IOException, StepFailedException {
        var found = new ArrayList<CopySource>();
        for (Step.Source source : step.sources()) {
            found.add(
                    switch (source) {
                        case Step.Source.Files files -> files(files, step.options());
                        case Step.Source.Context all -> all(all, step.options());
                        case Step.Source.Inline inline -> new InlineSource(inline);
                        case Step.Source.Url url -> new UrlSource(url, services, context, this);
                        case Step.Source.Git git -> new GitSource(git, services, context, this);
                    });
        }
        return found;
    }

    private CopySource files(Step.Source.Files files, Step.Options options) throws IOException, StepFailedException {
        Selection selection = selection(files.only(), options);
        if (files.from().isPresent()) {
            return switch (new SourceResolver(services).find(files.from().get(), true, context)) {
                case SourceResolver.Origin.Folder folder -> tree(files, folder.tree(), folder.title(), selection);
                case SourceResolver.Origin.Root root -> new RootSource(files, root, selection, options.exclude());
            };
        }
        SourceTree tree = ContextFolder.open(context.settings())
                .orElseThrow(() -> new StepFailedException(
                        BuildException.Kind.NOT_IN_CONTEXT,
                        "no build context to copy " + files.path().substring(1) + " from",
                        Optional.of("set one with docker build DIR, or in a notebook with %context DIR")));
        return tree(files, tree, "the build context", selection);
    }

    private CopySource all(Step.Source.Context source, Step.Options options) throws IOException, StepFailedException {
        var files = new Step.Source.Files(Optional.empty(), "/", Optional.empty(), Optional.empty(), false);
        return tree(
                files,
                ContextFolder.open(source.folder()),
                "the context " + source.name(),
                selection(Optional.empty(), options));
    }

    static Selection selection(Optional<String> only, Step.Options options) throws StepFailedException {
        try {
            return Selection.of(only, options.exclude());
        } catch (IllegalArgumentException e) {
            throw StepFailedException.invalid(e.getMessage());
        }
    }

    private CopySource tree(Step.Source.Files files, SourceTree tree, String place, Selection selection)
            throws IOException, StepFailedException {
        FileMatches matches = FileMatches.find(tree, files, selection, place, context.cancellation());
        if (matches.matches().isEmpty()) {
            context.warn(files.path().substring(1) + " matches no files in " + place);
        }
        return new TreeSource(matches, files.unpack(), selection);
    }

    /** A new folder that goes when the sources are closed. */
    Path temporaryFolder() throws IOException {
        Path folder = services.temp().directory();
        temporary.add(folder);
        return folder;
    }

    /** What {@code matches} come to, written by the copier or, where it is an archive to unpack, by the unpacker. */
    void write(
            FileMatches matches,
            boolean unpack,
            TargetTree target,
            String destination,
            Optional<UserLookup.Owner> owner,
            Step.Options options,
            Selection selection)
            throws IOException {
        var copierOptions = new TreeCopier.Options(owner, options.mode(), selection);
        var meter = new ThrottledProgress(context::progress, "copying", matches.bytes());
        for (FileMatches.Match match : matches.matches()) {
            SourceTree.Entry entry = match.entry();
            if (unpack && isArchive(entry)) {
                unpacker(target, owner).unpack(entry.file(), destination);
            } else {
                new TreeCopier(target, copierOptions, meter, context.cancellation())
                        .copy(matches.tree(), entry, match.name(), destination);
            }
        }
        meter.end();
    }

    private boolean isArchive(SourceTree.Entry entry) throws IOException {
        return ArchiveUnpacker.isArchive(
                entry.file(), entry.stat(), services.snapshots().limits());
    }

    private ArchiveUnpacker unpacker(TargetTree target, Optional<UserLookup.Owner> owner) {
        var meter = new ThrottledProgress(context::progress, "unpacking", 0);
        return new ArchiveUnpacker(
                target, owner, services.snapshots().limits(), context::warn, meter, context.cancellation());
    }

    /** Writes a single file that lies in a folder of our own. */
    void writeFile(
            Path folder,
            String name,
            boolean unpack,
            TargetTree target,
            String destination,
            Optional<UserLookup.Owner> owner,
            Step.Options options)
            throws IOException, StepFailedException {
        FileStat stat = LinuxFiles.lstat(folder.resolve(name));
        var entry = new SourceTree.Entry("/" + name, folder.resolve(name), stat, IgnorePatterns.NONE.walk());
        if (unpack && isArchive(entry)) {
            unpacker(target, owner).unpack(entry.file(), destination);
            return;
        }
        Selection all = Selection.of(Optional.empty(), List.of());
        var copierOptions = new TreeCopier.Options(owner, options.mode(), all);
        new TreeCopier(target, copierOptions, context.cancellation())
                .copy(SourceTree.context(folder, IgnorePatterns.NONE), entry, name, destination);
    }

    @Override
    public void close() throws IOException {
        for (Path folder : temporary) {
            Trees.delete(folder);
        }
        for (Snapshots.View view : views) {
            view.close();
        }
    }

    /** Of a folder on disk. */
    private final class TreeSource implements CopySource {
        private final FileMatches matches;
        private final boolean unpack;
        private final Selection selection;

        TreeSource(FileMatches matches, boolean unpack, Selection selection) {
            this.matches = matches;
            this.unpack = unpack;
            this.selection = selection;
        }

        @Override
        public String key() throws IOException {
            Optional<StatCache.Context> memory =
                    Optional.of(stats.context(matches.tree().root()));
            return (unpack ? "unpack " : "") + matches.digest(memory, context);
        }

        @Override
        public void copyTo(
                TargetTree target, String destination, Optional<UserLookup.Owner> owner, Step.Options options)
                throws IOException {
            write(matches, unpack, target, destination, owner, options, selection);
        }

        @Override
        public Optional<String> changed() throws IOException {
            return matches.changedSince();
        }
    }

    /** Of a root file system: it cannot change, so what its files come to is remembered and it is not even mounted. */
    private final class RootSource implements CopySource {
        private final Step.Source.Files files;
        private final SourceResolver.Origin.Root root;
        private final Selection selection;
        private final List<String> exclude;

        RootSource(
                Step.Source.Files files, SourceResolver.Origin.Root root, Selection selection, List<String> exclude) {
            this.files = files;
            this.root = root;
            this.selection = selection;
            this.exclude = exclude;
        }

        @Override
        public String key() throws IOException, StepFailedException {
            String question = "files of " + root.chain().map(Digest::toString).orElse("scratch") + " at "
                    + files.path() + " only " + files.only() + " required " + files.required() + " but "
                    + exclude;
            Optional<Digest> known = cache.recall(question);
            if (known.isEmpty()) {
                Digest digest = matches().digest(Optional.empty(), context);
                cache.remember(question, digest);
                known = Optional.of(digest);
            }
            return (files.unpack() ? "unpack " : "") + known.get();
        }

        private FileMatches matches() throws IOException, StepFailedException {
            Snapshots.View view = services.snapshots().view(root.chain());
            views.add(view);
            return FileMatches.find(
                    SourceTree.rootFs(view.root()), files, selection, root.title(), context.cancellation());
        }

        @Override
        public void copyTo(
                TargetTree target, String destination, Optional<UserLookup.Owner> owner, Step.Options options)
                throws IOException, StepFailedException {
            write(matches(), files.unpack(), target, destination, owner, options, selection);
        }

        @Override
        public Optional<String> changed() {
            return Optional.empty();
        }
    }

    /** A heredoc. */
    private final class InlineSource implements CopySource {
        private static final int MODE = 0644;
        private final Step.Source.Inline inline;

        InlineSource(Step.Source.Inline inline) {
            this.inline = inline;
        }

        @Override
        public String key() {
            byte[] content = inline.content().getBytes(StandardCharsets.UTF_8);
            return "<<" + inline.name() + " " + Digest.sha256(content);
        }

        @Override
        public void copyTo(
                TargetTree target, String destination, Optional<UserLookup.Owner> owner, Step.Options options)
                throws IOException, StepFailedException {
            String name = GoPath.base(inline.name());
            Path folder = temporaryFolder();
            Files.writeString(folder.resolve(name), inline.content());
            LinuxFiles.chmodFollowing(folder.resolve(name), MODE);
            writeFile(folder, name, false, target, destination, owner, options);
        }

        @Override
        public Optional<String> changed() {
            return Optional.empty();
        }
    }
}
