package org.layerbook.interpreter.command.container.attach;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.output.FoldedOutput;
import org.layerbook.interpreter.output.TextSink;

/**
 * The streams of a command that follows a process. Before a user, long output is folded as a step's is, and lines of input are asked
 * for where somebody can be asked; where nobody can, input is at its end. In a pipe they are the command's own.
 */
public final class UserStreams implements AutoCloseable {
    private static final String NOBODY = "note: nobody can be asked for input here, so the input is at its end\n";

    private final Quiet quiet;
    private final ProcessIo io;
    private final Optional<Conversation> conversation;

    private UserStreams(CommandContext context, boolean wantsInput, boolean isTerminal) {
        quiet = new Quiet(isTerminal);
        Optional<CellOutput> display = context.display();
        conversation = display.map(shown -> new Conversation(shown, isTerminal, quiet));
        InputStream given = wantsInput ? context.stdin() : ProcessIo.NO_INPUT;
        boolean asks = wantsInput
                && given == ProcessIo.NO_INPUT
                && display.filter(CellOutput::takesLines).isPresent();
        boolean missing = wantsInput && given == ProcessIo.NO_INPUT && display.isPresent() && !asks;
        InputStream input = asks ? conversation.orElseThrow().input() : given;
        if (missing && !isTerminal) {
            display.orElseThrow().stderr(NOBODY);
        }
        if (wantsInput && isTerminal) {
            Runnable said = missing ? () -> display.orElseThrow().stderr(NOBODY) : () -> {};
            input = new TerminalInput(input, quiet, said);
        }
        io = new ProcessIo(
                input,
                conversation.map(Conversation::stdout).orElse(context.stdout()),
                conversation.map(Conversation::stderr).orElse(context.stderr()));
    }

    /**
     * @param wantsInput whether the process has standard input
     * @param isTerminal whether its streams are a terminal
     */
    public static UserStreams open(CommandContext context, boolean wantsInput, boolean isTerminal) {
        return new UserStreams(context, wantsInput, isTerminal);
    }

    public ProcessIo io() {
        return io;
    }

    /** The process runs: from now on it may wait for input. */
    public void begin() {
        quiet.begin();
    }

    /** Nothing is printed or asked for any more. */
    @Override
    public void close() {
        quiet.end();
        conversation.ifPresent(Conversation::end);
    }

    /** What a process and a user say to each other in a cell. */
    private static final class Conversation {
        private static final int QUIET_MS = 150;
        /** A longer line that is not ended is no question. */
        private static final int LONGEST_QUESTION = 200;

        private final CellOutput display;
        private final boolean isTerminal;
        private final Quiet quiet;
        private final TerminalCodes codes = new TerminalCodes();
        private final Echo echo = new Echo();
        private final StringBuilder open = new StringBuilder();
        private final TextSink stdout = new TextSink(text -> printed(text, false));
        private final TextSink stderr = new TextSink(text -> printed(text, true));
        private FoldedOutput folded;
        private boolean asks;

        Conversation(CellOutput display, boolean isTerminal, Quiet quiet) {
            this.display = display;
            this.isTerminal = isTerminal;
            this.quiet = quiet;
            this.folded = new FoldedOutput(display, Optional.empty());
        }

        OutputStream stdout() {
            return stdout;
        }

        OutputStream stderr() {
            return stderr;
        }

        InputStream input() {
            asks = true;
            return new AskedLines(this::ask);
        }

        private synchronized void printed(String text, boolean isStderr) {
            quiet.broken();
            if (isStderr || !isTerminal && !asks) {
                folded.print(text, isStderr);
                return;
            }
            String clean = isTerminal ? echo.without(codes.clean(text)) : text;
            if (!asks) {
                folded.print(clean, false);
                return;
            }
            // What stands on a line that is not ended may be the question that the next line of input answers.
            open.append(clean);
            int lines = open.lastIndexOf("\n") + 1;
            String line = open.substring(lines);
            int half = line.length() / 2;
            if (line.indexOf('\r') == half && line.substring(half + 1).equals(line.substring(0, half))) {
                open.setLength(lines + half); // a shell draws its prompt anew when the size of its terminal is set
            }
            if (open.length() - lines > LONGEST_QUESTION || open.indexOf("\r", lines) >= 0) {
                lines = open.length();
            }
            if (lines > 0) {
                folded.print(open.substring(0, lines), false);
                open.delete(0, lines);
            }
        }

        /** The next line of input; empty at its end. */
        private Optional<String> ask() {
            if (!quiet.await(QUIET_MS)) {
                return Optional.empty();
            }
            String question;
            synchronized (this) {
                question = open.toString();
                open.setLength(0);
            }
            Optional<String> answer = display.ask(question, false);
            synchronized (this) {
                quiet.broken();
                if (answer.isEmpty()) {
                    open.insert(0, question);
                } else {
                    if (isTerminal) {
                        echo.expect(answer.get());
                    }
                    // The user has read what was there; what comes now is an answer, and begins anew.
                    folded.end();
                    folded = new FoldedOutput(display, Optional.empty());
                }
            }
            return answer;
        }

        void end() {
            display.withdrawQuestion();
            stdout.close();
            stderr.close();
            synchronized (this) {
                if (!open.isEmpty()) {
                    folded.print(open.toString(), false);
                    open.setLength(0);
                }
                folded.end();
            }
        }
    }
}
