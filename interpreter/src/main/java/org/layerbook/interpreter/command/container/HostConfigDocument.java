package org.layerbook.interpreter.command.container;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerMount;
import org.layerbook.engine.container.state.HostOptions;
import org.layerbook.engine.container.state.HostOptions.PortBinding;
import org.layerbook.engine.container.state.HostOptions.Resources;
import org.layerbook.engine.container.state.HostOptions.Rights;
import org.layerbook.engine.sandbox.RuntimeBundle;
import org.layerbook.interpreter.template.GoNil;
import org.layerbook.interpreter.template.GoStruct;

/** The {@code HostConfig} of {@code docker inspect}. */
final class HostConfigDocument {
    private static final long DEFAULT_SHM = 64L << 20;

    private final Container container;
    private final HostOptions host;

    HostConfigDocument(Container container) {
        this.container = container;
        this.host = container.spec().host();
    }

    GoStruct document() {
        GoStruct.Builder document = GoStruct.named("*container.HostConfig");
        general(document);
        rights(document);
        resources(document);
        return document.field("MaskedPaths", paths(RuntimeBundle.masked()))
                .field("ReadonlyPaths", paths(RuntimeBundle.readOnly()))
                .build();
    }

    private void general(GoStruct.Builder document) {
        document.field("Binds", GoNil.ifEmpty(binds()))
                .field("ContainerIDFile", "")
                .field(
                        "LogConfig",
                        GoStruct.named("container.LogConfig")
                                .field("Type", "json-file")
                                .field("Config", Map.of())
                                .build())
                .field("NetworkMode", PsFilters.network(container))
                .field("PortBindings", bindings(host.ports()))
                .field(
                        "RestartPolicy",
                        GoStruct.named("container.RestartPolicy")
                                .field("Name", host.restart().when().text())
                                .field("MaximumRetryCount", host.restart().mostRestarts())
                                .build())
                .field("AutoRemove", host.autoRemove())
                .field("VolumeDriver", "")
                .field("VolumesFrom", GoNil.LIST)
                .field("ConsoleSize", List.of(0, 0));
    }

    private List<String> binds() {
        var binds = new ArrayList<String>();
        for (ContainerMount mount : host.mounts()) {
            String end = ":" + mount.target() + (mount.readOnly() ? ":ro" : "");
            switch (mount) {
                case ContainerMount.Bind bind -> binds.add(bind.source() + end);
                case ContainerMount.Volume volume when !volume.anonymous() -> binds.add(volume.name() + end);
                case ContainerMount.Volume _, ContainerMount.Tmpfs _ -> {}
            }
        }
        return binds;
    }

    /** By port of the container: where each is on the host. */
    static Map<String, Object> bindings(List<PortBinding> ports) {
        var bindings = new TreeMap<String, List<GoStruct>>();
        for (PortBinding port : ports) {
            bindings.computeIfAbsent(port.containerPort() + "/" + port.protocol(), key -> new ArrayList<>())
                    .add(GoStruct.named("nat.PortBinding")
                            .field("HostIP", "HostIp", false, PublishedPorts.hostAddress(port))
                            .field(
                                    "HostPort",
                                    port.hostPort().map(String::valueOf).orElse(""))
                            .build());
        }
        return new TreeMap<>(bindings);
    }

    private void rights(GoStruct.Builder document) {
        Rights rights = host.rights();
        document.field("CapAdd", GoNil.ifEmpty(rights.addedCapabilities()))
                .field("CapDrop", GoNil.ifEmpty(rights.droppedCapabilities()))
                .field("CgroupnsMode", "private")
                .field("DNS", "Dns", false, host.dns())
                .field("DNSOptions", "DnsOptions", false, List.of())
                .field("DNSSearch", "DnsSearch", false, List.of())
                .field(
                        "ExtraHosts",
                        GoNil.ifEmpty(host.extraHosts().stream()
                                .map(line -> line.name() + ":" + line.address())
                                .toList()))
                .field("GroupAdd", GoNil.ifEmpty(rights.additionalGroups()))
                .field("IpcMode", rights.hostIpc() ? "host" : "private")
                .field("Cgroup", "")
                .field("Links", GoNil.LIST)
                .field("OomScoreAdj", 0)
                .field("PidMode", rights.hostProcesses() ? "host" : "")
                .field("Privileged", rights.privileged())
                .field("PublishAllPorts", host.publishAll())
                .field("ReadonlyRootfs", rights.readOnlyRoot())
                .field("SecurityOpt", GoNil.ifEmpty(rights.securityOptions()))
                .omitEmpty("Tmpfs", GoNil.ifEmpty(tmpfs()))
                .field("UTSMode", "")
                .field("UsernsMode", "")
                .field(
                        "ShmSize",
                        host.resources().process().shmBytes() > 0
                                ? host.resources().process().shmBytes()
                                : DEFAULT_SHM)
                .omitEmpty(
                        "Sysctls", GoNil.ifEmpty(new TreeMap<>(host.resources().sysctls())))
                .field("Runtime", "runc");
        if (host.init()) {
            document.field("Init", true);
        }
        document.field("Isolation", "");
    }

    private Map<String, Object> tmpfs() {
        var tmpfs = new TreeMap<String, Object>();
        for (ContainerMount mount : host.mounts()) {
            if (mount instanceof ContainerMount.Tmpfs(String target, String options)) {
                tmpfs.put(target, options);
            }
        }
        return tmpfs;
    }

    private void resources(GoStruct.Builder document) {
        Resources limits = host.resources();
        long swap = limits.memorySwapBytes() == 0 ? 2 * limits.memoryBytes() : limits.memorySwapBytes();
        document.field("CPUShares", "CpuShares", false, 0)
                .field("Memory", limits.memoryBytes())
                .field("NanoCPUs", "NanoCpus", false, limits.nanoCpus())
                .field("CgroupParent", "")
                .field("BlkioWeight", 0)
                .field("BlkioWeightDevice", List.of())
                .field("BlkioDeviceReadBps", List.of())
                .field("BlkioDeviceWriteBps", List.of())
                .field("BlkioDeviceReadIOps", List.of())
                .field("BlkioDeviceWriteIOps", List.of())
                .field("CPUPeriod", "CpuPeriod", false, 0)
                .field("CPUQuota", "CpuQuota", false, 0)
                .field("CPURealtimePeriod", "CpuRealtimePeriod", false, 0)
                .field("CPURealtimeRuntime", "CpuRealtimeRuntime", false, 0)
                .field("CpusetCpus", "")
                .field("CpusetMems", "")
                .field("Devices", List.of())
                .field("DeviceCgroupRules", GoNil.LIST)
                .field("DeviceRequests", GoNil.LIST)
                .field("MemoryReservation", 0)
                .field("MemorySwap", swap)
                .field("MemorySwappiness", null)
                .field("OomKillDisable", null)
                .field("PidsLimit", limits.pids() == 0 ? null : (Object) limits.pids())
                .field(
                        "Ulimits",
                        limits.process().ulimits().stream()
                                .map(limit -> GoStruct.named("*container.Ulimit")
                                        .field("Name", limit.name())
                                        .field("Hard", limit.hard())
                                        .field("Soft", limit.soft())
                                        .build())
                                .toList())
                .field("CPUCount", "CpuCount", false, 0)
                .field("CPUPercent", "CpuPercent", false, 0)
                .field("IOMaximumIOps", 0)
                .field("IOMaximumBandwidth", 0);
    }

    private List<String> paths(List<String> paths) {
        return host.rights().privileged() ? GoNil.LIST : paths;
    }
}
