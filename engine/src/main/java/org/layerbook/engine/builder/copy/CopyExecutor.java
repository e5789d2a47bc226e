package org.layerbook.engine.builder.copy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.builder.plan.Step;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.step.KeyParts;
import org.layerbook.engine.builder.step.StepContext;
import org.layerbook.engine.builder.step.StepFailedException;
import org.layerbook.engine.builder.tree.TargetTree;
import org.layerbook.engine.dockerfile.ChmodMode;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.sandbox.UserLookup;
import org.layerbook.engine.snapshot.Snapshots;

/** Carries out COPY and ADD. */
public final class CopyExecutor {
    private final BuildServices services;

    public CopyExecutor(BuildServices services) {
        this.services = services;
    }

    /** What decides the result, but for what it is copied onto. */
    public void addKey(Map<String, String> parts, Step.Copy step, List<CopySource> sources)
            throws IOException, StepFailedException {
        var files = new ArrayList<String>();
        for (CopySource source : sources) {
            files.add(source.key());
        }
        Step.Options options = step.options();
        parts.put(KeyParts.SOURCES, sourceNames(step));
        parts.put(KeyParts.FILES, String.join("\n", files));
        parts.put(KeyParts.DESTINATION, step.destination());
        parts.put(
                KeyParts.OPTIONS,
                "chown=" + options.owner().orElse("") + " chmod="
                        + options.mode().map(ChmodMode::canonical).orElse("") + " exclude=" + options.exclude()
                        + (options.link() ? " link" : ""));
        options.epoch().ifPresent(epoch -> parts.put(KeyParts.EPOCH, epoch.toString()));
    }

    /** Only what decides the names of the copies; where in the source they lay does not matter. */
    private static String sourceNames(Step.Copy step) {
        var names = new ArrayList<String>();
        for (Step.Source source : step.sources()) {
            names.add(
                    switch (source) {
                        case Step.Source.Files files ->
                            GoPath.base(files.path())
                                    + files.only().map(only -> " only " + only).orElse("");
                        case Step.Source.Context context -> "/";
                        case Step.Source.Inline inline -> "<<" + inline.name();
                        case Step.Source.Url url -> url.fileName();
                        case Step.Source.Git git -> "git";
                    });
        }
        return String.join("\n", names);
    }

    /**
     * @param sources as {@link #addKey} was given them
     * @param onScratch whether the step has no file system below it
     */
    public void copy(
            Step.Copy step, List<CopySource> sources, Snapshots.Active root, boolean onScratch, StepContext context)
            throws IOException, StepFailedException {
        Optional<UserLookup.Owner> owner = owner(step, root, onScratch, context);
        var target =
                new TargetTree(root.root(), services.ownership(), step.options().epoch());
        for (CopySource source : sources) {
            source.copyTo(target, step.destination(), owner, step.options());
        }
    }

    private static Optional<UserLookup.Owner> owner(
            Step.Copy step, Snapshots.Active root, boolean onScratch, StepContext context)
            throws IOException, StepFailedException {
        if (step.options().owner().isEmpty()) {
            return Optional.empty();
        }
        String written = step.options().owner().get();
        if (step.options().link() && UserLookup.hasName(written)) {
            throw new StepFailedException(
                    BuildException.Kind.INVALID,
                    "--link with --chown=" + written
                            + ": --link cannot resolve names, because the layer does not depend on the image",
                    Optional.of("use numeric IDs, such as --chown=1000:1000, or remove --link"));
        }
        checkNames(written, onScratch);
        UserLookup.Owner owner = new UserLookup(root.root()).owner(written);
        for (String name : owner.unknown()) {
            context.warn("--chown: " + name + " not found in the image; the copies are owned by root");
        }
        return Optional.of(owner);
    }

    /** An unknown name means root, but where nothing is that could know names BuildKit refuses them. */
    public static void checkNames(String owner, boolean onScratch) throws StepFailedException {
        if (onScratch && UserLookup.hasName(owner)) {
            throw new StepFailedException(
                    BuildException.Kind.INVALID,
                    "invalid user index: -1",
                    Optional.of(
                            "scratch has no /etc/passwd to look up " + owner + ": use numeric IDs, such as 1000:1000"));
        }
    }
}
