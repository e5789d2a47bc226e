package org.layerbook.engine.oci;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.golang.GoJson;

/**
 * An image manifest: OCI's, or docker's schema 2, which has the same members. One that came from elsewhere is kept as the
 * bytes it came in; {@link #toJson} is for those made here.
 *
 * @param artifactType what it is, where it is no image
 * @param layers bottom first
 * @param subject the manifest that this one says something about: what a signature signs
 */
public record Manifest(
        String mediaType,
        Optional<String> artifactType,
        Descriptor config,
        List<Descriptor> layers,
        Optional<Descriptor> subject,
        Map<String, String> annotations) {
    public Manifest {
        layers = List.copyOf(layers);
        annotations = Map.copyOf(annotations);
    }

    /** An OCI manifest without annotations. */
    public static Manifest of(Descriptor config, List<Descriptor> layers) {
        return new Manifest(MediaTypes.OCI_MANIFEST, Optional.empty(), config, layers, Optional.empty(), Map.of());
    }

    /**
     * Reads either form; members that this does not know are passed over.
     *
     * @throws MalformedException also for docker's schema 1, which has no config, and for an index in its place
     */
    public static Manifest parse(byte[] bytes) throws MalformedException {
        Json json = Json.parse(bytes, "image manifest");
        if (json.integer("schemaVersion") == 1) {
            throw json.problem("schema 1 is not supported; push the image again with a newer docker");
        }
        if (json.get("config").isEmpty() && json.get("manifests").isPresent()) {
            throw json.problem("is an index, not a manifest");
        }
        Optional<Json> subject = json.get("subject");
        return new Manifest(
                json.string("mediaType").orElse(MediaTypes.OCI_MANIFEST),
                json.string("artifactType"),
                DescriptorWire.read(json.require("config")),
                DescriptorWire.readAll(json.elements("layers")),
                subject.isPresent() ? Optional.of(DescriptorWire.read(subject.get())) : Optional.empty(),
                json.stringMap("annotations"));
    }

    /** As BuildKit writes it, indented by two spaces. */
    public byte[] toJson() {
        return GoJson.indentedObject(json -> {
            json.number("schemaVersion", 2).string("mediaType", mediaType);
            artifactType.ifPresent(type -> json.stringIfAny("artifactType", type));
            json.object("config", object -> DescriptorWire.write(object, config))
                    .objects("layers", layers, DescriptorWire::write);
            subject.ifPresent(about -> json.object("subject", object -> DescriptorWire.write(object, about)));
            json.mapIfAny("annotations", annotations);
        });
    }
}
