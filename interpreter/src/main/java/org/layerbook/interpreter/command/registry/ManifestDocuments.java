package org.layerbook.interpreter.command.registry;

import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.Manifest;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.registry.Registry;
import org.layerbook.interpreter.template.GoStruct;

/** Manifests, indexes and configs as the docker client and buildx write them: their Go structs, in field order. */
final class ManifestDocuments {
    private ManifestDocuments() {}

    /** {@code distribution.Manifest} of the docker client. */
    static GoStruct manifest(Manifest manifest) {
        return GoStruct.named("manifest")
                .field("schemaVersion", 2)
                .field("mediaType", manifest.mediaType())
                .field("config", clientDescriptor(manifest.config()))
                .field(
                        "layers",
                        manifest.layers().stream()
                                .map(ManifestDocuments::clientDescriptor)
                                .toList())
                .build();
    }

    /** Of docker's manifest list: what it does not know of (annotations) is not shown. */
    static GoStruct list(Index index) {
        return GoStruct.named("manifestlist")
                .field("schemaVersion", 2)
                .field("mediaType", index.mediaType())
                .field(
                        "manifests",
                        index.manifests().stream()
                                .map(entry -> clientDescriptor(new Descriptor(
                                        entry.mediaType(), entry.digest(), entry.size(), Map.of(), entry.platform())))
                                .toList())
                .build();
    }

    private static GoStruct clientDescriptor(Descriptor descriptor) {
        GoStruct.Builder builder = GoStruct.named("distribution.Descriptor")
                .omitEmpty("mediaType", descriptor.mediaType())
                .omitEmpty("size", descriptor.size())
                .omitEmpty("digest", descriptor.digest().toString())
                .omitEmpty("urls", descriptor.urls())
                .omitEmpty("annotations", descriptor.annotations());
        descriptor.platform().ifPresent(platform -> builder.field("platform", platform(platform)));
        return builder.build();
    }

    private static GoStruct platform(Platform platform) {
        return GoStruct.named("v1.Platform")
                .field("Architecture", "architecture", false, platform.architecture())
                .field("OS", "os", false, platform.os())
                .field("OSVersion", "os.version", true, platform.osVersion().orElse(""))
                .field("OSFeatures", "os.features", true, platform.osFeatures())
                .field("Variant", "variant", true, platform.variant().orElse(""))
                .build();
    }

    /** {@code types.ImageManifest} of the docker client: what {@code manifest inspect -v} shows of one image. */
    static GoStruct verbose(String name, Descriptor descriptor, byte[] raw, Manifest manifest) {
        GoStruct.Builder described = GoStruct.named("v1.Descriptor")
                .field("mediaType", descriptor.mediaType())
                .field("digest", descriptor.digest().toString())
                .field("size", descriptor.size());
        descriptor.platform().ifPresent(platform -> described.field("platform", platform(platform)));
        boolean oci = manifest.mediaType().contains("oci");
        return GoStruct.named("types.ImageManifest")
                .field("Ref", name)
                .field("Descriptor", described.build())
                .field("Raw", Base64.getEncoder().encodeToString(raw))
                .field(oci ? "OCIManifest" : "SchemaV2Manifest", manifest(manifest))
                .build();
    }

    /** {@code v1.Descriptor} of the OCI image specification. */
    static GoStruct descriptor(Descriptor descriptor) {
        GoStruct.Builder builder = GoStruct.named("v1.Descriptor")
                .field("MediaType", "mediaType", false, descriptor.mediaType())
                .field("Digest", "digest", false, descriptor.digest().toString())
                .field("Size", "size", false, descriptor.size())
                .field("URLs", "urls", true, descriptor.urls())
                .field("Annotations", "annotations", true, descriptor.annotations());
        descriptor
                .platform()
                .ifPresentOrElse(
                        platform -> builder.field("Platform", "platform", false, platform(platform)),
                        () -> builder.field("Platform", "platform", true, null));
        return builder.field(
                        "ArtifactType",
                        "artifactType",
                        true,
                        descriptor.artifactType().orElse(""))
                .build();
    }

    /** An index as buildx gives it to templates: with its own digest and size. */
    static GoStruct index(Index index, Registry.Found found) {
        return GoStruct.named("struct")
                .field("SchemaVersion", "schemaVersion", false, 2)
                .field("MediaType", "mediaType", true, index.mediaType())
                .field("Digest", "digest", false, found.digest().toString())
                .field("Size", "size", false, (long) found.document().length())
                .field(
                        "Manifests",
                        "manifests",
                        false,
                        index.manifests().stream()
                                .map(ManifestDocuments::descriptor)
                                .toList())
                .field("Annotations", "annotations", true, index.annotations())
                .build();
    }

    /** {@code v1.Image} of the OCI image specification. */
    static GoStruct image(ImageConfig config) {
        return GoStruct.named("v1.Image")
                .field("Created", "created", true, config.created().orElse(""))
                .field("Author", "author", true, config.author().orElse(""))
                .field("Architecture", "architecture", false, config.platform().architecture())
                .field("OS", "os", false, config.platform().os())
                .field("Variant", "variant", true, config.platform().variant().orElse(""))
                .field("Config", "config", true, container(config.config()))
                .field(
                        "RootFS",
                        "rootfs",
                        false,
                        GoStruct.named("v1.RootFS")
                                .field("Type", "type", false, "layers")
                                .field(
                                        "DiffIDs",
                                        "diff_ids",
                                        false,
                                        config.diffIds().stream()
                                                .map(Object::toString)
                                                .toList())
                                .build())
                .field(
                        "History",
                        "history",
                        true,
                        config.history().stream()
                                .map(ManifestDocuments::history)
                                .toList())
                .build();
    }

    private static GoStruct container(ContainerConfig config) {
        return GoStruct.named("v1.ImageConfig")
                .omitEmpty("User", config.user())
                .omitEmpty("ExposedPorts", empties(config.exposedPorts()))
                .omitEmpty("Env", config.env())
                .omitEmpty("Entrypoint", config.entrypoint().orElse(List.of()))
                .omitEmpty("Cmd", config.cmd().orElse(List.of()))
                .omitEmpty("Volumes", empties(config.volumes()))
                .omitEmpty("WorkingDir", config.workingDir())
                .omitEmpty("Labels", config.labels())
                .omitEmpty("StopSignal", config.stopSignal().orElse(""))
                .omitEmpty("ArgsEscaped", config.argsEscaped())
                .build();
    }

    private static Map<String, Object> empties(Collection<String> keys) {
        Map<String, Object> map = new LinkedHashMap<>();
        keys.forEach(key -> map.put(key, Map.of()));
        return map;
    }

    private static GoStruct history(ImageConfig.History step) {
        return GoStruct.named("v1.History")
                .field("Created", "created", true, step.created().orElse(""))
                .field("CreatedBy", "created_by", true, step.createdBy().orElse(""))
                .field("Author", "author", true, step.author().orElse(""))
                .field("Comment", "comment", true, step.comment().orElse(""))
                .field("EmptyLayer", "empty_layer", true, step.emptyLayer())
                .build();
    }
}
