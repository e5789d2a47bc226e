package org.layerbook.engine.builder.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.builder.plan.Step;
import org.layerbook.engine.builder.step.StepContext;
import org.layerbook.engine.builder.step.StepFailedException;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.golang.GlobPattern;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.oci.Digest;

/** What one source of COPY or ADD names in a tree, found and summed up. */
public final class FileMatches {
    /** @param name what it is called where it is copied into a folder: of the link that leads to it, if one does */
    public record Match(SourceTree.Entry entry, String name, SourceFingerprint listing) {
        /** Whether anything below the source is copied whose path, as the source's path leads to it, begins with that text. */
        boolean has(String source, String path) {
            return listing.paths().anyMatch(below -> GoPath.join(source, below).startsWith(path));
        }
    }

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
    public static FileMatches find(
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
                    Optional<SourceTree.Entry> entry = tree.resolve(found.path());
                    if (entry.isEmpty()) {
                        throw MissingSource.behindLink(tree, found, place);
                    }
                    matches.add(match(tree, entry.get(), found.name(), selection, cancellation));
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
        if (source.path().equals("/")
                && (source.only().isPresent() || !selection.exclude().isEmpty())) {
            checkLinks(tree, matches.getFirst(), place);
        }
        if (source.required().isPresent()
                && matches.stream()
                        .noneMatch(match ->
                                match.has(source.path(), source.required().get()))) {
            throw MissingSource.withParents(tree, source.required().get(), place);
        }
        return new FileMatches(tree, matches);
    }

    /**
     * A tree that is copied in part is summed up entry by entry, and BuildKit's sum of a link with no folder above it among
     * the entries is that of the file it leads to: one that leads nowhere in the tree stops the build. Of the tree's own
     * folder no entry is made, so what it says of links holds for those that lie directly in it.
     */
    private static void checkLinks(SourceTree tree, Match all, String place) throws IOException, StepFailedException {
        for (SourceTree.Entry link : all.listing().linksAtTop()) {
            if (tree.resolve(link.path()).isEmpty()) {
                throw MissingSource.behindLink(tree, link, place);
            }
        }
    }

    private static Match match(
            SourceTree tree, SourceTree.Entry entry, String name, Selection selection, Cancellation cancellation)
            throws IOException {
        return new Match(entry, name, SourceFingerprint.of(tree, entry, selection, cancellation));
    }

    public SourceTree tree() {
        return tree;
    }

    public List<Match> matches() {
        return matches;
    }

    /** Bytes of the files. */
    public long bytes() {
        return matches.stream().mapToLong(match -> match.listing().bytes()).sum();
    }

    /** One digest of all that was found, with the names that the copies will have. */
    public Digest digest(Optional<StatCache.Context> memory, StepContext context) throws IOException {
        var files = matches.stream()
                .flatMap(match -> match.listing().files().stream())
                .toList();
        Map<String, String> contents = FileDigests.of(files, memory, context::progress, context.cancellation());
        var text = new StringBuilder();
        for (Match match : matches) {
            text.append(match.name()).append('\0');
            text.append(match.listing().digest(contents)).append('\n');
        }
        return Digest.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** A path that is not as it was when this was made; empty when all are. */
    public Optional<String> changedSince() throws IOException {
        for (Match match : matches) {
            Optional<String> changed = match.listing().changedSince();
            if (changed.isPresent()) {
                return changed;
            }
        }
        return Optional.empty();
    }
}
