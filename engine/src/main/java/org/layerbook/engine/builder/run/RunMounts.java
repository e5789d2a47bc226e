package org.layerbook.engine.builder.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.copy.ContextSnapshots;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.plan.RunPlanner;
import org.layerbook.engine.builder.plan.Step;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.step.StepContext;
import org.layerbook.engine.builder.step.StepFailedException;
import org.layerbook.engine.builder.tree.MissingSource;
import org.layerbook.engine.builder.tree.Selection;
import org.layerbook.engine.builder.tree.SourceTree;
import org.layerbook.engine.builder.tree.TargetTree;
import org.layerbook.engine.builder.tree.TreeCopier;
import org.layerbook.engine.dockerfile.RunMount;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxException;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Mounts;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.sandbox.ProcessSpec;
import org.layerbook.engine.snapshot.Snapshots;

/** Makes what {@code RUN --mount} asks for ready for one process, and lets go of it afterwards. */
final class RunMounts implements AutoCloseable {
    static final int SECRET_MODE = 0400;
    static final int SOCKET_MODE = 0600;
    /** Where an agent's socket is by default, and its number. */
    static final String AGENT = "/run/buildkit/ssh_agent.";

    private static final int TMPFS_MODE = 01777;
    private static final int SCRIPT_MODE = 0755;
    private static final int MAX_SECRET = 500 * 1024;

    private final BuildServices services;
    private final ContextSnapshots contexts;
    private final CacheMounts.Renewal renewal;
    private final StepContext context;
    private final List<ProcessSpec.Mount> mounts = new ArrayList<>();
    private final List<String> environment = new ArrayList<>();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private int sshMounts;

    RunMounts(BuildServices services, ContextSnapshots contexts, CacheMounts.Renewal renewal, StepContext context) {
        this.services = services;
        this.contexts = contexts;
        this.renewal = renewal;
        this.context = context;
    }

    List<ProcessSpec.Mount> mounts() {
        return List.copyOf(mounts);
    }

    /** {@code NAME=value}: secrets that go into variables, and where the ssh agent is. */
    List<String> environment() {
        return List.copyOf(environment);
    }

    void prepare(Step.Run step) throws IOException, StepFailedException {
        for (RunMount mount : step.mounts()) {
            switch (mount) {
                case RunMount.Bind bind -> bind(bind, step);
                case RunMount.Cache cache -> cache(cache, step);
                case RunMount.Tmpfs tmpfs ->
                    mounts.add(new ProcessSpec.Mount.Tmpfs(
                            target(tmpfs.target(), step), tmpfs.size().orElse(0L), TMPFS_MODE));
                case RunMount.Secret secret -> secret(secret, step);
                case RunMount.Ssh ssh -> ssh(ssh, step);
            }
        }
        if (step.script().isPresent()) {
            Path folder = temporaryFolder();
            Path file = folder.resolve(step.script().get().name());
            Files.writeString(file, step.script().get().content());
            LinuxFiles.chmodFollowing(file, SCRIPT_MODE);
            LinuxFiles.chmodFollowing(folder, SCRIPT_MODE);
            mounts.add(new ProcessSpec.Mount.Bind(folder, GoPath.clean(Step.Run.SCRIPT_FOLDER), true));
        }
    }

    /** What apt is told on this machine, where there is anything to tell and the image has it. */
    void prepareApt(Step.Run step, Path root) throws IOException {
        if (!services.runDefaults().concernsApt()
                || step.environment().get(AptSettings.VARIABLE).isPresent()) {
            return;
        }
        Path folder = temporaryFolder();
        if (new AptSettings(services.runDefaults()).write(root, folder)) {
            for (Path file : AptSettings.written(folder)) {
                LinuxFiles.chmodFollowing(file, SCRIPT_MODE);
            }
            mounts.add(new ProcessSpec.Mount.Bind(folder, AptSettings.FOLDER, true));
            environment.add(AptSettings.VARIABLE + "=" + AptSettings.FOLDER + "/apt.conf");
        }
    }

    /** Absolute; relative ones are meant from the working directory. */
    static String target(String written, Step.Run step) throws StepFailedException {
        String target = GoPath.clean(GoPath.join("/", GoPath.resolve(step.workingDir(), written)));
        if (target.equals("/")) {
            // A secret's or a socket's: those of other mounts are planned.
            throw StepFailedException.invalid(RunPlanner.ROOT_AS_TARGET);
        }
        return target;
    }

    private void bind(RunMount.Bind bind, Step.Run step) throws IOException, StepFailedException {
        ContextSnapshots.Found found = contexts.find(bind.from(), bind.source(), context);
        Snapshots.View view = bind.readOnly()
                ? services.snapshots().view(found.chain())
                // What is written goes with the step: it is not the user's folder, nor the other stage.
                : services.snapshots().prepare(found.chain());
        open.push(view);
        Path source = inside(view, found);
        mounts.add(new ProcessSpec.Mount.Bind(source, target(bind.target(), step), bind.readOnly()));
    }

    private static Path inside(Snapshots.View view, ContextSnapshots.Found found)
            throws IOException, StepFailedException {
        SourceTree tree = SourceTree.rootFs(view.root());
        Optional<SourceTree.Entry> entry = tree.resolve(found.path());
        if (entry.isEmpty()) {
            throw MissingSource.in(tree, found.path(), found.title());
        }
        return entry.get().file();
    }

    private void cache(RunMount.Cache cache, Step.Run step) throws IOException, StepFailedException {
        String target = target(cache.target(), step);
        var caches = new CacheMounts(services);
        Optional<ContextSnapshots.Found> start = cache.from().isPresent()
                ? Optional.of(contexts.find(cache.from(), cache.source(), context))
                : Optional.empty();
        String origin = start.map(f -> f.chain() + " " + f.path()).orElse("");
        var owners = new TargetTree(services.folder(), services.ownership(), Optional.empty());
        CacheMounts.Opened opened = caches.open(
                cache,
                CacheMounts.id(cache, context.settings()),
                origin,
                renewal,
                owners,
                empty -> {
                    if (start.isPresent()) {
                        fill(empty, start.get());
                    }
                },
                context.cancellation());
        open.push(opened);
        mounts.add(new ProcessSpec.Mount.Bind(opened.path(), target, cache.readOnly()));
    }

    private void fill(Path empty, ContextSnapshots.Found start) throws IOException, StepFailedException {
        try (Snapshots.View view = services.snapshots().view(start.chain())) {
            SourceTree tree = SourceTree.rootFs(view.root());
            Optional<SourceTree.Entry> entry = tree.resolve(start.path());
            if (entry.isEmpty()) {
                throw MissingSource.in(tree, start.path(), start.title());
            }
            var all = new TreeCopier.Options(
                    Optional.empty(), Optional.empty(), Selection.of(Optional.empty(), List.of()));
            new TreeCopier(new TargetTree(empty, services.ownership(), Optional.empty()), all, context.cancellation())
                    .copy(tree, entry.get(), entry.get().name(), "/");
        }
    }

    private void secret(RunMount.Secret secret, Step.Run step) throws IOException, StepFailedException {
        BuildSettings.Secret given = context.settings().secrets().get(secret.id());
        if (given == null) {
            if (secret.required()) {
                throw new StepFailedException(
                        BuildException.Kind.INVALID,
                        "secret " + secret.id() + ": not found",
                        Optional.of("pass it with --secret id=" + secret.id() + ",src=FILE"));
            }
            return;
        }
        byte[] content = content(secret.id(), given);
        if (content.length > MAX_SECRET) {
            throw StepFailedException.invalid("secret " + secret.id() + " is larger than " + MAX_SECRET + " bytes");
        }
        secret.environment()
                .ifPresent(name -> environment.add(name + "=" + new String(content, StandardCharsets.UTF_8)));
        if (secret.environment().isPresent() && secret.target().isEmpty()) {
            return;
        }
        Path file = privateFolder().resolve("secret");
        Files.write(file, content);
        own(file, FileStat.REGULAR, secret.uid(), secret.gid(), secret.mode().orElse(SECRET_MODE));
        mounts.add(new ProcessSpec.Mount.Bind(file, target(secretTarget(secret), step), true));
    }

    static String secretTarget(RunMount.Secret secret) {
        return secret.target().orElse("/run/secrets/" + GoPath.base(secret.id()));
    }

    private static byte[] content(String id, BuildSettings.Secret secret) throws StepFailedException {
        return switch (secret) {
            case BuildSettings.Secret.Value value -> value.value().getBytes(StandardCharsets.UTF_8);
            case BuildSettings.Secret.File file -> {
                // One more than is allowed tells that there is too much.
                try (InputStream in = Files.newInputStream(file.path())) {
                    yield in.readNBytes(MAX_SECRET + 1);
                } catch (IOException e) {
                    throw StepFailedException.invalid("secret " + id + ": cannot read " + file.path());
                }
            }
        };
    }

    private void ssh(RunMount.Ssh ssh, Step.Run step) throws IOException, StepFailedException {
        String target = target(ssh.target().orElse(AGENT + sshMounts++), step);
        Path agent = context.settings().sshSockets().get(ssh.id());
        if (agent == null) {
            if (ssh.required()) {
                throw new StepFailedException(
                        BuildException.Kind.INVALID,
                        "unset ssh forward key " + ssh.id(),
                        Optional.of("pass it with --ssh " + ssh.id()));
            }
            return;
        }
        var socket = new AgentSocket(agent, shortFolder().resolve("agent"));
        open.push(socket);
        own(socket.path(), FileStat.SOCKET, ssh.uid(), ssh.gid(), ssh.mode().orElse(SOCKET_MODE));
        mounts.add(new ProcessSpec.Mount.Bind(socket.path(), target, false));
        if (environment.stream().noneMatch(e -> e.startsWith("SSH_AUTH_SOCK="))) {
            environment.add("SSH_AUTH_SOCK=" + target);
        }
    }

    private void own(Path file, int type, Optional<Integer> uid, Optional<Integer> gid, int mode) throws IOException {
        new TargetTree(file.getParent(), services.ownership(), Optional.empty())
                .setOwner(file, type, uid.orElse(0), gid.orElse(0), mode);
    }

    private Path temporaryFolder() throws IOException {
        Path folder = services.temp().directory();
        open.push(() -> Trees.delete(folder));
        return folder;
    }

    /** In memory where this process may mount: secrets do not go onto the disk. */
    private Path privateFolder() throws IOException {
        Path folder = temporaryFolder();
        try {
            Mounts.tmpfs(folder, "mode=0700");
            open.push(() -> Mounts.unmountLazily(folder));
        } catch (LinuxException e) {
            // The folder is nobody else's, and goes with the step.
        }
        return folder;
    }

    /** A socket's path has 107 bytes at most; the store's may be longer. */
    private Path shortFolder() throws IOException {
        Path folder = Files.createTempDirectory(Path.of("/tmp"), "layerbook-");
        open.push(() -> Trees.delete(folder));
        return folder;
    }

    @Override
    public void close() throws IOException {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }
}
