package org.layerbook.interpreter.session;

import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.interpreter.cell.Entry;
import org.layerbook.interpreter.command.spec.CommandException;

/** An entry that failed, which ends its cell. */
final class CellFailureException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The name of a failure of which nothing is known but the status. */
    static final String EXIT_STATUS = "Command failed";

    private final transient Facts facts;

    private CellFailureException(Facts facts, Throwable cause) {
        super(facts.message(), cause);
        this.facts = facts;
    }

    /**
     * What is known of a failure.
     *
     * @param name one word, as Python's exceptions have
     * @param message one sentence
     * @param place in the text of {@code file}, else in the cell
     * @param hint what would be right
     * @param output the last lines that a process printed
     * @param verbatim lines to show instead of all that, when a program's own words say it
     * @param file where the place is not in the cell
     */
    record Facts(
            String name,
            String message,
            Optional<SourceRange> place,
            Optional<String> hint,
            List<String> output,
            List<String> verbatim,
            Optional<FileText> file,
            int exitStatus) {
        Facts {
            output = List.copyOf(output);
            verbatim = List.copyOf(verbatim);
        }
    }

    /** @param name as the user knows it */
    record FileText(String name, String text) {}

    static CellFailureException at(SourceRange place, String name, String message, Optional<String> hint) {
        return at(place, name, message, hint, 1);
    }

    static CellFailureException at(
            SourceRange place, String name, String message, Optional<String> hint, int exitStatus) {
        return new CellFailureException(
                new Facts(name, message, Optional.of(place), hint, List.of(), List.of(), Optional.empty(), exitStatus),
                null);
    }

    static CellFailureException interrupted(SourceRange place) {
        return at(place, "Interrupted", "interrupted", Optional.empty(), 130);
    }

    /** A process failed without a word. @param program as a sentence begins with it */
    static CellFailureException exitStatus(SourceRange place, String program, int status) {
        return at(place, EXIT_STATUS, program + " exited with status " + status, Optional.empty(), status);
    }

    static CellFailureException of(Entry.Mistake mistake) {
        String name = switch (mistake.kind()) {
            case CELL -> "Cell error";
            case INSTRUCTION -> "Dockerfile error";
            case INCOMPLETE -> "Incomplete";
        };
        return of(mistake.diagnostic(), name);
    }

    static CellFailureException of(Diagnostic diagnostic, String name) {
        return at(diagnostic.range(), name, diagnostic.message(), diagnostic.hint());
    }

    /** @param entry the place to name when the step's own is in no text that the user sees: a trigger of the base */
    static CellFailureException of(BuildException e, SourceRange entry, List<String> output) {
        Diagnostic diagnostic = e.diagnostic();
        SourceRange range = diagnostic.range();
        boolean inside = range.startLine() >= entry.startLine() && range.endLine() <= entry.endLine();
        boolean ran = e.kind() == BuildException.Kind.RUN_FAILED;
        return new CellFailureException(
                new Facts(
                        name(e.kind()),
                        diagnostic.message(),
                        Optional.of(inside ? range : entry),
                        diagnostic.hint(),
                        ran ? output : List.of(),
                        List.of(),
                        Optional.empty(),
                        e.kind() == BuildException.Kind.CANCELLED ? 130 : Math.clamp(e.exitStatus(), 1, 255)),
                e);
    }

    static CellFailureException of(CommandException e, SourceRange place) {
        List<String> lines = e.getMessage().lines().toList();
        String first = lines.isEmpty() ? "the command failed" : lines.getFirst();
        return new CellFailureException(
                new Facts(
                        "Docker error",
                        first,
                        Optional.of(place),
                        Optional.empty(),
                        List.of(),
                        lines.isEmpty() ? List.of(first) : lines,
                        Optional.empty(),
                        Math.clamp(e.exitStatus(), 1, 255)),
                e);
    }

    private static String name(BuildException.Kind kind) {
        return switch (kind) {
            case INVALID -> "Dockerfile error";
            case NO_SUCH_IMAGE -> "No such image";
            case NOT_IN_CONTEXT -> "Not in the build context";
            case RUN_FAILED -> "RUN failed";
            case CANCELLED -> "Interrupted";
            case SYSTEM -> "System error";
        };
    }

    Facts facts() {
        return facts;
    }

    /** The same failure with its place in a file. */
    CellFailureException in(FileText file) {
        return new CellFailureException(
                new Facts(
                        facts.name(),
                        facts.message(),
                        facts.place(),
                        facts.hint(),
                        facts.output(),
                        facts.verbatim(),
                        Optional.of(file),
                        facts.exitStatus()),
                this);
    }
}
