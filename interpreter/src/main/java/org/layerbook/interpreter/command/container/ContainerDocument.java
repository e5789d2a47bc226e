package org.layerbook.interpreter.command.container;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.layerbook.engine.container.ContainerEngine;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerFolder;
import org.layerbook.engine.container.state.ContainerMount;
import org.layerbook.engine.container.state.ContainerState;
import org.layerbook.engine.container.state.HealthResults;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.interpreter.command.image.InspectDocument;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.template.GoNil;
import org.layerbook.interpreter.template.GoScalar;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.view.layout.DockerUnits;

/** A container as {@code docker inspect} describes it: the fields of the API's {@code ContainerInspect}, in its order. */
public final class ContainerDocument {
    private final Container container;
    private final ContainerFolder folder;
    private final Invocation invocation;

    private ContainerDocument(Container container, Invocation invocation) {
        this.container = container;
        this.folder = invocation.services().containers().containers().folder(container);
        this.invocation = invocation;
    }

    /** @param sizes whether the size of its files is wanted */
    public static GoStruct of(Container container, boolean sizes, Invocation invocation) throws IOException {
        return new ContainerDocument(container, invocation).document(sizes);
    }

    private GoStruct document(boolean sizes) throws IOException {
        ContainerConfig config = container.spec().config();
        var argv = new ArrayList<>(config.entrypoint().orElse(List.of()));
        argv.addAll(config.cmd().orElse(List.of()));
        GoStruct.Builder document = GoStruct.named("container.InspectResponse")
                .field("ID", "Id", false, container.id())
                .field("Created", container.spec().created().toString())
                .field("Path", argv.isEmpty() ? "" : argv.getFirst())
                .field("Args", argv.isEmpty() ? List.of() : argv.subList(1, argv.size()))
                .field("State", state())
                .field("Image", container.spec().image().toString())
                .field("ResolvConfPath", path("resolv.conf"))
                .field("HostnamePath", path("hostname"))
                .field("HostsPath", path("hosts"))
                .field("LogPath", path("ctr.log"))
                .field("Name", "/" + container.name())
                .field("RestartCount", restarts())
                .field("Driver", invocation.services().containers().driver())
                .field("Platform", "linux")
                .field("MountLabel", "")
                .field("ProcessLabel", "")
                .field("AppArmorProfile", "")
                .field("ExecIDs", GoNil.LIST)
                .field("HostConfig", new HostConfigDocument(container).document())
                .field("GraphDriver", driver());
        if (sizes) {
            long written = ContainerSizes.written(container, invocation);
            document.field("SizeRw", written)
                    .field("SizeRootFs", written + ContainerSizes.ofImage(container, invocation));
        }
        return document.field("Mounts", mounts())
                .field("Config", config(config))
                .field("NetworkSettings", NetworkDocument.of(container))
                .build();
    }

    private String path(String name) {
        return folder.file(name).toString();
    }

    /** Since it was last started by hand. */
    private int restarts() throws IOException {
        return folder.read("restarts").map(Integer::parseInt).orElse(0);
    }

    private GoStruct state() throws IOException {
        ContainerState state = container.state();
        Optional<ContainerState.Failure> problem = switch (state) {
            case ContainerState.Created created -> created.problem();
            case ContainerState.Exited exited -> exited.problem();
            case ContainerState.Running _, ContainerState.Restarting _ -> Optional.empty();
        };
        int exitCode = switch (state) {
            case ContainerState.Exited exited -> exited.exitCode();
            case ContainerState.Restarting restarting -> restarting.exitCode();
            case ContainerState.Created _, ContainerState.Running _ ->
                problem.map(ContainerState.Failure::exitCode).orElse(0);
        };
        boolean paused = state instanceof ContainerState.Running running && running.paused();
        boolean outOfMemory = state instanceof ContainerState.Exited exited && exited.outOfMemory();
        GoStruct.Builder document = GoStruct.named("*container.State")
                .field("Status", state.status())
                .field("Running", state.isRunning())
                .field("Paused", paused)
                .field("Restarting", state instanceof ContainerState.Restarting)
                .field("OOMKilled", outOfMemory)
                .field("Dead", false)
                .field("Pid", (int) (state instanceof ContainerState.Running running ? running.pid() : 0))
                .field("ExitCode", exitCode)
                .field("Error", problem.map(ContainerState.Failure::message).orElse(""))
                .field("StartedAt", started(state))
                .field("FinishedAt", finished(state));
        Optional<HealthResults> health =
                invocation.services().containers().containers().health(container);
        health.ifPresent(results -> document.field("Health", health(results)));
        return document.build();
    }

    private static String started(ContainerState state) {
        return time(
                switch (state) {
                    case ContainerState.Created _ -> DockerUnits.NO_TIME;
                    case ContainerState.Running running -> running.started();
                    case ContainerState.Restarting restarting -> restarting.started();
                    case ContainerState.Exited exited -> exited.started();
                });
    }

    private static String finished(ContainerState state) {
        return time(
                switch (state) {
                    case ContainerState.Created _, ContainerState.Running _ -> DockerUnits.NO_TIME;
                    case ContainerState.Restarting restarting -> restarting.finished();
                    case ContainerState.Exited exited -> exited.finished();
                });
    }

    private static String time(Instant time) {
        return time.toString();
    }

    private GoStruct health(HealthResults health) {
        return GoStruct.named("*container.Health")
                .field("Status", health.health().text())
                .field("FailingStreak", health.failures())
                .field("Log", health.results().stream().map(this::result).toList())
                .build();
    }

    private GoStruct result(HealthResults.Result result) {
        String timeout = InspectDocument.goDuration(container
                .spec()
                .config()
                .healthcheck()
                .map(ContainerConfig.Healthcheck::timeout)
                .filter(given -> !given.isZero())
                .orElse(java.time.Duration.ofSeconds(30)));
        String output = result.timedOut()
                ? "Health check exceeded timeout (" + timeout + ")"
                        + (result.output().isEmpty() ? "" : ": " + result.output())
                : result.output();
        return GoStruct.named("*container.HealthcheckResult")
                .field("Start", scalar(result.begun()))
                .field("End", scalar(result.ended()))
                .field("ExitCode", result.exitCode())
                .field("Output", output)
                .build();
    }

    private static GoScalar scalar(Instant time) {
        return new GoScalar("time.Time", DockerUnits.goTime(time, ZoneOffset.UTC), "\"" + time + "\"", false);
    }

    private GoStruct driver() throws IOException {
        ContainerEngine engine = invocation.services().containers();
        var data = new LinkedHashMap<String, Object>();
        Optional<Path> changes = engine.changes(container);
        if (changes.isPresent()) {
            data.put("MergedDir", engine.root(container).toString());
            data.put("UpperDir", changes.get().toString());
            data.put("WorkDir", changes.get().resolveSibling("work").toString());
        }
        return GoStruct.named("storage.DriverData")
                .field("Data", GoNil.ifEmpty(data))
                .field("Name", engine.driver())
                .build();
    }

    private List<GoStruct> mounts() {
        var mounts = new ArrayList<GoStruct>();
        for (ContainerMount mount : container.spec().host().mounts()) {
            switch (mount) {
                case ContainerMount.Bind bind ->
                    mounts.add(mount("bind", "", bind.source().toString(), mount, "rprivate"));
                case ContainerMount.Volume volume ->
                    mounts.add(mount(
                            "volume",
                            volume.name(),
                            folder.path()
                                    .getParent()
                                    .resolveSibling("volumes")
                                    .resolve(volume.name())
                                    .resolve("_data")
                                    .toString(),
                            mount,
                            ""));
                case ContainerMount.Tmpfs _ -> {}
            }
        }
        return mounts;
    }

    private static GoStruct mount(String type, String name, String source, ContainerMount mount, String propagation) {
        return GoStruct.named("container.MountPoint")
                .omitEmpty("Type", type)
                .omitEmpty("Name", name)
                .field("Source", source)
                .field("Destination", mount.target())
                .omitEmpty("Driver", name.isEmpty() ? "" : "local")
                .field("Mode", mount.readOnly() ? "ro" : name.isEmpty() ? "" : "z")
                .field("RW", !mount.readOnly())
                .field("Propagation", propagation)
                .build();
    }

    private GoStruct config(ContainerConfig config) {
        var terminal = container.spec().terminal();
        GoStruct.Builder document = GoStruct.named("*container.Config")
                .field("Hostname", container.hostname())
                .field("Domainname", "")
                .field("User", config.user())
                .field("AttachStdin", terminal.attached() && terminal.openStdin())
                .field("AttachStdout", terminal.attached())
                .field("AttachStderr", terminal.attached())
                .omitEmpty("ExposedPorts", InspectDocument.set(config.exposedPorts()))
                .field("Tty", terminal.tty())
                .field("OpenStdin", terminal.openStdin())
                .field("StdinOnce", terminal.attached() && terminal.openStdin())
                .field("Env", GoNil.ifEmpty(config.env()))
                .field("Cmd", config.cmd().orElse(GoNil.LIST));
        config.healthcheck().ifPresent(check -> document.field("Healthcheck", InspectDocument.healthcheck(check)));
        document.field("Image", container.spec().imageName())
                .field("Volumes", InspectDocument.set(config.volumes()))
                .field("WorkingDir", config.workingDir())
                .field("Entrypoint", config.entrypoint().orElse(GoNil.LIST))
                .field("OnBuild", GoNil.ifEmpty(config.onBuild()))
                .field("Labels", labels(config.labels()))
                .omitEmpty("StopSignal", config.stopSignal().orElse(""));
        container.spec().host().stopTimeoutSeconds().ifPresent(seconds -> document.field("StopTimeout", seconds));
        return document.omitEmpty("Shell", config.shell().orElse(GoNil.LIST)).build();
    }

    private static Map<String, String> labels(Map<String, String> labels) {
        return new TreeMap<>(labels);
    }
}
