package org.layerbook.interpreter.command.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.StoredIndexes;
import org.layerbook.engine.store.Store;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.ImageArgument;

/**
 * {@code docker rmi}. A name is taken away; an image goes with its last name. Its layers stay as long as another image, the
 * build cache or a session has them.
 */
public final class RemoveCommand {
    public static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.of("image rm", "remove"), Spelling.of("rmi")),
            "[OPTIONS] IMAGE [IMAGE...]",
            "Remove one or more images",
            Arity.atLeast(1),
            List.of(
                    OptionSpec.toggle('f', "force", "Force removal of the image"),
                    OptionSpec.toggle("no-prune", "Do not delete untagged parents"),
                    OptionSpec.of(
                                    Kind.COMMA_LIST,
                                    "strings",
                                    "platform",
                                    "Remove only the given platform variant. Formatted as \"os[/arch[/variant]]\" (e.g., \"linux/amd64\")")
                            .oneOf("linux/amd64", "linux/arm64")
                            .hiddenFromHelp()),
            Completes.IMAGE,
            RemoveCommand::run);

    private static final String CONFLICT = "Error response from daemon: conflict: unable to ";

    private RemoveCommand() {}

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        invocation.store().makeRoomToRemove();
        var faults = new ArrayList<CommandException>();
        boolean force = invocation.options().on("force");
        for (String argument : invocation.arguments()) {
            try {
                var lines = remove(argument, force, invocation);
                invocation.context().print(String.join("\n", lines) + "\n");
            } catch (CommandException e) {
                faults.add(e);
            }
        }
        if (faults.isEmpty()) {
            return Outcome.DONE;
        }
        String message =
                String.join("\n", faults.stream().map(Throwable::getMessage).toList());
        boolean onlyMissing =
                faults.stream().allMatch(fault -> fault.getMessage().contains("No such image"));
        if (force && onlyMissing) {
            invocation.context().printError(message + "\n");
            return Outcome.DONE;
        }
        throw new CommandException(message, 1);
    }

    private static List<String> remove(String argument, boolean force, Invocation invocation)
            throws CommandException, IOException {
        if (argument.startsWith("@")) {
            throw new CommandException(argument + " belongs to this session and is not stored: %reset discards it", 1);
        }
        Store store = invocation.store();
        ImageArgument target = ImageArgument.resolve(argument, invocation);
        List<Names.Name> own = ownNames(target, store);
        List<Reference> names = own.stream().map(Names.Name::reference).toList();
        List<Reference> going = target.name().map(name -> goingWith(name, own)).orElse(names);
        boolean last = going.size() == names.size();
        if (!force) {
            check(target, names, last, invocation);
        }
        boolean kept = last && isKept(argument, target, force, invocation);
        var lines = new ArrayList<String>();
        var indexes = new StoredIndexes(store);
        // Without an index in play nobody has to look at all images.
        boolean mayFreeOthers =
                own.stream().anyMatch(name -> name.index().isPresent() && going.contains(name.reference()));
        var otherPlatforms = new TreeSet<Digest>(mayFreeOthers ? indexes.nameless() : Set.of());
        for (Reference name : going) {
            if (store.names().remove(name)) {
                lines.add("Untagged: " + name.familiar());
            }
        }
        if (!otherPlatforms.isEmpty()) {
            otherPlatforms.removeAll(indexes.nameless());
        }
        invocation.context().session().inUse().forEach(image -> otherPlatforms.remove(image.id()));
        for (Digest id : otherPlatforms) {
            lines.addAll(delete(store, id));
        }
        if (last && !kept) {
            lines.addAll(delete(store, target.id()));
        }
        if (last || !otherPlatforms.isEmpty()) {
            store.collectLater(invocation.services().snapshots().collectable());
        }
        return lines;
    }

    /** The names that can be taken from an image: an additional store's are not ours. */
    private static List<Names.Name> ownNames(ImageArgument target, Store store) throws CommandException, IOException {
        Optional<Reference> name = target.name();
        if (store.images().isShared(target.id())
                || name.isPresent() && store.names().isShared(name.get())) {
            throw new CommandException(
                    CONFLICT + "remove "
                            + name.map(Reference::familiar).orElse(target.id().shortHex())
                            + " - image is in a shared, read-only store",
                    1);
        }
        var own = new ArrayList<Names.Name>();
        for (Reference each : store.names().of(target.id())) {
            if (!store.names().isShared(each)) {
                store.names().get(each).ifPresent(own::add);
            }
        }
        return own;
    }

    /**
     * The name, and the digests of its repository that no other tag there stands for: with the last tag all of them, before
     * that the one that this tag stands for.
     */
    private static List<Reference> goingWith(Reference name, List<Names.Name> names) {
        List<Names.Name> here = names.stream()
                .filter(other -> other.reference().name().equals(name.name()))
                .toList();
        List<Names.Name> otherTags = here.stream()
                .filter(other -> other.reference().tag().isPresent()
                        && !other.reference().equals(name))
                .toList();
        Optional<Digest> its = here.stream()
                .filter(other -> other.reference().equals(name))
                .findFirst()
                .flatMap(Names.Name::target)
                .map(Descriptor::digest);
        var going = new ArrayList<Reference>(List.of(name));
        here.stream()
                .filter(other -> other.reference().digest().isPresent()
                        && !other.reference().equals(name)
                        && (otherTags.isEmpty()
                                || other.reference().digest().equals(its)
                                        && otherTags.stream().noneMatch(other::standsFor)))
                .map(Names.Name::reference)
                .forEach(going::add);
        return going;
    }

    private static void check(ImageArgument target, List<Reference> names, boolean last, Invocation invocation)
            throws CommandException {
        String id = target.id().shortHex();
        long tags = names.stream().filter(name -> name.tag().isPresent()).count();
        if (target.name().isEmpty() && (tags > 1 || tags == 0 && names.size() > 1)) {
            throw new CommandException(
                    CONFLICT + "delete " + id + " (must be forced) - image is referenced in multiple repositories", 1);
        }
        boolean used =
                invocation.context().session().inUse().stream().map(Image::id).anyMatch(target.id()::equals);
        if (last && used) {
            throw new CommandException(
                    CONFLICT
                            + target.name()
                                    .map(name -> "remove repository reference \"" + name.familiar()
                                            + "\" (must force) - this session is using its referenced image " + id)
                                    .orElse("delete " + id + " (must be forced) - image is being used by this session"),
                    1);
        }
    }

    /**
     * Whether only the name can go, since a container stands on the image.
     *
     * @throws CommandException with docker's sentence where not even that may
     */
    private static boolean isKept(String argument, ImageArgument target, boolean force, Invocation invocation)
            throws CommandException, IOException {
        List<Container> users = invocation.services().containers().containers().list().stream()
                .filter(container -> container.spec().image().equals(target.id()))
                .toList();
        if (users.isEmpty()) {
            return false;
        }
        String id = target.id().shortHex();
        Optional<Container> running = users.stream()
                .filter(container -> container.state().isRunning())
                .findFirst();
        if (target.name().isPresent()) {
            if (!force) {
                throw new CommandException(
                        CONFLICT + "remove repository reference \"" + argument + "\" (must force) - container "
                                + users.getFirst().shortId() + " is using its referenced image " + id,
                        1);
            }
            return running.isPresent();
        }
        if (running.isPresent()) {
            throw new CommandException(
                    CONFLICT + "delete " + id + " (cannot be forced) - image is being used by running container "
                            + running.get().shortId(),
                    1);
        }
        if (!force) {
            throw new CommandException(
                    CONFLICT + "delete " + id + " (must be forced) - image is being used by stopped container "
                            + users.getFirst().shortId(),
                    1);
        }
        return false;
    }

    /** None of an image that is damaged, which goes all the same. */
    private static List<Layer> layers(Store store, Digest id) throws IOException {
        Optional<Image> image;
        try {
            image = store.images().get(id);
        } catch (StoreException e) {
            return List.of();
        }
        return image.isPresent() ? store.images().ownLayers(image.get()) : List.of();
    }

    /** The lines that say what went. */
    static List<String> delete(Store store, Digest id) throws IOException {
        List<Layer> layers = layers(store, id);
        if (!store.images().remove(id)) {
            return List.of();
        }
        var lines = new ArrayList<String>(List.of("Deleted: " + id));
        // A layer without a blob was built here, and is still the build cache's.
        layers.stream()
                .filter(layer -> layer.blob().isPresent())
                .forEach(layer -> lines.add("Deleted: " + layer.chainId()));
        return lines;
    }
}
