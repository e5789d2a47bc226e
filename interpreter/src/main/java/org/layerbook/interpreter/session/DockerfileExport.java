package org.layerbook.interpreter.session;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerbook.engine.build.ArgScope;
import org.layerbook.engine.build.BuildState;
import org.layerbook.engine.build.Stage;
import org.layerbook.engine.build.StepRecord;
import org.layerbook.engine.dockerfile.Instruction;

/**
 * The live build as a Dockerfile that, built alone, gives the same image. Arguments get the values that were used as their
 * defaults, FROM the image that it resolved to.
 */
final class DockerfileExport {
    private static final Pattern CONTINUED = Pattern.compile("[\\\\`][ \\t]*(\\r?\\n|$)");

    private final SessionHistory history;
    private final BuildState build;
    private final SessionState state;
    private final StringBuilder out = new StringBuilder();

    private DockerfileExport(SessionHistory history, SessionState state) {
        this.history = history;
        this.state = state;
        this.build = state.build();
    }

    /** Something that a Dockerfile cannot say. The message names the cell. */
    static final class Unsayable extends Exception {
        private static final long serialVersionUID = 1L;

        Unsayable(String message) {
            super(message);
        }
    }

    static String of(SessionHistory history, SessionState state) throws Unsayable {
        return new DockerfileExport(history, state).write();
    }

    private String write() throws Unsayable {
        if (build.stages().isEmpty()) {
            throw new Unsayable("there is no image yet: begin with FROM");
        }
        char escape = escape();
        if (escape != '\\') {
            out.append("# escape=").append(escape).append('\n');
        }
        TreeSet<Integer> needed = needed();
        oneContext(needed);
        for (int index : needed) {
            if (index != needed.first()) {
                out.append('\n');
            }
            stage(index);
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
                    StageUse.indexOf(source, build, i).ifPresent(needed::add);
                }
            }
        }
        return needed;
    }

    private static List<StepRecord> own(Stage stage) {
        return stage.steps().stream().filter(s -> !s.onBuild()).toList();
    }

    /** One escape character for all: a directive holds for a whole file. */
    private char escape() throws Unsayable {
        Optional<Character> found = Optional.empty();
        for (Stage stage : build.stages()) {
            for (StepRecord step : own(stage)) {
                Instruction.Origin origin = step.instruction().origin();
                boolean uses = CONTINUED.matcher(origin.original()).find()
                        || origin.original().indexOf(origin.escape()) >= 0;
                if (uses && found.filter(f -> f != origin.escape()).isPresent()) {
                    throw new Unsayable("a Dockerfile has one escape character, and " + cellOf(step) + " uses another");
                }
                found = uses ? Optional.of(origin.escape()) : found;
            }
        }
        return found.orElse('\\');
    }

    /** The steps that copied from the context all have to have had the same one. */
    private void oneContext(TreeSet<Integer> needed) throws Unsayable {
        Optional<Path> found = Optional.empty();
        for (int index : needed) {
            for (StepRecord step : own(build.stages().get(index))) {
                Optional<Path> context = state.contextOf(step);
                if (context.isPresent()
                        && found.filter(f -> !f.equals(context.get())).isPresent()) {
                    throw new Unsayable("a Dockerfile has one build context, and " + cellOf(step) + " copied from "
                            + context.get() + " after others from " + found.get());
                }
                found = found.or(() -> context);
            }
        }
    }

    private static List<StepRecord> made(Checkpoint checkpoint) {
        var before = checkpoint.before().build().live().map(Stage::steps).orElse(List.of());
        return checkpoint.after().build().stages().stream()
                .flatMap(stage -> stage.steps().stream())
                .filter(step -> before.stream().noneMatch(old -> old == step))
                .toList();
    }

    private String cellOf(StepRecord step) {
        return history.checkpoints().stream()
                .filter(c -> made(c).stream().anyMatch(s -> s == step))
                .map(c -> c.cell().title())
                .findFirst()
                .orElse("this cell");
    }

    private void stage(int index) throws Unsayable {
        Stage stage = build.stages().get(index);
        for (StepRecord step : own(stage)) {
            String text = switch (step.instruction()) {
                case Instruction.From from -> from(from, stage, step);
                case Instruction.Arg arg -> arg(arg, stage);
                default -> renamed(step, index);
            };
            out.append(text).append('\n');
        }
    }

    private String from(Instruction.From from, Stage stage, StepRecord step) throws Unsayable {
        Optional<Integer> parent = StageUse.indexOf(from.image(), build, stage.index());
        String base = parent.map(this::nameOf).orElse(stage.base());
        if (base.startsWith("@")) {
            throw new Unsayable(
                    cellOf(step) + " begins from " + base + ", an image of this session: give it a name with"
                            + " `docker tag " + base + " NAME`, and begin from that");
        }
        boolean named = stage.name().isPresent() || isReferredTo(stage.index());
        return "FROM " + from.platform().map(p -> "--platform=" + p + " ").orElse("") + base
                + (named ? " AS " + nameOf(stage.index()) : "");
    }

    private boolean isReferredTo(int index) {
        return index < build.stages().size() - 1;
    }

    private String nameOf(int index) {
        Stage stage = build.stages().get(index);
        Optional<String> name = stage.name();
        boolean taken = name.isPresent()
                && build.stages().stream()
                                .filter(s -> s.name()
                                        .filter(name.get()::equalsIgnoreCase)
                                        .isPresent())
                                .count()
                        > 1;
        return name.filter(n -> !taken).orElse("stage-" + index);
    }

    /** {@code ARG NAME=VALUE} with the value that was used, as the history has it. */
    private static String arg(Instruction.Arg arg, Stage stage) {
        ArgScope scope = stage.args();
        var words = new ArrayList<String>();
        for (Instruction.ArgDeclaration declared : arg.declarations()) {
            Optional<String> value = scope.values().getOrDefault(declared.name(), Optional.empty());
            words.add(declared.name() + value.map(v -> "=" + quoted(v)).orElse(""));
        }
        return "ARG " + String.join(" ", words);
    }

    private static String quoted(String value) {
        if (value.matches("[\\w./:@%+,-]*")) {
            return value;
        }
        return "'" + value.replace("'", "'\"'\"'") + "'";
    }

    /** The instruction as written, with the names that its stages have in the file. */
    private String renamed(StepRecord step, int position) throws Unsayable {
        String text = step.instruction().origin().original().strip();
        for (String source : StageUse.sources(step.instruction())) {
            Optional<Integer> index = StageUse.indexOf(source, build, position);
            if (index.isEmpty() && source.startsWith("@")) {
                throw new Unsayable(
                        cellOf(step) + " reads from " + source + ", an image of this session: give it a name"
                                + " with `docker tag " + source + " NAME`, and read from that");
            }
            if (index.isPresent()) {
                text = text.replaceFirst(
                        "from=" + Pattern.quote(source), Matcher.quoteReplacement("from=" + nameOf(index.get())));
            }
        }
        return text;
    }
}
