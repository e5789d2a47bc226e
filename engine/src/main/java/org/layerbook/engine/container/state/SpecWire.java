package org.layerbook.engine.container.state;

import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.layerbook.engine.container.state.HostOptions.PortBinding;
import org.layerbook.engine.container.state.HostOptions.Protocol;
import org.layerbook.engine.container.state.HostOptions.Resources;
import org.layerbook.engine.container.state.HostOptions.RestartPolicy;
import org.layerbook.engine.container.state.HostOptions.Rights;
import org.layerbook.engine.golang.GoJson;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.MalformedException;
import org.layerbook.engine.sandbox.ProcessSpec;

/** The file that holds a {@link ContainerSpec}: JSON of our own. */
final class SpecWire {
    private SpecWire() {}

    static byte[] write(ContainerSpec spec) {
        return GoJson.indentedObject(json -> {
            json.string("created", spec.created().toString())
                    .string("imageName", spec.imageName())
                    .string("image", spec.image().toString());
            spec.chain().ifPresent(chain -> json.string("chain", chain.toString()));
            json.object("config", spec.config()::writeTo);
            json.trueIf("tty", spec.terminal().tty())
                    .trueIf("openStdin", spec.terminal().openStdin())
                    .trueIf("attached", spec.terminal().attached());
            json.object("host", host -> write(host, spec.host()));
        });
    }

    private static void write(GoJson json, HostOptions host) {
        host.hostname().ifPresent(name -> json.string("hostname", name));
        json.string("network", host.network().text()).stringsIfAny("aliases", host.aliases());
        host.address().ifPresent(address -> json.string("address", address));
        json.objects("ports", host.ports(), SpecWire::write);
        json.trueIf("publishAll", host.publishAll());
        json.objects("mounts", host.mounts(), SpecWire::write);
        json.string("restart", host.restart().when().name())
                .number("mostRestarts", host.restart().mostRestarts());
        json.trueIf("autoRemove", host.autoRemove());
        json.object("rights", rights -> write(rights, host.rights()));
        host.stopTimeoutSeconds().ifPresent(seconds -> json.number("stopTimeout", seconds));
        json.trueIf("init", host.init());
        json.objects(
                "extraHosts",
                host.extraHosts(),
                (entry, line) -> entry.string("name", line.name()).string("address", line.address()));
        json.strings("dns", host.dns());
        json.object("resources", resources -> write(resources, host.resources()));
    }

    private static void write(GoJson json, PortBinding port) {
        json.number("container", port.containerPort())
                .string("protocol", port.protocol().name())
                .string("address", port.hostAddress());
        port.hostPort().ifPresent(number -> json.number("host", number));
    }

    private static void write(GoJson json, ContainerMount mount) {
        switch (mount) {
            case ContainerMount.Bind bind ->
                json.string("type", "bind").string("source", bind.source().toString());
            case ContainerMount.Volume volume ->
                json.string("type", "volume")
                        .string("name", volume.name())
                        .trueIf("anonymous", volume.anonymous())
                        .trueIf("noCopy", volume.noCopy());
            case ContainerMount.Tmpfs tmpfs -> json.string("type", "tmpfs").string("options", tmpfs.options());
        }
        json.string("target", mount.target()).trueIf("readOnly", mount.readOnly());
    }

    private static void write(GoJson json, Rights rights) {
        json.trueIf("privileged", rights.privileged())
                .trueIf("readOnlyRoot", rights.readOnlyRoot())
                .stringsIfAny("capAdd", rights.addedCapabilities())
                .stringsIfAny("capDrop", rights.droppedCapabilities())
                .stringsIfAny("security", rights.securityOptions())
                .stringsIfAny("groups", rights.additionalGroups())
                .trueIf("hostProcesses", rights.hostProcesses())
                .trueIf("hostIpc", rights.hostIpc());
    }

    private static void write(GoJson json, Resources resources) {
        json.numberIfAny("memory", resources.memoryBytes())
                .numberIfAny("memorySwap", resources.memorySwapBytes())
                .numberIfAny("nanoCpus", resources.nanoCpus())
                .numberIfAny("pids", resources.pids())
                .numberIfAny("shm", resources.process().shmBytes());
        json.objects(
                "ulimits",
                resources.process().ulimits(),
                (entry, limit) -> entry.string("name", limit.name())
                        .number("soft", limit.soft())
                        .number("hard", limit.hard()));
        json.mapIfAny("sysctls", resources.sysctls());
    }

    static ContainerSpec read(byte[] bytes, String document) throws MalformedException {
        Json json = Json.parse(bytes, document);
        Optional<String> chain = json.string("chain");
        try {
            return new ContainerSpec(
                    Instant.parse(json.require("created").string()),
                    json.string("imageName").orElse(""),
                    json.require("image").digest(),
                    chain.map(Digest::parse),
                    ContainerConfig.read(json.require("config")),
                    new ContainerSpec.Terminal(json.bool("tty"), json.bool("openStdin"), json.bool("attached")),
                    host(json.require("host")));
        } catch (DateTimeParseException | IllegalArgumentException e) {
            throw json.problem(e.getMessage());
        }
    }

    private static HostOptions host(Json json) throws MalformedException {
        var ports = new ArrayList<PortBinding>();
        for (Json port : json.elements("ports")) {
            ports.add(new PortBinding(
                    (int) port.require("container").integer(),
                    Protocol.valueOf(port.require("protocol").string()),
                    port.string("address").orElse(""),
                    number(port, "host")));
        }
        var mounts = new ArrayList<ContainerMount>();
        for (Json mount : json.elements("mounts")) {
            mounts.add(mount(mount));
        }
        var hosts = new ArrayList<ProcessSpec.Host>();
        for (Json line : json.elements("extraHosts")) {
            hosts.add(new ProcessSpec.Host(
                    line.require("name").string(), line.require("address").string()));
        }
        return new HostOptions(
                json.string("hostname"),
                NetworkMode.parse(json.string("network").orElse("")),
                json.strings("aliases"),
                json.string("address"),
                ports,
                json.bool("publishAll"),
                mounts,
                new RestartPolicy(
                        RestartPolicy.When.valueOf(json.require("restart").string()),
                        (int) json.integer("mostRestarts")),
                json.bool("autoRemove"),
                rights(json.require("rights")),
                number(json, "stopTimeout"),
                json.bool("init"),
                hosts,
                json.strings("dns"),
                resources(json.require("resources")));
    }

    private static Optional<Integer> number(Json json, String name) throws MalformedException {
        Optional<Json> member = json.get(name);
        return member.isEmpty()
                ? Optional.empty()
                : Optional.of((int) member.get().integer());
    }

    private static ContainerMount mount(Json json) throws MalformedException {
        String target = json.require("target").string();
        String type = json.require("type").string();
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "bind" ->
                new ContainerMount.Bind(Path.of(json.require("source").string()), target, json.bool("readOnly"));
            case "volume" ->
                new ContainerMount.Volume(
                        json.require("name").string(),
                        target,
                        json.bool("readOnly"),
                        json.bool("anonymous"),
                        json.bool("noCopy"));
            case "tmpfs" ->
                new ContainerMount.Tmpfs(target, json.string("options").orElse(""));
            default -> throw json.problem("unknown type of mount: " + type);
        };
    }

    private static Rights rights(Json json) throws MalformedException {
        return new Rights(
                json.bool("privileged"),
                json.bool("readOnlyRoot"),
                json.strings("capAdd"),
                json.strings("capDrop"),
                json.strings("security"),
                json.strings("groups"),
                json.bool("hostProcesses"),
                json.bool("hostIpc"));
    }

    private static Resources resources(Json json) throws MalformedException {
        List<ProcessSpec.Ulimit> ulimits = new ArrayList<>();
        for (Json limit : json.elements("ulimits")) {
            ulimits.add(new ProcessSpec.Ulimit(
                    limit.require("name").string(), limit.integer("soft"), limit.integer("hard")));
        }
        return new Resources(
                json.integer("memory"),
                json.integer("memorySwap"),
                json.integer("nanoCpus"),
                json.integer("pids"),
                new ProcessSpec.Limits(json.integer("shm"), ulimits),
                json.stringMap("sysctls"));
    }
}
