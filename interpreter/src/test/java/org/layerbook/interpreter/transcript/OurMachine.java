package org.layerbook.interpreter.transcript;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.Engine;
import org.layerbook.engine.builder.Builder;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.registry.Registries;
import org.layerbook.engine.snapshot.SnapshotStores;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Store;
import org.layerbook.interpreter.cell.ShellText;
import org.layerbook.interpreter.cell.ShellWord;
import org.layerbook.interpreter.command.DockerCommands;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandServices;
import org.layerbook.interpreter.command.spec.SessionImages;
import org.layerbook.interpreter.session.LocalHost;
import org.layerbook.interpreter.shim.ShimDocker;
import org.layerbook.interpreter.shim.ShimPlace;
import org.layerbook.interpreter.shim.ShimTurn;

/** Our docker, on the PATH of real shells, on a store of its own and a session that has built nothing. */
public final class OurMachine implements Machine {
    private final Path work;
    private final Closeable opened;
    private final DockerCommands commands;
    private final ShimTurn turn;
    private final Map<String, String> environment;

    /** One that builds nothing. */
    static OurMachine withoutBuilder(Path folder, Path work, Clock clock) throws IOException {
        Store store = Store.open(folder.resolve("store"), Identity.current());
        Snapshots snapshots = SnapshotStores.detect(store);
        var services = new CommandServices(store, snapshots, noBuilder(), Registries.none(), clock);
        return new OurMachine(folder, work, services, store::close);
    }

    /** One that builds, in what this machine has for that. */
    public static OurMachine building(Path folder, Path work) throws IOException {
        String home = folder.resolve("store").toString();
        Map<String, String> environment =
                Map.of("PATH", System.getenv("PATH"), "HOME", folder.toString(), "LAYERBOOK_HOME", home);
        Engine engine = Engine.open(environment, new LocalHost());
        var services = new CommandServices(
                engine.store(), engine.snapshots(), engine.builder(), engine.registries(), Clock.systemUTC());
        return new OurMachine(folder, work, services, engine::close);
    }

    private OurMachine(Path folder, Path work, CommandServices services, Closeable opened) throws IOException {
        this.work = work;
        this.opened = opened;
        this.commands = new DockerCommands(services);
        Path programs = Path.of("../launcher/shim").toAbsolutePath().normalize();
        this.turn = ShimTurn.begin(
                new ShimPlace(Optional.of(programs), Optional.of(folder)), this::answer, new Cancellation());
        this.environment = turn.environment(new HashMap<>(Map.of("PATH", "/usr/bin:/bin", "HOME", "/root")));
    }

    private int answer(ShimDocker.Asked asked) throws CommandException {
        var context = context(asked.stdin(), asked.stdout(), asked.stderr(), asked.directory(), asked.environment());
        return commands.run(asked.words().subList(1, asked.words().size()), context);
    }

    private static CommandContext context(
            InputStream in, OutputStream out, OutputStream err, Path folder, Map<String, String> environment) {
        return new CommandContext(
                new NoSession(), in, out, err, Optional.empty(), folder, environment, new Cancellation());
    }

    /** What is nothing but a docker command needs no shell, which takes most of the time. */
    public Script.Ran runHere(List<String> words) throws IOException {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int status;
        try {
            status = commands.run(words, context(InputStream.nullInputStream(), out, err, work, environment));
        } catch (CommandException e) {
            err.writeBytes((e.getMessage() + "\n").getBytes(StandardCharsets.UTF_8));
            status = e.exitStatus();
        }
        return new Script.Ran(out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8), status);
    }

    private static Builder noBuilder() {
        return (Builder) Proxy.newProxyInstance(
                Builder.class.getClassLoader(), new Class<?>[] {Builder.class}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException("nothing is built here");
                });
    }

    @Override
    public Script.Ran run(String line) throws IOException {
        ShellText shell = ShellText.read(line, 0);
        if (shell.isDockerCommand() && shell.end() == line.length()) {
            List<String> words = ShellWord.expand(shell.simpleCommand().orElseThrow(), environment);
            return runHere(words.subList(1, words.size()));
        }
        return Machine.bash(line, work, environment);
    }

    @Override
    public void close() throws IOException {
        turn.close();
        opened.close();
    }

    private static final class NoSession implements SessionImages {
        @Override
        public Optional<Image> resolve(String reference) {
            return Optional.empty();
        }

        @Override
        public List<String> references() {
            return List.of();
        }

        @Override
        public Dockerfile asDockerfile() {
            throw new UnsupportedOperationException("no Dockerfile here");
        }

        @Override
        public List<Image> inUse() {
            return List.of();
        }

        @Override
        public void keepFailed(BuildException failure) {
            failure.failedRoot().ifPresent(root -> {
                try {
                    root.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
