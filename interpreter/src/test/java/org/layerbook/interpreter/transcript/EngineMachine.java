package org.layerbook.interpreter.transcript;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real Docker Engine of its own, and a client for it. */
public final class EngineMachine implements Machine {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process engine;
    private final Path work;
    private final Map<String, String> environment;

    private EngineMachine(Process engine, Path work, Map<String, String> environment) {
        this.engine = engine;
        this.work = work;
        this.environment = environment;
    }

    /** Which client the engine is used through. */
    public enum Client {
        /** The reference for texts. */
        CURRENT("28."),
        /** The last one that builds with BuildKit by itself; later ones need a plugin for that. */
        BUILDING("20.10.");

        private final String version;

        Client(String version) {
            this.version = version;
        }
    }

    /** Why none can be started here. */
    public static Optional<String> missing(Client client) {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("a Docker Engine is started by root only");
        }
        if (programs("dockerd").findFirst().isEmpty()) {
            return Optional.of("there is no dockerd here");
        }
        return program(client).isPresent()
                ? Optional.empty()
                : Optional.of("there is no docker client " + client.version + "x here");
    }

    private static Stream<Path> programs(String name) {
        return Stream.of("/usr/local/bin", "/usr/sbin", "/usr/bin")
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable);
    }

    private static Optional<Path> program(Client client) {
        return programs("docker")
                .filter(program -> {
                    try {
                        return Machine.bash(program + " --version", Path.of("/"), Map.of())
                                .stdout()
                                .startsWith("Docker version " + client.version);
                    } catch (IOException e) {
                        return false;
                    }
                })
                .findFirst();
    }

    /** @param work where lines are run */
    public static EngineMachine start(Client client, Path folder, Path work) throws IOException, InterruptedException {
        Path socket = folder.resolve("socket");
        Path programs = Files.createDirectories(folder.resolve("programs"));
        Files.createSymbolicLink(programs.resolve("docker"), program(client).orElseThrow());
        Files.writeString(programs.resolve("sudo"), "#!/bin/sh\nexec \"$@\"\n");
        programs.resolve("sudo").toFile().setExecutable(true);
        Process engine = new ProcessBuilder(
                        programs("dockerd").findFirst().orElseThrow().toString(),
                        "--iptables=false",
                        "--bridge=none",
                        "--data-root=" + folder.resolve("data"),
                        "--exec-root=" + folder.resolve("exec"),
                        "--pidfile=" + folder.resolve("pid"),
                        "-H",
                        "unix://" + socket)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        var machine = new EngineMachine(
                engine,
                work,
                Map.of("PATH", programs + ":/usr/bin:/bin", "HOME", "/root", "DOCKER_HOST", "unix://" + socket));
        Instant end = Instant.now().plus(PATIENCE);
        while (!machine.answers()) {
            if (Instant.now().isAfter(end) || !engine.isAlive()) {
                machine.close();
                throw new IOException("the engine does not start: " + Files.readString(folder.resolve("log")));
            }
        }
        return machine;
    }

    public boolean answers() throws IOException {
        return run("docker images").status() == 0;
    }

    /** Takes all images away. */
    void empty() throws IOException {
        run("docker rmi -f $(docker images -aq)");
    }

    @Override
    public Script.Ran run(String line) throws IOException {
        return Machine.bash(line, work, environment);
    }

    @Override
    public void close() throws IOException {
        engine.destroy();
        try {
            if (!engine.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                engine.destroyForcibly();
            }
        } catch (InterruptedException e) {
            engine.destroyForcibly();
            throw new IOException(e);
        }
    }
}
