package org.layerbook.engine.dockerfile.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.dockerfile.AddSource;
import org.layerbook.engine.dockerfile.ChmodMode;
import org.layerbook.engine.dockerfile.ImageName;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.PortSpec;
import org.layerbook.engine.dockerfile.RunMount;
import org.layerbook.engine.dockerfile.StopSignals;
import org.layerbook.engine.dockerfile.expand.ExpansionException;
import org.layerbook.engine.dockerfile.expand.WordExpander;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.golang.GoText;

/** Follows the variables of one stage from instruction to instruction and expands what each of them expands. */
final class InstructionChecker {
    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final WordExpander expander;
    private final Map<String, String> globals;
    private final Map<String, String> buildArgs;
    private final Map<String, String> environment;
    private String directory;

    InstructionChecker(WordExpander expander, Map<String, String> globals, Map<String, String> buildArgs) {
        this(expander, globals, buildArgs, Map.of("PATH", DEFAULT_PATH), "/");
    }

    private InstructionChecker(
            WordExpander expander,
            Map<String, String> globals,
            Map<String, String> buildArgs,
            Map<String, String> environment,
            String directory) {
        this.expander = expander;
        this.globals = globals;
        this.buildArgs = buildArgs;
        this.environment = new HashMap<>(environment);
        this.directory = directory;
    }

    /** For a stage that begins where this one ended. */
    InstructionChecker child() {
        return new InstructionChecker(expander, globals, buildArgs, environment, directory);
    }

    void check(Instruction instruction) throws CheckFailureException {
        try {
            switch (instruction) {
                case Instruction.Arg arg -> arg(arg);
                case Instruction.Env env -> env(env);
                case Instruction.Label label -> {
                    for (Instruction.KeyValue pair : label.pairs()) {
                        expand(pair.key());
                        expand(pair.value());
                    }
                }
                case Instruction.Copy copy -> {
                    expandAll(copy.chown(), copy.chmod());
                    sources(copy.sources(), copy.destination());
                    checkMode(copy.chmod());
                    checkLocal(copy);
                }
                case Instruction.Add add -> add(add);
                case Instruction.Run run -> run(run);
                case Instruction.Workdir workdir -> {
                    String path = expand(workdir.path());
                    directory = GoPath.clean(path.startsWith("/") ? path : directory + "/" + path);
                }
                case Instruction.User user -> expand(user.user());
                case Instruction.Volume volume -> {
                    for (String path : volume.paths()) {
                        if (expand(path).isEmpty()) {
                            throw CheckFailureException.at(volume, "VOLUME specified can not be an empty string");
                        }
                    }
                }
                case Instruction.Expose expose -> expose(expose);
                case Instruction.StopSignal signal -> stopSignal(signal);
                case Instruction.From from -> throw new IllegalStateException("a stage begins with " + from);
                case Instruction.Cmd _,
                        Instruction.Entrypoint _,
                        Instruction.Shell _,
                        Instruction.Healthcheck _,
                        Instruction.OnBuild _,
                        Instruction.Maintainer _ -> {}
            }
        } catch (ExpansionException | IllegalArgumentException e) {
            throw CheckFailureException.at(instruction, e.getMessage());
        }
    }

    private String expand(String text) throws ExpansionException {
        return expander.word(text, environment);
    }

    @SafeVarargs
    private void expandAll(Optional<String>... texts) throws ExpansionException {
        for (Optional<String> text : texts) {
            expand(text.orElse(""));
        }
    }

    /** A default sees the arguments before it in the same instruction. */
    private void arg(Instruction.Arg arg) throws ExpansionException {
        for (Instruction.ArgDeclaration declaration : arg.declarations()) {
            String name = declaration.name();
            Optional<String> value = Optional.ofNullable(buildArgs.get(name));
            if (value.isEmpty() && declaration.defaultValue().isPresent()) {
                value = Optional.of(expand(declaration.defaultValue().get()));
            }
            value.or(() -> Optional.ofNullable(globals.get(name))).ifPresent(text -> environment.put(name, text));
        }
    }

    private void env(Instruction.Env env) throws ExpansionException {
        Map<String, String> found = new HashMap<>();
        for (Instruction.KeyValue pair : env.pairs()) {
            found.put(expand(pair.key()), expand(pair.value())); // all with the values from before
        }
        environment.putAll(found);
    }

    private void sources(Instruction.Sources sources, String destination) throws ExpansionException {
        for (String path : sources.paths()) {
            expand(path);
        }
        expand(destination);
        for (Instruction.Heredoc heredoc : sources.heredocs()) {
            if (heredoc.expand()) {
                WordExpander.forHeredocBodies().word(heredoc.content(), environment);
            }
        }
    }

    private void checkMode(Optional<String> chmod) throws ExpansionException {
        String mode = expand(chmod.orElse(""));
        if (!mode.isEmpty()) {
            ChmodMode.parse(mode);
        }
    }

    private void checkLocal(Instruction.Copy copy) throws ExpansionException {
        for (String path : copy.sources().paths()) {
            switch (AddSource.of(expand(path))) {
                case GIT -> throw new IllegalArgumentException("source can't be a git ref for COPY");
                case HTTP -> throw new IllegalArgumentException("source can't be a URL for COPY");
                case LOCAL -> {}
            }
        }
    }

    private void add(Instruction.Add add) throws ExpansionException {
        expandAll(add.chown(), add.chmod(), add.checksum());
        sources(add.sources(), add.destination());
        String checksum = expand(add.checksum().orElse(""));
        checkMode(add.chmod());
        if (checksum.isEmpty()) {
            return;
        }
        List<String> paths = add.sources().paths();
        if (paths.size() != 1) {
            throw new IllegalArgumentException("checksum can't be specified for multiple sources");
        }
        switch (AddSource.of(expand(paths.getFirst()))) {
            case LOCAL -> throw new IllegalArgumentException("checksum requires HTTP(S) or Git sources");
            case HTTP -> {
                Optional<String> fault = ImageName.faultOfDigest(checksum);
                if (fault.isPresent()) {
                    throw new IllegalArgumentException(fault.get());
                }
            }
            case GIT -> {}
        }
    }

    private void run(Instruction.Run run) throws ExpansionException {
        for (String text : run.mounts()) {
            String target = switch (RunMount.parse(text, this::expand)) {
                case RunMount.Bind bind -> bind.target();
                case RunMount.Cache cache -> cache.target();
                case RunMount.Tmpfs tmpfs -> tmpfs.target();
                case RunMount.Secret _, RunMount.Ssh _ -> "/run";
            };
            String resolved = GoPath.clean(target.startsWith("/") ? target : directory + "/" + target);
            if (resolved.equals("/")) {
                throw new IllegalArgumentException("invalid mount target " + GoText.quote(resolved));
            }
        }
    }

    private void expose(Instruction.Expose expose) throws ExpansionException {
        for (String text : expose.ports()) {
            for (String port : expander.words(text, environment)) {
                PortSpec.parse(port);
            }
        }
    }

    private void stopSignal(Instruction.StopSignal signal) throws ExpansionException, CheckFailureException {
        String name = expand(signal.signal());
        if (StopSignals.number(name).isEmpty()) {
            throw CheckFailureException.at(
                    signal, "invalid signal: " + name, "a name such as SIGTERM or SIGINT, or a number");
        }
    }
}
