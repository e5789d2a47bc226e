package org.layerbook.engine.builder.copy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.plan.FromPlan;
import org.layerbook.engine.builder.plan.NamedContext;
import org.layerbook.engine.builder.plan.StageNames;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.step.ImageSource;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.builder.step.StepContext;
import org.layerbook.engine.builder.step.StepFailedException;
import org.layerbook.engine.builder.tree.ContextFolder;
import org.layerbook.engine.builder.tree.SourceTree;
import org.layerbook.engine.golang.GoText;
import org.layerbook.engine.golang.Suggestion;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.registry.protocol.RegistryException;
import org.layerbook.engine.snapshot.Snapshots;

/** Finds what FROM, {@code --from} and mounts name: a stage, an image, a named context. */
public final class SourceResolver {
    private static final int ATTEMPTS = 3;

    /** Something to copy from. */
    sealed interface Origin {
        String title();

        /** A root file system; absent for an empty one. */
        record Root(Optional<Digest> chain, String title) implements Origin {}

        /** A folder of the user's. */
        record Folder(SourceTree tree, String title) implements Origin {}
    }

    private final ImageSource images;
    private final Snapshots snapshots;

    public SourceResolver(BuildServices services) {
        this.images = services.images();
        this.snapshots = services.snapshots();
    }

    /** @param byIndex whether a number is a stage's index (in COPY it is) */
    Origin find(String name, boolean byIndex, StepContext context) throws IOException, StepFailedException {
        BuildSettings settings = context.settings();
        Image given = settings.namedImages().get(name);
        if (given != null) {
            return new Origin.Root(given.chainId(), "image " + name);
        }
        StageNames<Stage> stages = context.state().names();
        Optional<Stage> stage = byIndex ? stages.namedOrNumbered(name) : stages.named(name);
        if (stage.isPresent()) {
            return new Origin.Root(
                    stage.get().image().chainId(), "stage " + stage.get().title());
        }
        if (name.equals(FromPlan.SCRATCH)) {
            return new Origin.Root(Optional.empty(), "scratch");
        }
        Optional<NamedContext> named = settings.namedContext(name);
        if (named.isPresent() && named.get() instanceof NamedContext.Folder folder) {
            return new Origin.Folder(ContextFolder.open(folder), "the context " + name);
        }
        return new Origin.Root(chain(name, settings.platform(), context), "image " + name);
    }

    private Optional<Digest> chain(String name, Platform platform, StepContext context)
            throws IOException, StepFailedException {
        boolean isEmpty = context.settings()
                .namedContext(name)
                .filter(named -> named.equals(new NamedContext.ImageName(FromPlan.SCRATCH)))
                .isPresent();
        return isEmpty ? Optional.empty() : image(name, platform, context).chainId();
    }

    /** An image of the caller's, of a named context, or of the image source. */
    public Image image(String name, Platform platform, StepContext context) throws IOException, StepFailedException {
        BuildSettings settings = context.settings();
        Image given = settings.namedImages().get(name);
        if (given != null) {
            return given;
        }
        String named = name;
        switch (settings.namedContext(name).orElse(null)) {
            case NamedContext.Given(Image image) -> {
                return image;
            }
            case NamedContext.ImageName(String other) -> named = other;
            case NamedContext.Folder _ -> throw new IllegalArgumentException("a directory is not an image: " + name);
            case null -> {}
        }
        return found(named, platform, context);
    }

    private Image found(String named, Platform platform, StepContext context) throws IOException, StepFailedException {
        BuildSettings settings = context.settings();
        try {
            Optional<Image> found = kept(named, platform, context);
            return found.orElseThrow(() -> missing(named, platform, "no registry has it", context));
        } catch (RegistryException e) {
            throw missing(named, platform, e.getMessage(), context);
        }
    }

    /** Found, then kept, then looked for: between the first two another session may have removed it and all it was. */
    private Optional<Image> kept(String named, Platform platform, StepContext context) throws IOException {
        for (int attempt = 1; ; attempt++) {
            Optional<Image> found = context.settings().pull()
                    ? images.refresh(named, platform, context::progress, context.cancellation())
                    : images.find(named, platform, context::progress, context.cancellation());
            if (found.isEmpty()) {
                return found;
            }
            context.lease().keep(found.get());
            if (attempt == ATTEMPTS
                    || found.get()
                            .chainId()
                            .filter(chain -> !snapshots.contains(chain))
                            .isEmpty()) {
                return found;
            }
        }
    }

    private StepFailedException missing(String name, Platform platform, String why, StepContext context) {
        var known = new ArrayList<>(images.knownNames());
        context.state().stages().forEach(stage -> stage.name().ifPresent(known::add));
        String shortName = name.endsWith(":latest") ? name.substring(0, name.length() - ":latest".length()) : name;
        Optional<String> hint = Suggestion.nearest(shortName, known, true)
                .or(() -> Suggestion.nearest(name, known, true))
                .map(near -> "did you mean " + near + "?");
        if (hint.isEmpty() && !known.isEmpty()) {
            hint = Optional.of("available: " + String.join(", ", known.subList(0, Math.min(8, known.size()))));
        }
        String message = "no image " + GoText.quote(name) + " for " + platform + ": "
                + (context.settings().pull() ? "" : "it is not in the store, and ") + why;
        return new StepFailedException(BuildException.Kind.NO_SUCH_IMAGE, message, hint);
    }
}
