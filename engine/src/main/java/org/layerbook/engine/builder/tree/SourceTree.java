package org.layerbook.engine.builder.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.dockerfile.IgnorePatterns;
import org.layerbook.engine.golang.GlobPattern;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;

/**
 * A folder to copy from, as a build sees it: without what .dockerignore leaves out, owned by root where it is a context,
 * and closed: no symbolic link leads out of it. Paths are as in a container, {@code /} the folder itself.
 *
 * <p>Nothing is read before it is asked for, so a small file of a large context costs little.
 */
public final class SourceTree {
    /** As many links as the kernel follows in one path. */
    private static final int MAX_LINKS = 40;

    private final Path root;
    private final IgnorePatterns ignored;
    private final boolean isContext;

    private SourceTree(Path root, IgnorePatterns ignored, boolean isContext) {
        this.root = root;
        this.ignored = ignored;
        this.isContext = isContext;
    }

    /** Files of the user: owners do not count. */
    public static SourceTree context(Path folder, IgnorePatterns ignored) {
        return new SourceTree(folder, ignored, true);
    }

    /** The root file system of a stage or an image. */
    public static SourceTree rootFs(Path root) {
        return new SourceTree(root, IgnorePatterns.NONE, false);
    }

    /**
     * Something in the tree.
     *
     * @param path absolute in the tree, {@code "/"} for the tree itself
     * @param file where it lies; itself never reached through a link
     */
    public record Entry(String path, Path file, FileStat stat, IgnorePatterns.Walk walk) {
        String relativePath() {
            return path.substring(1);
        }

        public String name() {
            return path.substring(path.lastIndexOf('/') + 1);
        }
    }

    boolean isContext() {
        return isContext;
    }

    public Path root() {
        return root;
    }

    int uid(FileStat stat) {
        return isContext ? 0 : stat.uid();
    }

    int gid(FileStat stat) {
        return isContext ? 0 : stat.gid();
    }

    public Entry top() throws IOException {
        return new Entry("/", root, LinuxFiles.statFollowing(root), ignored.walk());
    }

    /**
     * What {@code path} names, links followed inside the tree, in the last place too; empty when it is not there or is
     * left out.
     */
    public Optional<Entry> resolve(String path) throws IOException {
        return resolve(path, true);
    }

    /** The symbolic link that {@code path} names, itself not followed; empty where it names something else. */
    Optional<Entry> link(String path) throws IOException {
        return resolve(path, false).filter(entry -> entry.stat().isSymlink());
    }

    private Optional<Entry> resolve(String path, boolean followLast) throws IOException {
        Deque<String> todo = new ArrayDeque<>(List.of(path.split("/")));
        Deque<Entry> trail = new ArrayDeque<>();
        trail.push(top());
        int links = 0;
        while (!todo.isEmpty()) {
            String name = todo.pop();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                if (trail.size() > 1) {
                    trail.pop();
                }
                continue;
            }
            Optional<Entry> next = child(trail.peek(), name);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            boolean last = todo.stream().allMatch(String::isEmpty);
            if (!next.get().stat().isSymlink() || (last && !followLast)) {
                trail.push(next.get());
                continue;
            }
            if (++links > MAX_LINKS) {
                throw new FileSystemLoopException(path);
            }
            String target = new String(LinuxFiles.readlink(next.get().file()), StandardCharsets.UTF_8);
            List.of(target.split("/")).reversed().forEach(todo::push);
            while (target.startsWith("/") && trail.size() > 1) {
                trail.pop();
            }
        }
        return Optional.of(trail.peek());
    }

    private Optional<Entry> child(Entry folder, String name) throws IOException {
        if (!folder.stat().isDirectory()) {
            return Optional.empty();
        }
        Path file = folder.file().resolve(name);
        Optional<FileStat> stat = LinuxFiles.lstatIfExists(file);
        return stat.isEmpty() ? Optional.empty() : visible(folder, name, file, stat.get());
    }

    private Optional<Entry> visible(Entry folder, String name, Path file, FileStat stat) throws IOException {
        String path = folder.path().equals("/") ? "/" + name : folder.path() + "/" + name;
        if (ignored.isEmpty()) {
            return Optional.of(new Entry(path, file, stat, folder.walk()));
        }
        var entry = new Entry(path, file, stat, folder.walk().child(path.substring(1)));
        boolean shown = !entry.walk().ignored() || showsThrough(entry);
        return shown ? Optional.of(entry) : Optional.empty();
    }

    /** A folder that is left out is there all the same when something in it is taken back. */
    private boolean showsThrough(Entry entry) throws IOException {
        return entry.stat().isDirectory()
                && entry.walk().mayHoldOthers(entry.relativePath())
                && !children(entry).isEmpty();
    }

    /** What is in a folder, sorted by name. */
    List<Entry> children(Entry folder) throws IOException {
        var files = new ArrayList<Path>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder.file())) {
            stream.forEach(files::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        files.sort(Comparator.comparing(Path::getFileName));
        var children = new ArrayList<Entry>(files.size());
        for (Path file : files) {
            visible(folder, file.getFileName().toString(), file, LinuxFiles.lstat(file))
                    .ifPresent(children::add);
        }
        return children;
    }

    /** The elements of a path before the first with a wildcard; {@code "/"} for none. */
    static String beforeWildcard(String pattern) {
        String[] parts = pattern.split("/");
        int literal = 0;
        while (literal < parts.length && !GlobPattern.hasWildcard(parts[literal])) {
            literal++;
        }
        return GoPath.join("/", String.join("/", List.of(parts).subList(0, literal)));
    }

    /**
     * What a path with wildcards matches, in order. The part before the first wildcard follows links; below it only real
     * folders are searched. Empty when that part is not there at all.
     */
    Optional<List<Entry>> glob(String pattern) throws IOException {
        String literal = beforeWildcard(pattern);
        Optional<Entry> base = resolve(literal);
        if (base.isEmpty()) {
            return Optional.empty();
        }
        var patterns = new ArrayList<GlobPattern>();
        for (String part :
                pattern.substring(literal.length()).replaceFirst("^/", "").split("/")) {
            patterns.add(GlobPattern.compile(part));
        }
        var found = new ArrayList<Entry>();
        match(base.get(), patterns, found);
        return Optional.of(found);
    }

    private void match(Entry folder, List<GlobPattern> patterns, List<Entry> found) throws IOException {
        if (!folder.stat().isDirectory()) {
            return;
        }
        for (Entry child : children(folder)) {
            if (patterns.getFirst().matches(child.name())) {
                if (patterns.size() == 1) {
                    found.add(child);
                } else {
                    match(child, patterns.subList(1, patterns.size()), found);
                }
            }
        }
    }

    /** The rule that leaves {@code path} out, for the message when it is missed; empty when it is not there at all. */
    Optional<IgnorePatterns.Rule> hiddenBy(String path) throws IOException {
        String relative = GoPath.clean("/" + path).substring(1);
        if (relative.isEmpty()
                || LinuxFiles.lstatIfExists(root.resolve(relative)).isEmpty()) {
            return Optional.empty();
        }
        IgnorePatterns.Walk walk = ignored.walk();
        for (int end = relative.indexOf('/'); end >= 0; end = relative.indexOf('/', end + 1)) {
            walk = walk.child(relative.substring(0, end));
        }
        return walk.child(relative).hiddenBy();
    }
}
