package org.layerbook.interpreter.cell;

import java.util.List;
import java.util.Optional;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.SourceRange;

/**
 * One thing inside a cell. {@link #range} is its place in the cell as the user wrote it, {@link #text} what is left of
 * it when a pasted prompt is taken off.
 */
public sealed interface Entry {
    SourceRange range();

    String text();

    /**
     * A Dockerfile instruction, its ranges already those of the cell.
     *
     * @param beforeFrom an ARG that stands directly before a FROM of this cell: it is that FROM's, as at the head of a file
     */
    record Instruction(
            SourceRange range, String text, org.layerbook.engine.dockerfile.Instruction instruction, boolean beforeFrom)
            implements Entry {}

    /**
     * {@code docker …} or {@code hadolint …}: words only, nothing that needs a shell. The first word is the program.
     *
     * @param goesOn whether a failure is shown and the cell goes on, as after {@code !}
     */
    record DockerCommand(SourceRange range, String text, List<ShellWord> words, boolean goesOn) implements Entry {
        public DockerCommand {
            words = List.copyOf(words);
        }
    }

    /**
     * Shell syntax in which docker stands in command position, and any other where the cell shows that it is shell. The
     * folder and the variables that it leaves are those of what runs next.
     *
     * @param goesOn whether a failure is shown and the cell goes on: a host command behind a pasted prompt
     */
    record ShellForm(SourceRange range, String text, ShellText shell, boolean goesOn) implements Entry {}

    /** {@code %name rest}. */
    record LineMagic(SourceRange range, String text, String name, String rest) implements Entry {}

    /**
     * {@code %%name rest}, then a body that the magic reads.
     *
     * @param bodyLine the line of the cell at which the body begins, from 1
     */
    record CellMagic(SourceRange range, String text, String name, String rest, String body, int bodyLine)
            implements Entry {}

    /**
     * {@code !command}.
     *
     * @param usesDocker docker stands in command position somewhere in it
     */
    record HostCommand(SourceRange range, String text, String command, boolean usesDocker) implements Entry {}

    /** @param topic {@code RUN}, {@code docker build}, {@code %undo}; empty for a lone question mark */
    record Help(SourceRange range, String text, String topic, boolean detailed) implements Entry {}

    record Comment(SourceRange range, String text) implements Entry {}

    /** Output of the tutorial that a cell with prompts was pasted from. */
    record TutorialOutput(SourceRange range, String text) implements Entry {}

    /** What cannot be run; a cell with one of these is refused before anything of it runs. */
    record Mistake(SourceRange range, String text, Diagnostic diagnostic, Kind kind) implements Entry {
        public Optional<String> hint() {
            return diagnostic.hint();
        }

        /** What sort of mistake, for the error's name. */
        public enum Kind {
            /** Not a cell of this language. */
            CELL,
            /** An instruction that is not valid. */
            INSTRUCTION,
            /** Not finished: an open quote, heredoc or {@code do}. */
            INCOMPLETE
        }
    }
}
