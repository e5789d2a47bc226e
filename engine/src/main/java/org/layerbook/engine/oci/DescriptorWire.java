package org.layerbook.engine.oci;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.golang.GoJson;

/** The wire form of {@link Descriptor}, in the member order of the OCI specification's Go struct. */
final class DescriptorWire {
    private DescriptorWire() {}

    static Descriptor read(Json json) throws MalformedException {
        Json size = json.require("size");
        if (size.integer() < 0) {
            throw size.problem("is negative");
        }
        Optional<Json> platform = json.get("platform");
        return new Descriptor(
                json.string("mediaType").orElse(""),
                json.require("digest").digest(),
                size.integer(),
                json.strings("urls"),
                json.stringMap("annotations"),
                platform.isPresent() ? platform(platform.get()) : Optional.empty(),
                json.string("artifactType"));
    }

    static List<Descriptor> readAll(List<Json> elements) throws MalformedException {
        var descriptors = new ArrayList<Descriptor>();
        for (Json element : elements) {
            descriptors.add(read(element));
        }
        return descriptors;
    }

    private static Optional<Platform> platform(Json json) throws MalformedException {
        Optional<String> os = json.string("os");
        Optional<String> architecture = json.string("architecture");
        return os.isEmpty() && architecture.isEmpty()
                ? Optional.empty()
                : Optional.of(new Platform(
                        os.orElse(""),
                        architecture.orElse(""),
                        json.string("variant"),
                        json.string("os.version"),
                        json.strings("os.features")));
    }

    static void write(GoJson json, Descriptor descriptor) {
        json.string("mediaType", descriptor.mediaType())
                .string("digest", descriptor.digest().toString())
                .number("size", descriptor.size())
                .stringsIfAny("urls", descriptor.urls())
                .mapIfAny("annotations", descriptor.annotations());
        descriptor.platform().ifPresent(platform -> json.object("platform", object -> write(object, platform)));
        descriptor.artifactType().ifPresent(type -> json.stringIfAny("artifactType", type));
    }

    private static void write(GoJson json, Platform platform) {
        json.string("architecture", platform.architecture()).string("os", platform.os());
        platform.osVersion().ifPresent(version -> json.stringIfAny("os.version", version));
        json.stringsIfAny("os.features", platform.osFeatures());
        platform.variant().ifPresent(variant -> json.stringIfAny("variant", variant));
    }
}
