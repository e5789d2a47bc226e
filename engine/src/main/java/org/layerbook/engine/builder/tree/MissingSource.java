package org.layerbook.engine.builder.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.StepFailedException;
import org.layerbook.engine.dockerfile.IgnorePatterns;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.golang.GoText;
import org.layerbook.engine.golang.Suggestion;
import org.layerbook.engine.linux.LinuxFiles;

/** The message for something that COPY, ADD or a mount names and that is not there: why, and what was perhaps meant. */
public final class MissingSource {
    private MissingSource() {}

    /** @param path absolute in the tree; @param place what the tree is, for people */
    public static StepFailedException in(SourceTree tree, String path, String place) throws IOException {
        return missing(tree, path, reason(tree, path, place));
    }

    private static StepFailedException missing(SourceTree tree, String path, String why) {
        return new StepFailedException(
                tree.isContext() ? BuildException.Kind.NOT_IN_CONTEXT : BuildException.Kind.INVALID,
                "failed to compute cache key: " + GoText.quote(path) + ": not found",
                Optional.of(why));
    }

    /** @param link leads to nothing in the tree */
    static StepFailedException behindLink(SourceTree tree, SourceTree.Entry link, String place) throws IOException {
        String written = new String(LinuxFiles.readlink(link.file()), StandardCharsets.UTF_8);
        String target = GoPath.join("/", written.startsWith("/") ? written : link.path() + "/../" + written);
        String why = link.relativePath() + " is a symbolic link to " + written + ", and ";
        return missing(tree, link.path(), why + reason(tree, target, place));
    }

    /** @param path of {@code --parents}, which follows no links, and of which {@code --exclude} may leave nothing */
    static StepFailedException withParents(SourceTree tree, String path, String place) throws IOException {
        Optional<String> hint = Optional.empty();
        if (path.equals("/")) {
            hint = Optional.of(
                    "--parents keeps the directories of a source path, and this path has none;" + " remove --parents");
        } else if (tree.resolve(path).isPresent()) {
            hint = Optional.of(firstLink(tree, path)
                    .map(link -> link + " is a symbolic link, which --parents does not follow;"
                            + " use the path of its target")
                    .orElse("--exclude excludes it"));
        }
        return missing(tree, path, hint.isPresent() ? hint.get() : reason(tree, path, place));
    }

    private static Optional<String> firstLink(SourceTree tree, String path) throws IOException {
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            String folder = path.substring(0, slash);
            if (tree.link(folder).isPresent()) {
                return Optional.of(folder.substring(1));
            }
        }
        return Optional.empty();
    }

    private static String reason(SourceTree tree, String path, String place) throws IOException {
        Optional<IgnorePatterns.Rule> rule = tree.hiddenBy(path);
        if (rule.isPresent()) {
            return path.substring(1) + " is in " + place + ", but .dockerignore excludes it: line "
                    + rule.get().line() + ", " + rule.get().text();
        }
        Optional<String> link = deadLink(tree, path);
        if (link.isPresent()) {
            return link.get() + " in " + place;
        }
        Optional<String> similar = similar(tree, path);
        String missing = "there is no " + path.substring(1) + " in " + place;
        return similar.map(s -> missing + "; did you mean " + s + "?").orElse(missing);
    }

    /** The first part of the path that is a symbolic link to what is not there; absolute ones begin in the tree. */
    private static Optional<String> deadLink(SourceTree tree, String path) throws IOException {
        String known = "";
        for (String name : path.substring(1).split("/")) {
            known = known + "/" + name;
            Optional<SourceTree.Entry> link = tree.link(known);
            if (link.isPresent() && tree.resolve(known).isEmpty()) {
                return Optional.of(known.substring(1) + " is a symbolic link to "
                        + Files.readSymbolicLink(link.get().file()) + ", which is not");
            }
        }
        return Optional.empty();
    }

    /** A name like the missing one in the folder where the path breaks off. */
    private static Optional<String> similar(SourceTree tree, String path) throws IOException {
        String known = "";
        for (String name : path.substring(1).split("/")) {
            Optional<SourceTree.Entry> next = tree.resolve(known + "/" + name);
            if (next.isEmpty()) {
                Optional<SourceTree.Entry> folder = tree.resolve(known + "/");
                if (folder.isEmpty() || !folder.get().stat().isDirectory()) {
                    return Optional.empty();
                }
                List<String> names = tree.children(folder.get()).stream()
                        .map(SourceTree.Entry::name)
                        .toList();
                String prefix = known.isEmpty() ? "" : known.substring(1) + "/";
                return Suggestion.nearest(name, names, true)
                        .or(() -> names.stream().filter(name::equalsIgnoreCase).findFirst())
                        .map(found -> prefix + found);
            }
            known = known + "/" + name;
        }
        return Optional.empty();
    }
}
