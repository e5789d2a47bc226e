package org.layerbook.engine.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.golang.GlobPattern;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.sandbox.Cancellation;

/** What one source of COPY or ADD names in a tree, found and summed up. */
final class FileMatches {
    /** @param name what it is called where it is copied into a folder: of the link that leads to it, if one does */
    record Match(SourceTree.Entry entry, String name, Listing listing) {}

    private final SourceTree tree;
    private final List<Match> matches;

    private FileMatches(SourceTree tree, List<Match> matches) {
        this.tree = tree;
        this.matches = List.copyOf(matches);
    }

    /**
     * @param place what the tree is, for the message
     * @throws StepFailedException when a path without wildcards is not there
     */
    static FileMatches find(
            SourceTree tree, Step.Source.Files source, Selection selection, String place, Cancellation cancellation)
            throws IOException, StepFailedException {
        var matches = new ArrayList<Match>();
        try {
            if (GlobPattern.hasWildcard(source.path())) {
                Optional<List<SourceTree.Entry>> all = tree.glob(source.path());
                if (all.isEmpty()) {
                    throw MissingSource.in(tree, SourceTree.beforeWildcard(source.path()), place);
                }
                for (SourceTree.Entry found : all.get()) {
                    // As a literal path a link is followed; one that leads nowhere is missed then, too.
                    SourceTree.Entry entry = tree.resolve(found.path())
                            .orElseThrow(() -> new CopyRefusedException(
                                    found.path() + " is a symbolic link that leads nowhere in " + place));
                    matches.add(match(tree, entry, found.name(), selection, cancellation));
                }
            } else {
                Optional<SourceTree.Entry> entry = tree.resolve(source.path());
                if (entry.isEmpty()) {
                    throw MissingSource.in(tree, source.path(), place);
                }
                matches.add(match(tree, entry.get(), GoPath.base(source.path()), selection, cancellation));
            }
        } catch (IllegalArgumentException e) {
            throw StepFailedException.invalid(e.getMessage());
        }
        if (GlobPattern.hasWildcard(source.path())
                || source.only().isPresent()
                || !selection.exclude().isEmpty()) {
            checkLinks(tree, matches, place);
        }
        if (source.required().isPresent()
                && tree.resolve(source.required().get()).isEmpty()) {
            throw MissingSource.in(tree, source.required().get(), place);
        }
        return new FileMatches(tree, matches);
    }

    /**
     * A source that is no plain path is summed up entry by entry, and BuildKit's sum of a link is that of the file it
     * leads to: one that leads nowhere in the tree stops the build, how deep in a matched folder it may lie. With a plain
     * path only the links on the way count.
     */
    private static void checkLinks(SourceTree tree, List<Match> matches, String place)
            throws IOException, StepFailedException {
        for (Match match : matches) {
            for (SourceTree.Entry link : match.listing().links()) {
                if (tree.resolve(link.path()).isEmpty()) {
                    throw MissingSource.behindLink(tree, link, place);
                }
            }
        }
    }

    private static Match match(
            SourceTree tree, SourceTree.Entry entry, String name, Selection selection, Cancellation cancellation)
            throws IOException {
        return new Match(entry, name, Listing.of(tree, entry, selection, cancellation));
    }

    SourceTree tree() {
        return tree;
    }

    List<Match> matches() {
        return matches;
    }

    /** Bytes of the files. */
    long bytes() {
        return matches.stream().mapToLong(match -> match.listing().bytes()).sum();
    }

    /** One digest of all that was found, with the names that the copies will have. */
    Digest digest(Optional<StatCache.Context> memory, StepContext context) throws IOException {
        var files = matches.stream()
                .flatMap(match -> match.listing().files().stream())
                .toList();
        Map<String, String> contents = FileSums.of(files, memory, context::progress, context.cancellation());
        var text = new StringBuilder();
        for (Match match : matches) {
            text.append(match.name()).append('\0');
            text.append(match.listing().digest(contents)).append('\n');
        }
        return Digest.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** A path that is not as it was when this was made; empty when all are. */
    Optional<String> changedSince() throws IOException {
        for (Match match : matches) {
            Optional<String> changed = match.listing().changedSince();
            if (changed.isPresent()) {
                return changed;
            }
        }
        return Optional.empty();
    }
}
