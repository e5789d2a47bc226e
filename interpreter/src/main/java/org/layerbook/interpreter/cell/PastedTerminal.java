package org.layerbook.interpreter.cell;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Tells in a pasted terminal session what was typed to the shell of the tutorial's machine, and what is output or was typed
 * elsewhere: in a container, on another machine. Where a command has opened such a shell, prompts of another shape are that
 * shell's, until the shape from before comes back.
 */
final class PastedTerminal {
    /** Commands that leave the reader at another prompt. */
    private static final Pattern OPENS_SHELL = Pattern.compile("(?:sudo\\s+)?(?:"
            + "(?:docker|podman)\\s(?:.*\\s)?(?:run|exec|start)\\s(?:.*\\s)?-(?:\\w*[ita]\\w*|-interactive|-tty)\\b.*"
            + "|docker(?:-compose|\\s+compose)\\s(?:.*\\s)?(?:run|exec)\\s.*"
            + "|(?:docker|podman)\\s(?:.*\\s)?attach\\s.*"
            + "|(?:docker-machine|vagrant|minikube)\\s+ssh.*|kubectl\\s+(?:.*\\s)?exec\\s.*|ssh\\s.*|su(?:\\s.*)?"
            + "|-[is].*|(?:ba|z|da)?sh)");

    private static final Pattern DOCKER = Pattern.compile("(?:sudo\\s+)?(?:docker|podman|docker-compose)(?:\\s.*|$)");
    private static final Pattern LEAVES = Pattern.compile("(?:exit|logout)\\b.*");

    private final List<Line> lines = new ArrayList<>();
    /** Of the shell that the cell's commands were typed to; empty before its first prompt. */
    private String outer = "";
    /** What has been typed last, with the lines that continue it. */
    private String command = "";

    private boolean inside;

    private PastedTerminal() {}

    static List<Line> read(List<Line> lines) {
        var terminal = new PastedTerminal();
        lines.forEach(terminal::take);
        return terminal.lines;
    }

    private void take(Line line) {
        PastedPrompt prompt = PastedPrompt.at(line.raw());
        String text = line.raw().substring(prompt.length()).strip();
        boolean output = isOutput(prompt, text);
        if (!output) {
            command = command.endsWith("\\") ? command.substring(0, command.length() - 1) + " " + text : text;
        }
        lines.add(line.without(prompt, output));
    }

    private boolean isOutput(PastedPrompt prompt, String text) {
        if (command.endsWith("\\") && !inside) {
            return false;
        }
        if (prompt.kind() == PastedPrompt.Kind.NONE) {
            // Nothing can have been printed before the first command.
            return !(outer.isEmpty() && DOCKER.matcher(text).matches());
        }
        if (prompt.kind() == PastedPrompt.Kind.INSIDE_CONTAINER) {
            inside = !LEAVES.matcher(text.replaceFirst("^.*?[#$>]\\s*", "")).matches();
            return true;
        }
        if (inside || OPENS_SHELL.matcher(command).matches()) {
            boolean same = outer.isEmpty()
                    ? prompt.kind() == PastedPrompt.Kind.SHELL
                    : prompt.shape().equals(outer);
            boolean ours = prompt.kind() == PastedPrompt.Kind.SHELL
                    && DOCKER.matcher(text).matches();
            if (!same && !ours) {
                inside = !LEAVES.matcher(text).matches();
                command = inside ? command : "";
                return true;
            }
        }
        inside = false;
        outer = prompt.shape();
        return false;
    }
}
