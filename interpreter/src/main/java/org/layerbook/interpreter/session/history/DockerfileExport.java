package org.layerbook.interpreter.session.history;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.layerbook.engine.builder.step.BuildState;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.RunMount;
import org.layerbook.engine.dockerfile.parse.DockerfileWriter;

/**
 * The live build as a Dockerfile that, built alone, gives the same image: the stages that the live one stands on, arguments
 * with the values that were used as their defaults, FROM with the image that it resolved to.
 */
public final class DockerfileExport {
    private final SessionHistory history;
    private final SessionState state;
    private final BuildState build;

    private DockerfileExport(SessionHistory history, SessionState state) {
        this.history = history;
        this.state = state;
        this.build = state.build();
    }

    /** Something that a Dockerfile cannot say. The message names the cell. */
    public static final class NotExpressibleException extends Exception {
        private static final long serialVersionUID = 1L;

        NotExpressibleException(String message) {
            super(message);
        }
    }

    public static String of(SessionHistory history, SessionState state) throws NotExpressibleException {
        return new DockerfileExport(history, state).write();
    }

    private String write() throws NotExpressibleException {
        if (build.stages().isEmpty()) {
            throw new NotExpressibleException("there is no image yet: start with FROM");
        }
        TreeSet<Integer> needed = needed();
        oneContext(needed);
        var out = new StringBuilder();
        for (int index : needed) {
            out.append(out.isEmpty() ? "" : "\n");
            Stage stage = build.stages().get(index);
            for (StepRecord step : own(stage)) {
                out.append(text(step, stage)).append('\n');
            }
        }
        return out.toString();
    }

    /** Stages that the live one stands on, itself included. */
    private TreeSet<Integer> needed() {
        var needed = new TreeSet<Integer>();
        needed.add(build.stages().size() - 1);
        for (int i = build.stages().size() - 1; i >= 0; i--) {
            if (!needed.contains(i)) {
                continue;
            }
            for (StepRecord step : own(build.stages().get(i))) {
                for (String source : StageUse.sources(step.instruction())) {
                    stageNamed(source, step.instruction(), i).ifPresent(needed::add);
                }
            }
        }
        return needed;
    }

    /** What the base's triggers did comes with the FROM. */
    private static List<StepRecord> own(Stage stage) {
        return stage.steps().stream().filter(s -> !s.onBuild()).toList();
    }

    private Optional<Integer> stageNamed(String source, Instruction instruction, int position) {
        boolean fromLive = instruction instanceof Instruction.From && source.equals("@") && position > 0;
        return fromLive ? Optional.of(position - 1) : StageUse.indexOf(source, build, position);
    }

    /** The steps that copied from the context all have to have had the same one. */
    private void oneContext(TreeSet<Integer> needed) throws NotExpressibleException {
        Optional<Path> found = Optional.empty();
        for (int index : needed) {
            for (StepRecord step : own(build.stages().get(index))) {
                Optional<Path> context = state.contextOf(step);
                if (context.isPresent()
                        && found.filter(f -> !f.equals(context.get())).isPresent()) {
                    throw new NotExpressibleException("a Dockerfile has one build context, and " + cellOf(step)
                            + " copied from " + context.get() + ", but earlier steps copied from " + found.get());
                }
                found = found.or(() -> context);
            }
        }
    }

    private String cellOf(StepRecord step) {
        return history.checkpoints().stream()
                .filter(c -> holds(c.after(), step) && !holds(c.before(), step))
                .map(c -> c.cell().title())
                .findFirst()
                .orElse("this cell");
    }

    private static boolean holds(SessionState state, StepRecord step) {
        return state.builds().stream()
                .flatMap(b -> b.state().stages().stream())
                .flatMap(s -> s.steps().stream())
                .anyMatch(s -> s == step);
    }

    private String text(StepRecord step, Stage stage) throws NotExpressibleException {
        Instruction instruction = switch (step.instruction()) {
            case Instruction.From from -> from(from, stage, step);
            case Instruction.Arg arg -> arg(arg, step);
            case Instruction.Copy copy -> copy(copy, stage, step);
            case Instruction.Run run -> run(run, stage, step);
            default -> step.instruction();
        };
        try {
            // Always the backslash: a Dockerfile has one escape character, and what was written with another is written
            // anew.
            return DockerfileWriter.write(instruction, '\\').strip();
        } catch (IllegalArgumentException e) {
            throw new NotExpressibleException(cellOf(step) + ": " + e.getMessage());
        }
    }

    private Instruction from(Instruction.From from, Stage stage, StepRecord step) throws NotExpressibleException {
        Optional<Integer> parent = stageNamed(from.image(), from, stage.index());
        String base =
                parent.map(this::nameOf).orElseGet(() -> from.image().contains("$") ? stage.base() : from.image());
        if (base.startsWith("@")) {
            throw sessionImage(step, "is based on", base);
        }
        boolean named =
                stage.name().isPresent() || stage.index() < build.stages().size() - 1;
        Optional<String> platform = from.platform()
                .map(p -> p.contains("$") ? stage.image().config().platform().toString() : p);
        return new Instruction.From(
                from.origin(), platform, base, named ? Optional.of(nameOf(stage.index())) : Optional.empty());
    }

    private NotExpressibleException sessionImage(StepRecord step, String does, String reference) {
        return new NotExpressibleException(cellOf(step) + " " + does + " " + reference
                + ", an image of this session: name it with `docker tag " + reference + " NAME` and use NAME");
    }

    /** The stage's own name, unless a later stage has taken it. */
    private String nameOf(int index) {
        Optional<String> name = build.stages().get(index).name();
        boolean shared = name.isPresent()
                && build.stages().stream()
                                .filter(s -> s.name()
                                        .filter(name.get()::equalsIgnoreCase)
                                        .isPresent())
                                .count()
                        > 1;
        return name.filter(n -> !shared).orElse("stage-" + index);
    }

    /** With the values that were used. */
    private static Instruction arg(Instruction.Arg arg, StepRecord step) {
        var declarations = new ArrayList<Instruction.ArgDeclaration>();
        for (int i = 0; i < arg.declarations().size(); i++) {
            Instruction.ArgDeclaration declared = arg.declarations().get(i);
            Optional<String> value = step.argValues().get(i);
            boolean asWritten = value.equals(declared.defaultValue());
            declarations.add(
                    asWritten
                            ? declared
                            : new Instruction.ArgDeclaration(declared.name(), value.map(DockerfileExport::quoted)));
        }
        return new Instruction.Arg(arg.origin(), declarations);
    }

    private static String quoted(String value) {
        return value.matches("[\\w./:@%+,-]*") ? value : "'" + value.replace("'", "'\"'\"'") + "'";
    }

    private Instruction copy(Instruction.Copy copy, Stage stage, StepRecord step) throws NotExpressibleException {
        if (copy.from().isEmpty()) {
            return copy;
        }
        String source = named(copy.from().get(), stage, step);
        return new Instruction.Copy(
                copy.origin(),
                copy.sources(),
                copy.destination(),
                Optional.of(source),
                copy.chown(),
                copy.chmod(),
                copy.link(),
                copy.parents(),
                copy.exclude());
    }

    private Instruction run(Instruction.Run run, Stage stage, StepRecord step) throws NotExpressibleException {
        var mounts = new ArrayList<String>();
        for (String mount : run.mounts()) {
            Optional<String> from = RunMount.from(mount);
            mounts.add(from.isEmpty() ? mount : RunMount.withFrom(mount, named(from.get(), stage, step)));
        }
        return new Instruction.Run(run.origin(), run.command(), mounts, run.network(), run.security(), run.devices());
    }

    /** What a source is called in the file. */
    private String named(String source, Stage stage, StepRecord step) throws NotExpressibleException {
        Optional<Integer> index = stageNamed(source, step.instruction(), stage.index());
        if (index.isEmpty() && source.startsWith("@")) {
            throw sessionImage(step, "reads from", source);
        }
        return index.map(this::nameOf).orElse(source);
    }
}
