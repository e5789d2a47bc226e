package org.layerbook.engine.container;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.container.ContainerRuntime.BeforeStart;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.ContainerException.Kind;
import org.layerbook.engine.container.state.ContainerFolder;
import org.layerbook.engine.container.state.ContainerState.Running;
import org.layerbook.engine.container.state.NetworkMode;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.HostProc;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.network.Connection;
import org.layerbook.engine.network.Networks;
import org.layerbook.engine.snapshot.Snapshots;

/** One start of a container: what it needs is prepared, then its script is run. */
final class ContainerStart {
    private final ContainerServices services;
    private final Container container;
    private final ContainerFolder folder;
    private final BeforeStart before;
    private final Networks networks;
    private final StringBuilder line = new StringBuilder();
    private final GoAhead goAhead = new GoAhead();
    private Optional<IOException> problem = Optional.empty();
    private boolean isCutOff;

    ContainerStart(ContainerServices services, Container container, BeforeStart before) {
        this.services = services;
        this.container = container;
        this.folder = services.containers().folder(container);
        this.before = before;
        this.networks = new Networks(services.store());
    }

    /** Whether it is on a bridge that has no way out. */
    boolean isCutOff() {
        return isCutOff;
    }

    /** All that is on the disk for a start. */
    void prepare() throws IOException {
        HostProc.Process keeping = services.keeper().begin();
        Path place = folder.file("root");
        if (LinuxFiles.lstatIfExists(place).isEmpty()) {
            LinuxFiles.mkdir(place, 0700);
        }
        Snapshots.Durable root = services.snapshots().durable(container.spec().chain(), place);
        var script = new MonitorScript(
                container,
                folder,
                services.runtime(),
                services.conmon(),
                services.state(),
                services.store().home().resolve("container-names"),
                services.containers().events());
        if (services.privileges().inUserNamespace()) {
            script.rootless();
        }
        if (root.changes().isPresent()) {
            script.mounted();
        }
        services.keeper().inside(keeping, () -> {
            root.mount();
            return null;
        });
        try {
            Optional<Path> namespace = connect(script, keeping);
            var bundle = new ContainerBundle(
                    container,
                    folder,
                    services.privileges(),
                    services.runtime(),
                    services.keeper().seen(keeping, root.root()),
                    namespace);
            bundle.write(root.root());
            Optional<HealthCheck> check = HealthCheck.of(container.spec().config());
            if (check.isPresent()) {
                Files.write(
                        folder.file("health.json"), bundle.process(check.get().request(), false));
                script.checked(check.get());
            }
            script.write(folder.file("monitor"));
        } catch (IOException | RuntimeException e) {
            services.keeper().inside(keeping, () -> {
                root.unmount();
                return null;
            });
            throw e;
        }
    }

    /** Which network namespace the container has; absent for that of the host, or for one that the runtime makes. */
    private Optional<Path> connect(MonitorScript script, HostProc.Process keeping) throws IOException {
        NetworkMode mode = container.spec().host().network();
        Optional<Connection> connection = Optional.empty();
        Optional<Path> namespace = Optional.empty();
        switch (mode) {
            case NetworkMode.Host _, NetworkMode.None _ -> {}
            case NetworkMode.OfContainer other -> {
                shareNames(services.containers().get(other.container()));
                return Optional.of(namespaceOf(other.container()));
            }
            case NetworkMode.Default _, NetworkMode.Named _ -> {
                NetworkPrograms programs = services.networkPrograms()
                        .orElseThrow(() -> new ContainerException(
                                Kind.SYSTEM,
                                "containers have no network of their own here: netavark is not installed (package netavark);"
                                        + " --network=host or --network=none need none"));
                services.keeper().connect(keeping, programs);
                isCutOff = !services.keeper().hasWayOut();
                connection =
                        Optional.of(new ContainerNetwork(networks, services.containers()).prepare(container, folder));
                script.network(programs.netavark(), programs.aardvark(), networks.runFolder(), keeping.pid());
                namespace = Optional.of(folder.file("netns"));
            }
        }
        ContainerNetwork.etcFiles(container, folder, connection);
        return namespace;
    }

    /** Whoever shares the network of another has its names, too. */
    private void shareNames(Container other) throws IOException {
        for (String name : List.of("hostname", "hosts", "resolv.conf")) {
            Files.copy(
                    services.containers().folder(other).file(name),
                    folder.file(name),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private Path namespaceOf(String name) throws IOException {
        Container other = services.containers().get(name);
        if (!(other.state() instanceof Running running)) {
            throw new ContainerException(
                    Kind.CONFLICT, "cannot join network of a non running container: " + other.id());
        }
        return Path.of("/proc", Long.toString(running.pid()), "ns/net");
    }

    void run() throws IOException {
        HostProc.Process keeping = services.keeper().begin();
        var errors = new java.io.ByteArrayOutputStream();
        ExitStatus status = services.keeper()
                .run(
                        keeping,
                        List.of("/bin/sh", folder.file("monitor").toString(), "start", "attached"),
                        new ProcessIo(goAhead, new Lines(), errors),
                        new Cancellation());
        if (problem.isPresent()) {
            throw problem.get();
        }
        if (!status.isSuccess()) {
            throw new ContainerException(Kind.SYSTEM, "the container could not be started: " + errors);
        }
    }

    private void said(String text) {
        try {
            if (text.equals("created")) {
                before.created(folder);
                goAhead.give();
            } else if (text.startsWith("failed ")) {
                problem = Optional.of(failure(text.substring("failed ".length())));
                goAhead.give();
            }
        } catch (IOException e) {
            problem = Optional.of(e);
            goAhead.end();
        }
    }

    private final class Lines extends OutputStream {
        @Override
        public void write(int b) {
            if (b == '\n') {
                said(line.toString());
                line.setLength(0);
            } else {
                line.append((char) b);
            }
        }
    }

    /** @param text the status, a blank, and what conmon passes on of the runtime's words: JSON's escapes are in it */
    static ContainerException failure(String text) {
        int blank = text.indexOf(' ');
        String message = text.substring(blank + 1)
                .replace("\\n", "\n")
                .replace("\\\"", "\"")
                .replace("\\\\", "\\")
                .strip();
        return new ContainerException(
                Kind.NOT_STARTED,
                "failed to create task for container: failed to create shim task: OCI runtime create failed: " + message
                        + ": unknown",
                Integer.parseInt(text.substring(0, blank)));
    }
}
