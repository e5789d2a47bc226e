package org.layerbook.interpreter.session.completion;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.layerbook.interpreter.Interpreter.Candidate;
import org.layerbook.interpreter.command.spec.DockerWords;
import org.layerbook.interpreter.magic.Magic;
import org.layerbook.interpreter.session.history.References;
import org.layerbook.interpreter.session.shell.ShellContext;

/** What the session and this host know, at one moment. */
record CompletionLookup(PendingBuild build, References references, ShellContext shell, ImageNames stored)
        implements Magic.CompletionHints, DockerWords.Arguments {
    /** More candidates than this help nobody. */
    private static final int MOST_PATHS = 200;

    @Override
    public List<Candidate> paths(String prefix, boolean foldersOnly) {
        return pathsIn(shell.directory(), prefix, foldersOnly);
    }

    /** Paths of the build context. */
    List<Candidate> contextPaths(String prefix) {
        return pathsIn(references.state().context().orElse(shell.directory()), prefix, false);
    }

    private List<Candidate> pathsIn(Path folder, String prefix, boolean foldersOnly) {
        int slash = prefix.lastIndexOf('/');
        String parent = prefix.substring(0, slash + 1);
        String begin = prefix.substring(slash + 1);
        var found = new ArrayList<Candidate>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.resolve(parent))) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                boolean isFolder = Files.isDirectory(entry);
                boolean hidden = name.startsWith(".") && !begin.startsWith(".");
                if (name.startsWith(begin) && !hidden && (isFolder || !foldersOnly) && found.size() < MOST_PATHS) {
                    found.add(new Candidate(parent + name + (isFolder ? "/" : ""), "path", ""));
                }
            }
        } catch (IOException | DirectoryIteratorException | InvalidPathException e) {
            return List.of();
        }
        found.sort(Comparator.comparing(Candidate::text));
        return found;
    }

    @Override
    public List<Candidate> images(String prefix) {
        if (prefix.startsWith("@")) {
            return sessionImages();
        }
        var all = new ArrayList<Candidate>();
        stored.startingWith(prefix).forEach(n -> all.add(new Candidate(n, "image", "")));
        if (prefix.isEmpty()) {
            all.addAll(sessionImages());
        }
        return all;
    }

    private List<Candidate> sessionImages() {
        return references.all().stream()
                .map(r -> new Candidate(r, "stage", r.equals("@") ? "The live image" : ""))
                .toList();
    }

    @Override
    public List<Candidate> stages(String prefix) {
        return build.stages().entrySet().stream()
                .map(stage -> new Candidate(stage.getKey(), "stage", "FROM " + stage.getValue()))
                .toList();
    }

    @Override
    public List<Candidate> variables(String prefix) {
        return named(shell.environment(), prefix);
    }

    /** Variables of the image and build arguments, for {@code $NAME} in an instruction. */
    List<Candidate> imageVariables(String prefix) {
        return named(build.variables(), prefix);
    }

    private static List<Candidate> named(Map<String, String> values, String prefix) {
        String sign = prefix.startsWith("${") ? "${" : prefix.startsWith("$") ? "$" : "";
        String end = sign.equals("${") ? "}" : "";
        return values.entrySet().stream()
                .map(e -> new Candidate(sign + e.getKey() + end, "variable", e.getValue()))
                .toList();
    }
}
