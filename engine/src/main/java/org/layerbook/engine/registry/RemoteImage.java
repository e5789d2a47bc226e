package org.layerbook.engine.registry;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.Manifest;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.protocol.RegistryException;
import org.layerbook.engine.registry.protocol.RegistryException.Kind;
import org.layerbook.engine.registry.protocol.RemoteRepository;
import org.layerbook.engine.registry.protocol.RemoteRepository.Document;
import org.layerbook.engine.registry.transfer.TransferListener;

/**
 * An image as a registry has it.
 *
 * @param top what the reference names: the index, where there is one
 * @param document the image's own manifest
 */
record RemoteImage(Document top, Document document, Manifest manifest) {
    private static final int DEEPEST = 3;

    Digest digest() {
        return top.digest();
    }

    /** Follows indexes to the image for {@code platform}. */
    static RemoteImage find(
            RemoteRepository repository, Reference reference, Platform platform, TransferListener listener)
            throws IOException {
        String name =
                reference.digest().map(Digest::toString).or(reference::tag).orElse(Reference.DEFAULT_TAG);
        Document top = repository.manifest(name);
        listener.resolved();
        Document document = top;
        for (int depth = 0; MediaTypes.isIndex(document.mediaType()); depth++) {
            if (depth == DEEPEST) {
                throw new RegistryException(Kind.REFUSED, reference.familiar() + ": indexes are nested too deeply");
            }
            document = repository.manifest(
                    select(document, reference, platform).digest().toString());
        }
        Manifest manifest = Manifest.parse(document.bytes().toArray());
        if (!isImage(manifest)) {
            throw new RegistryException(
                    Kind.REFUSED,
                    reference.familiar() + " is not a container image: its config has the type "
                            + manifest.config().mediaType());
        }
        return new RemoteImage(top, document, manifest);
    }

    private static Descriptor select(Document index, Reference reference, Platform platform) throws IOException {
        Index parsed = Index.parse(index.bytes().toArray());
        Optional<Descriptor> selected = parsed.select(platform);
        if (selected.isPresent()) {
            return selected.get();
        }
        List<Descriptor> images = parsed.images();
        String there = images.stream()
                .flatMap(image -> image.platform().stream())
                .map(Platform::toString)
                .distinct()
                .collect(Collectors.joining(", "));
        throw new RegistryException(
                Kind.NOT_FOUND,
                "no matching manifest for " + platform + " in the manifest list entries of " + reference.familiar()
                        + (there.isEmpty() ? "" : "; available: " + there));
    }

    private static boolean isImage(Manifest manifest) {
        String type = manifest.config().mediaType();
        return type.equals(MediaTypes.OCI_CONFIG)
                || type.equals(MediaTypes.DOCKER_CONFIG)
                || type.equals("application/octet-stream");
    }
}
