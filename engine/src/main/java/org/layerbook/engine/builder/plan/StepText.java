package org.layerbook.engine.builder.plan;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.RunMount;
import org.layerbook.engine.dockerfile.expand.ExpansionException;
import org.layerbook.engine.dockerfile.expand.WordExpander;
import org.layerbook.engine.dockerfile.parse.StatementReader;

/**
 * The name of a step while it is built, as BuildKit gives it: the instruction on one line, its keyword in capitals,
 * variables expanded. Only RUN keeps quotes and variables that are not set.
 */
public final class StepText {
    /** BuildKit's for the variables that secrets give to a command. */
    private static final String MASK = "****";

    private StepText() {}

    public static String of(Instruction instruction, Step step, Environment environment) {
        String line = StatementReader.line(instruction.origin());
        char escape = instruction.origin().escape();
        return capitalised(
                switch (instruction) {
                    case Instruction.Run run ->
                        expanded(line + summary(run), WordExpander.forCommandNames(escape), masked(environment, step));
                    case Instruction.Copy copy -> expanded(line, new WordExpander(escape), environment::get);
                    case Instruction.Add add -> expanded(line, new WordExpander(escape), environment::get);
                    case Instruction.Workdir workdir -> expanded(line, new WordExpander(escape), environment::get);
                    default -> line;
                });
    }

    /** Up to the first blank; BuildKit takes no tab for one here. */
    private static String capitalised(String text) {
        int blank = text.indexOf(' ');
        return blank < 0
                ? text.toUpperCase(Locale.ROOT)
                : text.substring(0, blank).toUpperCase(Locale.ROOT) + text.substring(blank);
    }

    private static String expanded(String text, WordExpander expander, WordExpander.Variables variables) {
        try {
            return expander.expand(text, variables).word();
        } catch (ExpansionException e) {
            return text;
        }
    }

    private static WordExpander.Variables masked(Environment environment, Step step) {
        List<RunMount> mounts = step instanceof Step.Run run ? run.mounts() : List.of();
        return name -> mounts.stream().anyMatch(mount -> isSecretVariable(mount, name))
                ? Optional.of(MASK)
                : environment.get(name);
    }

    private static boolean isSecretVariable(RunMount mount, String name) {
        return mount instanceof RunMount.Secret secret && secret.environment().equals(Optional.of(name));
    }

    /** The first line of a heredoc that is the whole command. */
    private static String summary(Instruction.Run run) {
        if (run.command() instanceof Instruction.CommandLine.Shell(String line, var heredocs)
                && RunPlanner.isOnlyMarker(line, heredocs)) {
            String content = heredocs.getFirst().content().strip();
            int end = content.indexOf('\n');
            return " (" + (end < 0 ? content : content.substring(0, end).stripTrailing() + "...") + ")";
        }
        return "";
    }
}
