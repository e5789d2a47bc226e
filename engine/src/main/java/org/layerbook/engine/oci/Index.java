package org.layerbook.engine.oci;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.golang.GoJson;

/** An image index: OCI's (also the {@code index.json} of a layout) or docker's manifest list. */
public record Index(String mediaType, List<Descriptor> manifests, Map<String, String> annotations) {
    /** BuildKit marks what it attaches to an image (provenance, SBOM) so; such a manifest is no image. */
    private static final String ATTACHMENT = "vnd.docker.reference.type";

    public Index {
        manifests = List.copyOf(manifests);
        annotations = Map.copyOf(annotations);
    }

    public static Index of(List<Descriptor> manifests) {
        return new Index(MediaTypes.OCI_INDEX, manifests, Map.of());
    }

    /** Reads either form; members that this does not know are passed over. */
    public static Index parse(byte[] bytes) throws MalformedException {
        Json json = Json.parse(bytes, "image index");
        if (json.get("manifests").isEmpty() && json.get("config").isPresent()) {
            throw json.problem("is a manifest, not an index");
        }
        return new Index(
                json.string("mediaType").orElse(MediaTypes.OCI_INDEX),
                DescriptorWire.readAll(json.elements("manifests")),
                json.stringMap("annotations"));
    }

    /** The entries that are images or indexes of images. */
    public List<Descriptor> images() {
        return manifests.stream()
                .filter(entry -> !entry.annotations().containsKey(ATTACHMENT))
                .toList();
    }

    /**
     * The entry that suits {@code wanted} best: its platform, else one that it can run (a lower variant of the same
     * architecture), else one that does not say its platform. Absent when there is none such.
     */
    public Optional<Descriptor> select(Platform wanted) {
        return images().stream()
                .filter(entry -> entry.platform().map(wanted::runs).orElse(true))
                .min(Comparator.comparing((Descriptor entry) ->
                        entry.platform().map(wanted::distance).orElse(Integer.MAX_VALUE)));
    }

    /** As BuildKit writes the one that it pushes, indented by two spaces. */
    public byte[] toIndentedJson() {
        return GoJson.indentedObject(this::write);
    }

    /** Compact, as docker writes the {@code index.json} of an archive. */
    public byte[] toJson() {
        return GoJson.object(this::write);
    }

    private void write(GoJson json) {
        json.number("schemaVersion", 2)
                .string("mediaType", mediaType)
                .objects("manifests", manifests, DescriptorWire::write)
                .mapIfAny("annotations", annotations);
    }
}
