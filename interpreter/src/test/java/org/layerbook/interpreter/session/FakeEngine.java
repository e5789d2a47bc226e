package org.layerbook.interpreter.session;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.layerbook.engine.build.BuildException;
import org.layerbook.engine.build.BuildListener;
import org.layerbook.engine.build.BuildSettings;
import org.layerbook.engine.build.Builder;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.DockerfileParser;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.sandbox.Cancellation;
import org.layerbook.engine.sandbox.ExitStatus;
import org.layerbook.engine.sandbox.HostCommand;
import org.layerbook.engine.sandbox.HostCommands;
import org.layerbook.engine.sandbox.ProcessIo;
import org.layerbook.engine.store.Image;
import org.layerbook.interpreter.Interpreter.Candidate;
import org.layerbook.interpreter.command.CommandContext;
import org.layerbook.interpreter.command.CommandException;
import org.layerbook.interpreter.command.DockerWords;

/**
 * An engine in memory: a {@link FakeBuilder} and four docker commands. {@code history IMAGE} prints what made the image,
 * the oldest first; {@code tag IMAGE NAME} stores it; {@code images} lists the stored names; {@code build -f - DIR} reads
 * a Dockerfile from standard input.
 */
class FakeEngine implements EngineProvider, SessionEngine {
    final FakeBuilder builder = new FakeBuilder();
    private final Map<String, Image> stored = new TreeMap<>();
    private int opened;
    private int held;

    @Override
    public SessionEngine open() throws IOException {
        opened++;
        return this;
    }

    int timesOpened() {
        return opened;
    }

    int imagesHeld() {
        return held;
    }

    @Override
    public Builder builder() {
        return builder;
    }

    @Override
    public int docker(List<String> words, CommandContext context) throws CommandException {
        try {
            return switch (words.isEmpty() ? "" : words.getFirst()) {
                case "history" -> {
                    for (ImageConfig.History entry :
                            find(words.get(1), context).config().history()) {
                        context.print(entry.createdBy().orElse("") + "\n");
                    }
                    yield 0;
                }
                case "tag" -> {
                    stored.put(words.get(2), find(words.get(1), context));
                    yield 0;
                }
                case "images" -> {
                    context.print(String.join("\n", stored.keySet()) + "\n");
                    yield 0;
                }
                case "build" -> {
                    build(context);
                    yield 0;
                }
                case "run" -> Integer.parseInt(words.getLast());
                default -> throw new CommandException("docker: unknown command: docker " + words.getFirst(), 1);
            };
        } catch (IOException e) {
            throw new CommandException(e.toString(), 1);
        }
    }

    private Image find(String name, CommandContext context) throws CommandException {
        return context.session()
                .resolve(name)
                .or(() -> Optional.ofNullable(stored.get(name)))
                .or(() -> FakeBuilder.stored(name))
                .orElseThrow(() -> new CommandException("Error response from daemon: No such image: " + name, 1));
    }

    private void build(CommandContext context) throws CommandException, IOException {
        try {
            var dockerfile = DockerfileParser.parse(new String(context.stdin().readAllBytes()));
            var result = builder.build(dockerfile, BuildSettings.DEFAULT, BuildListener.NONE, new Cancellation());
            context.printError("built " + result.image().config().history().size() + " steps\n");
        } catch (DockerfileException | BuildException e) {
            throw new CommandException("ERROR: " + e.getMessage(), 1);
        }
    }

    @Override
    public Optional<Image> image(String name) {
        return Optional.ofNullable(stored.get(name)).or(() -> FakeBuilder.stored(name));
    }

    /** Nothing in memory has files. */
    @Override
    public FileTree files(Image image) {
        throw new UnsupportedOperationException("an image in memory has no files");
    }

    @Override
    public void hold(Collection<Image> images) {
        held = images.size();
    }

    @Override
    public void close() {}

    @Override
    public List<String> imageNames(String prefix) {
        return List.of("alpine", "busybox:latest");
    }

    /** This machine's own shell. */
    @Override
    public HostCommands host() {
        return new HostCommands() {
            @Override
            @SuppressWarnings("try") // the registration is only closed
            public ExitStatus run(HostCommand command, ProcessIo io, Cancellation cancellation) throws IOException {
                var process = new ProcessBuilder(command.argv())
                        .directory(command.directory().toFile());
                process.environment().clear();
                process.environment().putAll(command.environment());
                Process started = process.start();
                try (var registration = cancellation.onCancel(started::destroyForcibly)) {
                    started.getOutputStream().close();
                    io.stdout().write(started.getInputStream().readAllBytes());
                    io.stderr().write(started.getErrorStream().readAllBytes());
                    int status = started.waitFor();
                    return cancellation.isCancelled() ? ExitStatus.cancelled() : ExitStatus.of(status);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }

            @Override
            public ExitStatus runOnTerminal(HostCommand command, Cancellation cancellation) {
                throw new UnsupportedOperationException("a test has no terminal");
            }

            @Override
            public boolean hasTerminal() {
                return false;
            }

            @Override
            public Map<String, String> environment() {
                return Map.of("HOME", "/home/me", "PATH", "/usr/bin:/bin");
            }

            @Override
            public String description() {
                return "this machine's shell";
            }
        };
    }

    /** What is known of the fake's commands. */
    static final DockerWords WORDS = new DockerWords() {
        @Override
        public Set<String> commands() {
            return Set.of("history", "tag", "images", "build", "run");
        }

        @Override
        public Optional<String> help(String path) {
            return commands().contains(path) ? Optional.of("Usage:  docker " + path) : Optional.empty();
        }

        @Override
        public List<Candidate> complete(List<String> words, Arguments arguments) {
            return words.size() == 1
                    ? commands().stream()
                            .sorted()
                            .map(c -> new Candidate(c, "command", ""))
                            .toList()
                    : arguments.images(words.getLast());
        }
    };
}
