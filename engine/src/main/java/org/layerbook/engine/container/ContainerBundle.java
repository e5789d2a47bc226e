package org.layerbook.engine.container;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.ContainerException.Kind;
import org.layerbook.engine.container.state.ContainerFolder;
import org.layerbook.engine.container.state.ContainerMount;
import org.layerbook.engine.container.state.HostOptions;
import org.layerbook.engine.container.state.NetworkMode;
import org.layerbook.engine.container.state.TmpfsOptions;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.sandbox.BundleOptions;
import org.layerbook.engine.sandbox.OciRuntime;
import org.layerbook.engine.sandbox.Privileges;
import org.layerbook.engine.sandbox.ProcessSpec;
import org.layerbook.engine.sandbox.RuntimeBundle;
import org.layerbook.engine.sandbox.UserLookup;

/** The OCI bundle of a container: how docker would run its process. */
final class ContainerBundle {
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final Container container;
    private final ContainerFolder folder;
    private final Privileges privileges;
    private final OciRuntime runtime;
    private final Path seenRoot;
    private final Optional<Path> network;

    /**
     * @param seenRoot its root file system as this process sees it
     * @param network its network namespace; absent for that of the host, or none
     */
    ContainerBundle(
            Container container,
            ContainerFolder folder,
            Privileges privileges,
            OciRuntime runtime,
            Path seenRoot,
            Optional<Path> network) {
        this.network = network;
        this.container = container;
        this.folder = folder;
        this.privileges = privileges;
        this.runtime = runtime;
        this.seenRoot = seenRoot;
    }

    /** @param root its root file system in the mount namespace of the runtime */
    void write(Path root) throws IOException {
        bundle(
                        process(root),
                        container.spec().terminal().tty(),
                        container.spec().host().rights().privileged())
                .write();
    }

    /** For another process in the container: the {@code process.json} of {@code runc exec}. */
    byte[] process(ContainerExec.Request request, boolean tty) throws IOException {
        ContainerConfig config = container.spec().config();
        var all = environment(config, tty);
        request.env().forEach(entry -> set(all, entry));
        ProcessSpec spec = spec(
                Path.of("/"),
                request.argv(),
                entries(all),
                request.cwd().orElseGet(() -> workingDirectory(config)),
                identity(request.user().orElse(config.user())));
        return bundle(spec, tty, request.privileged()).processAlone();
    }

    private RuntimeBundle bundle(ProcessSpec process, boolean tty, boolean privileged) {
        HostOptions.Rights rights = container.spec().host().rights();
        HostOptions.Resources resources = container.spec().host().resources();
        var options = new BundleOptions(
                tty,
                network,
                rights.addedCapabilities(),
                rights.droppedCapabilities(),
                privileged,
                !rights.securityOptions().contains("seccomp=unconfined"),
                rights.securityOptions().contains("no-new-privileges"),
                rights.hostProcesses(),
                rights.hostIpc(),
                Optional.empty(),
                Optional.of(folder.path()),
                new BundleOptions.Cgroup(
                        resources.memoryBytes(), resources.memorySwapBytes(), resources.nanoCpus(), resources.pids()));
        return new RuntimeBundle(process, options, privileges, runtime, "/layerbook/" + container.id(), folder.path());
    }

    private ProcessSpec process(Path root) throws IOException {
        ContainerConfig config = container.spec().config();
        List<String> argv = argv(config);
        return spec(
                root,
                argv,
                entries(environment(config, container.spec().terminal().tty())),
                workingDirectory(config),
                identity(config.user()));
    }

    static List<String> argv(ContainerConfig config) {
        var argv = new ArrayList<>(config.entrypoint().orElse(List.of()));
        argv.addAll(config.cmd().orElse(List.of()));
        return argv;
    }

    private ProcessSpec spec(Path root, List<String> argv, List<String> env, String cwd, ProcessSpec.Identity user) {
        HostOptions host = container.spec().host();
        return new ProcessSpec(
                root,
                host.rights().readOnlyRoot(),
                argv,
                env,
                cwd,
                user,
                mounts(),
                host.network() instanceof NetworkMode.None ? ProcessSpec.Network.NONE : ProcessSpec.Network.HOST,
                Optional.of(container.hostname()),
                host.extraHosts(),
                host.resources().process());
    }

    private List<ProcessSpec.Mount> mounts() {
        var mounts = new ArrayList<ProcessSpec.Mount>();
        for (ContainerMount each : container.spec().host().mounts()) {
            switch (each) {
                case ContainerMount.Bind bind ->
                    mounts.add(new ProcessSpec.Mount.Bind(bind.source(), bind.target(), bind.readOnly()));
                case ContainerMount.Tmpfs tmpfs ->
                    mounts.add(new ProcessSpec.Mount.Tmpfs(tmpfs.target(), TmpfsOptions.merge(tmpfs.options())));
                case ContainerMount.Volume volume ->
                    mounts.add(new ProcessSpec.Mount.Bind(
                            volume.data(folder.path().getParent().getParent()), volume.target(), volume.readOnly()));
            }
        }
        return mounts;
    }

    private static String workingDirectory(ContainerConfig config) {
        return config.workingDir().isEmpty() ? "/" : config.workingDir();
    }

    private ProcessSpec.Identity identity(String user) throws IOException {
        try {
            return new UserLookup(seenRoot).process(user);
        } catch (IllegalArgumentException e) {
            throw new ContainerException(Kind.NOT_STARTED, e.getMessage(), 125);
        }
    }

    private Map<String, String> environment(ContainerConfig config, boolean tty) throws IOException {
        var all = new LinkedHashMap<String, String>();
        all.put("PATH", PATH);
        all.put("HOSTNAME", container.hostname());
        if (tty) {
            all.put("TERM", "xterm");
        }
        config.env().forEach(entry -> set(all, entry));
        all.putIfAbsent(
                "HOME",
                new UserLookup(seenRoot).home(identity(config.user()).uid()).orElse("/"));
        return all;
    }

    private static void set(Map<String, String> all, String entry) {
        int equals = entry.indexOf('=');
        if (equals < 0) {
            all.remove(entry); // docker: a variable to be left out
        } else {
            all.put(entry.substring(0, equals), entry.substring(equals + 1));
        }
    }

    private static List<String> entries(Map<String, String> all) {
        return all.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
    }
}
