package org.layerbook.engine.registry;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.Manifest;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.registry.protocol.RegistryException;
import org.layerbook.engine.registry.protocol.RegistryException.Kind;
import org.layerbook.engine.registry.protocol.RemoteRepository;
import org.layerbook.engine.registry.protocol.RemoteRepository.Document;

/**
 * What says something about a manifest, by naming it as its subject: signatures, SBOMs. By the referrers API of the OCI
 * distribution specification 1.1, and where a registry does not have it, by its "Referrers Tag Schema": an index under the
 * tag {@code sha256-HEX}.
 */
final class Referrers {
    private static final int TAG_LENGTH = 64;

    private final RemoteRepository repository;

    Referrers(RemoteRepository repository) {
        this.repository = repository;
    }

    /** @param artifactType of those that are wanted; empty: all */
    List<Descriptor> of(Digest subject, Optional<String> artifactType) throws IOException {
        Optional<List<Descriptor>> listed = repository.referrers(subject, artifactType);
        List<Descriptor> all = listed.isPresent() ? listed.get() : ofTag(subject);
        // A registry may leave the filtering to the client.
        return all.stream()
                .filter(one -> artifactType.isEmpty() || one.artifactType().equals(artifactType))
                .toList();
    }

    private List<Descriptor> ofTag(Digest subject) throws IOException {
        try {
            Document document = repository.manifest(tag(subject));
            return MediaTypes.isIndex(document.mediaType())
                    ? Index.parse(document.bytes().toArray()).manifests()
                    : List.of();
        } catch (RegistryException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return List.of();
            }
            throw e;
        }
    }

    /** Adds a manifest that was just pushed to the tag of its subject, unless it stands there. */
    void addToTag(Digest subject, Document document) throws IOException {
        List<Descriptor> before = ofTag(subject);
        if (before.stream().anyMatch(one -> one.digest().equals(document.digest()))) {
            return;
        }
        var entries = new ArrayList<Descriptor>(before);
        entries.add(described(document));
        byte[] index = Index.of(entries).toJson();
        repository.putManifest(tag(subject), new Document(Bytes.of(index), Digest.sha256(index), MediaTypes.OCI_INDEX));
    }

    /** With its artifact type (an image's is that of its config) and annotations, as the API lists it. */
    private static Descriptor described(Document document) throws IOException {
        Optional<String> type;
        Map<String, String> annotations;
        if (MediaTypes.isIndex(document.mediaType())) {
            Json index = Json.parse(document.bytes().toArray(), "image index");
            type = index.string("artifactType");
            annotations = index.stringMap("annotations");
        } else {
            Manifest manifest = Manifest.parse(document.bytes().toArray());
            type = manifest.artifactType()
                    .or(() -> Optional.of(manifest.config().mediaType()));
            annotations = manifest.annotations();
        }
        return new Descriptor(
                document.mediaType(),
                document.digest(),
                document.bytes().length(),
                List.of(),
                annotations,
                Optional.empty(),
                type);
    }

    static Optional<Descriptor> subject(Document document) throws IOException {
        Optional<Json> subject =
                Json.parse(document.bytes().toArray(), "manifest").get("subject");
        return subject.isEmpty() ? Optional.empty() : Optional.of(Descriptor.read(subject.get()));
    }

    static String tag(Digest subject) {
        String hex = subject.hex();
        return subject.algorithm() + "-" + hex.substring(0, Math.min(hex.length(), TAG_LENGTH));
    }
}
