package org.layerbook.interpreter.session.completion;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.layerbook.engine.builder.step.BuildState;
import org.layerbook.interpreter.Interpreter.Candidate;
import org.layerbook.interpreter.Interpreter.Completion;
import org.layerbook.interpreter.cell.CellParser;
import org.layerbook.interpreter.cell.Cursor;
import org.layerbook.interpreter.cell.CursorPlace;
import org.layerbook.interpreter.cell.Vocabulary;
import org.layerbook.interpreter.command.spec.DockerWords;
import org.layerbook.interpreter.magic.Magic;
import org.layerbook.interpreter.magic.Magics;
import org.layerbook.interpreter.session.help.InstructionHelp;
import org.layerbook.interpreter.session.history.References;
import org.layerbook.interpreter.session.shell.ShellContext;

/** What can stand at the cursor. No effects; reads the session's values and lists folders, nothing more. */
public final class Completions {
    private final Magics magics;
    private final DockerWords docker;
    private final ImageNames images;

    public Completions(Magics magics, DockerWords docker, ImageNames images) {
        this.magics = magics;
        this.docker = docker;
        this.images = images;
    }

    /** @param parser reads the user's cells; @param references what the session's names stand for now */
    public Completion complete(String code, int cursor, CellParser parser, References references, ShellContext shell) {
        int at = Math.clamp(cursor, 0, code.length());
        Cursor typed = parser.cursor(code.substring(0, at));
        List<Candidate> found = candidates(typed, references, shell).stream()
                .filter(c -> c.text()
                        .regionMatches(true, 0, typed.word(), 0, typed.word().length()))
                .distinct()
                .toList();
        return found.isEmpty() ? Completion.none(cursor) : new Completion(typed.wordStart(), at, found);
    }

    private List<Candidate> candidates(Cursor typed, References references, ShellContext shell) {
        // A Dockerfile in a cell is a build of its own, which begins with nothing.
        BuildState build =
                typed.place() == CursorPlace.ENTRY ? references.state().build() : BuildState.EMPTY;
        var lookup = new CompletionLookup(PendingBuild.of(build, typed.before()), references, shell, images);
        return switch (typed.place()) {
            case TEXT -> List.of();
            case DOCKERFILE ->
                typed.words().isEmpty()
                        ? instructions(typed).toList()
                        : ofInstruction(typed.words().getFirst(), typed, lookup);
            case ENTRY -> candidates(typed, lookup);
        };
    }

    private static List<Candidate> ofInstruction(String word, Cursor typed, CompletionLookup lookup) {
        String keyword = word.toUpperCase(Locale.ROOT);
        return Vocabulary.INSTRUCTIONS.contains(keyword)
                ? InstructionCompletion.complete(keyword, typed, lookup)
                : List.of();
    }

    private List<Candidate> candidates(Cursor typed, CompletionLookup lookup) {
        if (typed.words().isEmpty()) {
            return first(typed);
        }
        String first = typed.words().getFirst();
        if (first.startsWith("%")) {
            return magics.called(first).stream()
                    .flatMap(m -> m.completion().complete(typed.word(), lookup).stream())
                    .toList();
        }
        if (Vocabulary.INSTRUCTIONS.contains(first.toUpperCase(Locale.ROOT))) {
            return ofInstruction(first, typed, lookup);
        }
        if (typed.word().startsWith("$")) {
            return lookup.variables(typed.word());
        }
        if (List.of("docker", "podman").contains(first)) {
            var words = new ArrayList<>(typed.words().subList(1, typed.words().size()));
            words.add(typed.word());
            return docker.complete(words, lookup);
        }
        return lookup.paths(typed.word(), false);
    }

    private static Stream<Candidate> instructions(Cursor typed) {
        boolean lower =
                !typed.word().isEmpty() && typed.word().equals(typed.word().toLowerCase(Locale.ROOT));
        return Vocabulary.INSTRUCTIONS.stream()
                .map(k -> new Candidate(
                        lower ? k.toLowerCase(Locale.ROOT) : k, "instruction", InstructionHelp.summary(k)));
    }

    private List<Candidate> first(Cursor typed) {
        Stream<Candidate> spelled = magics.all().stream().flatMap(Completions::spellings);
        Stream<Candidate> command = Stream.of(new Candidate("docker", "command", "Docker commands"));
        return Stream.of(instructions(typed), command, spelled).flatMap(s -> s).toList();
    }

    private static Stream<Candidate> spellings(Magic magic) {
        return magic.names().stream()
                .flatMap(name -> Stream.concat(
                        magic.form().isLine()
                                ? Stream.of(new Candidate("%" + name, "magic", magic.summary()))
                                : Stream.empty(),
                        magic.form().isCell()
                                ? Stream.of(new Candidate("%%" + name, "magic", magic.summary()))
                                : Stream.empty()));
    }
}
