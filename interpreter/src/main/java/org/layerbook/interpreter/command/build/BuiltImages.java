package org.layerbook.interpreter.command.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.layerbook.engine.archive.ImagePacker;
import org.layerbook.engine.builder.Builder;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Lease;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.PushResult;
import org.layerbook.engine.registry.Registry;
import org.layerbook.engine.registry.StoredIndexes;
import org.layerbook.engine.registry.transfer.TransferListener;
import org.layerbook.interpreter.command.registry.TransferProgress;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.DockerErrors;

/**
 * What a build gave: an image, or one for each platform and an index of them, which the names then stand for.
 */
final class BuiltImages {
    private final Invocation invocation;
    private final BuildRequest request;
    private final List<Builder.Result> results;
    private final List<Image> images;
    private final Optional<Descriptor> index;
    private Optional<PushResult> pushed = Optional.empty();
    private Optional<BuiltImages> rewritten = Optional.empty();

    private BuiltImages(
            Invocation invocation,
            BuildRequest request,
            List<Builder.Result> results,
            List<Image> images,
            Optional<Descriptor> index) {
        this.invocation = invocation;
        this.request = request;
        this.results = List.copyOf(results);
        this.images = List.copyOf(images);
        this.index = index;
    }

    /** As they were built. @param results one for each of the request's platforms */
    static BuiltImages of(List<Builder.Result> results, BuildRequest request, Invocation invocation)
            throws IOException {
        return of(results, results.stream().map(Builder.Result::image).toList(), request, invocation);
    }

    private static BuiltImages of(
            List<Builder.Result> results, List<Image> built, BuildRequest request, Invocation invocation)
            throws IOException {
        var images = new ArrayList<Image>();
        for (Image image : built) {
            images.add(annotated(image, request, invocation));
        }
        if (!request.makesIndex()) {
            return new BuiltImages(invocation, request, results, images, Optional.empty());
        }
        var snapshots = invocation.services().snapshots();
        try (Lease lease = invocation.store().leases().operation("docker build")) {
            var packed = new ArrayList<Image>();
            for (Image image : images) {
                packed.add(new ImagePacker(invocation.store(), snapshots).pack(image, lease));
            }
            Descriptor index = new StoredIndexes(invocation.store()).write(packed, snapshots, lease);
            return new BuiltImages(invocation, request, results, packed, Optional.of(index));
        }
    }

    /** The same with no file younger than SOURCE_DATE_EPOCH; as they are where that is not given. */
    BuiltImages rewritten() throws IOException {
        if (epoch().isEmpty()) {
            return this;
        }
        if (rewritten.isEmpty()) {
            var changed = new ArrayList<Image>();
            for (Builder.Result result : results) {
                changed.add(invocation.services().builder().rewritten(result));
            }
            rewritten = Optional.of(of(results, changed, request, invocation));
        }
        return rewritten.get();
    }

    /** SOURCE_DATE_EPOCH of the build. */
    Optional<Long> epoch() {
        return results.getFirst().epoch();
    }

    /** Puts the images into the list of images, where they are to be listed. */
    void list() throws IOException {
        if (request.outputs().listsImage()) {
            for (Image image : images) {
                invocation.store().images().put(image);
            }
        }
    }

    private static Image annotated(Image image, BuildRequest request, Invocation invocation) throws IOException {
        var annotations = new LinkedHashMap<String, String>();
        for (BuildPairs.Annotation each : request.annotations()) {
            if (each.platform().map(image.config().platform()::isSameMachine).orElse(true)) {
                annotations.put(each.key(), each.value());
            }
        }
        if (annotations.isEmpty()) {
            return image;
        }
        try (Lease lease = invocation.store().leases().operation("docker build")) {
            return new ImagePacker(invocation.store(), invocation.services().snapshots())
                    .annotated(image, annotations, lease);
        }
    }

    List<Image> all() {
        return images;
    }

    Optional<Descriptor> index() {
        return index;
    }

    /** The one that this machine runs, else the first: what the names mean where an image is wanted. */
    Image shown() {
        return images.stream()
                .filter(image -> Platform.host().runs(image.config().platform()))
                .findFirst()
                .orElse(images.getFirst());
    }

    /** What {@code -q} and {@code --iidfile} tell. */
    Digest id() {
        return index.map(Descriptor::digest).orElseGet(() -> shown().id());
    }

    /**
     * What the names stand for: the index, or the manifest that this build has written with annotations or a cache in it.
     * Without these it is written when the image leaves the store.
     */
    private Optional<Descriptor> target() {
        return index.or(images.getFirst()::manifest);
    }

    /** Gives the names. @return them, as a user writes them */
    List<String> name() throws IOException {
        var names = new ArrayList<String>();
        if (request.outputs().listsImage()) {
            for (Reference name : request.names()) {
                Names known = invocation.store().names();
                if (index.isPresent()) {
                    known.set(name.repository().withDigest(index.get().digest()), shown().id(), index);
                }
                known.set(name, shown().id(), target());
                names.add(name.familiar());
            }
        }
        return names;
    }

    /**
     * Pushes under all names, where that is asked for.
     *
     * @param inPlace whether the layers are shown on their way
     * @return lines on it
     */
    List<String> push(boolean inPlace) throws CommandException, IOException {
        var lines = new ArrayList<String>();
        if (!request.outputs().pushes()) {
            return lines;
        }
        for (Reference name : request.names()) {
            var progress = new TransferProgress(invocation.context(), true, System::nanoTime);
            try {
                PushResult one = push(name, inPlace ? progress : TransferListener.NONE);
                lines.add("pushing manifest for " + name + "@" + one.digest() + " done");
                pushed = Optional.of(one);
            } catch (IOException e) {
                throw BuildRequestReader.failed(
                        "failed to solve: failed to push " + name + ": " + DockerErrors.sentence(e));
            } finally {
                if (inPlace) {
                    progress.end("");
                }
            }
        }
        return lines;
    }

    private PushResult push(Reference name, TransferListener listener) throws IOException {
        Registry registry = invocation.services().registries().get();
        var cancellation = invocation.context().cancellation();
        if (index.isPresent()) {
            return registry.pushDocument(index.get(), images, name, listener, cancellation);
        }
        PushResult sent = registry.push(images.getFirst(), name, listener, cancellation);
        Optional<Names.Name> named = invocation.store().names().get(name);
        if (named.isPresent() && named.get().image().equals(shown().id())) {
            invocation.store().names().settle(named.get(), sent.document());
        }
        return sent;
    }

    /** {@code --iidfile} and {@code --metadata-file}. */
    void writeFiles() throws IOException {
        if (request.idFile().isPresent()) {
            write(request.idFile().get(), id().toString());
        }
        if (request.metadataFile().isPresent()) {
            Digest digest = pushed.map(PushResult::digest).orElse(id());
            Optional<Digest> config = index.isPresent() ? Optional.empty() : Optional.of(shown().id());
            write(request.metadataFile().get(), BuildMetadata.json(digest, config, request.names()));
        }
    }

    private static void write(Path file, String text) throws IOException {
        if (!Files.isDirectory(file.toAbsolutePath().getParent())) {
            throw new NoSuchFileException(file.toString());
        }
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    /** A sentence on the index; empty where there is none. */
    Optional<String> indexNote() {
        return index.map(its -> "an index of " + images.size() + " images, "
                + images.stream()
                        .map(image -> image.config().platform().toString())
                        .collect(Collectors.joining(", "))
                + ": " + its.digest());
    }
}
