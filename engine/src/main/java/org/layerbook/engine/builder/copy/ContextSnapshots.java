package org.layerbook.engine.builder.copy;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.builder.cache.BuildCache;
import org.layerbook.engine.builder.plan.FromPlan;
import org.layerbook.engine.builder.plan.Step;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.step.CacheKey;
import org.layerbook.engine.builder.step.StepContext;
import org.layerbook.engine.builder.step.StepFailedException;
import org.layerbook.engine.builder.tree.ContextFolder;
import org.layerbook.engine.builder.tree.FileMatches;
import org.layerbook.engine.builder.tree.MissingSource;
import org.layerbook.engine.builder.tree.Selection;
import org.layerbook.engine.builder.tree.SourceTree;
import org.layerbook.engine.builder.tree.StatCache;
import org.layerbook.engine.builder.tree.TargetTree;
import org.layerbook.engine.builder.tree.TreeCopier;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.snapshot.Snapshots;

/**
 * What bind mounts of RUN show, as root file systems in the store. Of a context that is a copy: a process must see neither
 * what .dockerignore leaves out nor the user's ids, and must not write into the folder. A copy is made once for the same
 * files.
 */
public final class ContextSnapshots {
    /**
     * @param chain absent for an empty root
     * @param path absolute in it
     */
    public record Found(Optional<Digest> chain, String path, String title, Optional<String> filesDigest) {}

    private final BuildServices services;
    private final BuildCache cache;
    private final StatCache stats;
    private final Map<String, Found> found = new HashMap<>();

    public ContextSnapshots(BuildServices services, BuildCache cache, StatCache stats) {
        this.services = services;
        this.cache = cache;
        this.stats = stats;
    }

    /** @param from stage, image or named context; empty for the context; @param source the path in it, as written */
    public Found find(Optional<String> from, String source, StepContext context)
            throws IOException, StepFailedException {
        String question = from.orElse("") + "\0" + source;
        Found known = found.get(question);
        if (known == null) {
            known = look(from, GoPath.join("/", source), context);
            found.put(question, known);
        }
        return known;
    }

    private Found look(Optional<String> from, String path, StepContext context)
            throws IOException, StepFailedException {
        if (from.isPresent()) {
            return switch (new SourceResolver(services).find(from.get(), false, context)) {
                case SourceResolver.Origin.Root root -> new Found(root.chain(), path, root.title(), Optional.empty());
                case SourceResolver.Origin.Folder folder -> copy(folder.tree(), path, folder.title(), context);
            };
        }
        SourceTree tree = ContextFolder.open(context.settings())
                .orElseThrow(() -> new StepFailedException(
                        BuildException.Kind.NOT_IN_CONTEXT,
                        "no build context to mount",
                        Optional.of("set a build context, or mount from a stage with from=")));
        return copy(tree, path, "the build context", context);
    }

    private Found copy(SourceTree tree, String path, String title, StepContext context)
            throws IOException, StepFailedException {
        Selection all = Selection.of(Optional.empty(), List.of());
        var files = new Step.Source.Files(Optional.empty(), path, Optional.empty(), Optional.empty(), false);
        SourceTree.Entry entry = tree.resolve(path).orElse(null);
        if (entry == null) {
            throw MissingSource.in(tree, path, title);
        }
        String name = entry.stat().isDirectory() ? "" : entry.name();
        FileMatches matches = FileMatches.find(tree, files, all, title, context.cancellation());
        Digest digest = matches.digest(Optional.of(stats.context(tree.root())), context);
        var key = new CacheKey(Map.of("context", digest.toString(), "name", name));
        Optional<BuildCache.Result> known = cache.find(key, context.lease());
        Optional<Digest> chain;
        if (known.isPresent()) {
            chain = known.map(result -> result.layer().chainId());
        } else {
            try (var _ = cache.lock(key, context.cancellation());
                    Snapshots.Active active = services.snapshots().prepare(Optional.empty())) {
                var target = new TargetTree(active.root(), services.ownership(), Optional.empty());
                var options = new TreeCopier.Options(Optional.empty(), Optional.empty(), all);
                new TreeCopier(target, options, context.cancellation()).copy(tree, entry, name, "/");
                Layer layer = active.commit(Snapshots.CommitOptions.DEFAULT).layer();
                cache.put(key, new BuildCache.Result(layer, ""), List.of("context " + tree.root()));
                chain = Optional.of(layer.chainId());
            }
        }
        return new Found(chain, "/" + name, title, Optional.of(digest.toString()));
    }

    /** What is mounted, for a key: files by their contents; of a whole root file system the chain says it. */
    public String key(Found mount, StepContext context) throws IOException, StepFailedException {
        if (mount.filesDigest().isPresent()) {
            return mount.filesDigest().get();
        }
        String chain = mount.chain().map(Digest::toString).orElse(FromPlan.SCRATCH);
        if (mount.path().equals("/")) {
            return chain;
        }
        String question = "files of " + chain + " at " + mount.path() + " for a mount";
        Optional<Digest> known = cache.recall(question);
        if (known.isEmpty()) {
            try (Snapshots.View view = services.snapshots().view(mount.chain())) {
                SourceTree tree = SourceTree.rootFs(view.root());
                var files = new Step.Source.Files(
                        Optional.empty(), mount.path(), Optional.empty(), Optional.empty(), false);
                Digest digest = FileMatches.find(
                                tree,
                                files,
                                Selection.of(Optional.empty(), List.of()),
                                mount.title(),
                                context.cancellation())
                        .digest(Optional.empty(), context);
                cache.remember(question, digest);
                known = Optional.of(digest);
            }
        }
        return known.get().toString();
    }
}
