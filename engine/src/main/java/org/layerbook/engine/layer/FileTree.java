package org.layerbook.engine.layer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import org.layerbook.engine.layer.LayerChanges.Change;
import org.layerbook.engine.layer.LayerChanges.FileKind;
import org.layerbook.engine.layer.LayerChanges.Kind;
import org.layerbook.engine.layer.tar.ByteString;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;

/**
 * The files of an image as its layers give them, without a mount. A value; nothing is read before it is asked for, and then
 * only that. Paths are absolute and begin at the image's root; {@code ..} and symbolic links do not lead out of it.
 */
public final class FileTree {
    /** As many links as the kernel follows in one path. */
    private static final int MAX_LINKS = 40;

    private final LowerDirs root;
    private final TreeForm form;

    /** @param layers their trees, topmost first; none for an empty tree */
    public FileTree(List<Path> layers, TreeForm form) {
        this.root = new LowerDirs(List.copyOf(layers), form);
        this.form = form;
    }

    /**
     * @param mode type and permissions as in {@code st_mode}
     * @param size bytes of a file, 0 for others
     * @param link a symbolic link's target
     * @param sharedInode of a file with several names in its layer (hard links), a number that is the same for all of
     *     them: what it holds is there once
     */
    public record Entry(
            String path,
            FileKind kind,
            int mode,
            int uid,
            int gid,
            long size,
            Optional<String> link,
            Instant mtime,
            Optional<Long> sharedInode) {}

    /** Walks stop where it returns false: then not into that directory. */
    @FunctionalInterface
    public interface Visitor {
        boolean visit(Entry entry) throws IOException;
    }

    /** What is at {@code path}: of a symbolic link itself. */
    public Optional<Entry> find(String path) throws IOException {
        Optional<Place> place = locate(path, false);
        return place.isPresent() ? Optional.of(entry(place.get())) : Optional.empty();
    }

    /**
     * What is in a directory, sorted by name; links are followed to it.
     *
     * @throws NoSuchFileException when there is nothing of that path
     * @throws NotDirectoryException when it is something else
     */
    public List<Entry> list(String path) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Place child : children(directory(path))) {
            entries.add(entry(child));
        }
        return entries;
    }

    /** All below a directory, which itself is not visited, in the order of a tar; throws as {@link #list} does. */
    public void walk(String path, Visitor visitor) throws IOException {
        walk(directory(path), visitor);
    }

    private void walk(Place directory, Visitor visitor) throws IOException {
        for (Place child : children(directory)) {
            if (visitor.visit(entry(child)) && child.isDirectory()) {
                walk(child, visitor);
            }
        }
    }

    /** A file as it lies on the disk. */
    @FunctionalInterface
    interface NodeVisitor {
        /** @param name raw, relative to the root of the tree */
        void visit(String name, Path file, FileStat stat) throws IOException;
    }

    /** All but the root, in the order of a tar. */
    void nodes(NodeVisitor visitor) throws IOException {
        nodes(rootPlace(), visitor);
    }

    private void nodes(Place directory, NodeVisitor visitor) throws IOException {
        for (Place child : children(directory)) {
            LowerDirs.Visible top = child.top().orElseThrow();
            visitor.visit(child.name(), top.path(), top.stat());
            if (child.isDirectory()) {
                nodes(child, visitor);
            }
        }
    }

    TreeForm form() {
        return form;
    }

    /**
     * A file's content; links are followed. The caller closes it.
     *
     * @throws NoSuchFileException when there is no such file
     */
    public InputStream open(String path) throws IOException {
        Place place = locate(path, true).orElseThrow(() -> new NoSuchFileException(path));
        FileStat stat =
                place.top().orElseThrow(() -> new NoSuchFileException(path)).stat();
        if (!stat.isRegular()) {
            throw new IOException(path + " is not a file");
        }
        return Files.newInputStream(place.top().get().path());
    }

    /** How {@code newer}, of the same store, differs from this tree: by kind, permissions, owner, attributes and content, not by times. */
    public LayerChanges changesTo(FileTree newer) throws IOException {
        List<Change> changes = new ArrayList<>();
        compare("", root, newer.root, changes);
        changes.sort(Comparator.comparing(Change::path));
        return new LayerChanges(changes);
    }

    private void compare(String name, LowerDirs before, LowerDirs after, List<Change> changes) throws IOException {
        if (before.directories().equals(after.directories())) {
            return;
        }
        LowerDirs.Below nothing = new LowerDirs.Below(Optional.empty(), root.none());
        SortedMap<String, LowerDirs.Below> old = before.children();
        SortedMap<String, LowerDirs.Below> current = after.children();
        TreeSet<String> names = new TreeSet<>(old.keySet());
        names.addAll(current.keySet());
        SameFile same = new SameFile(form);
        for (String child : names) {
            LowerDirs.Below was = old.getOrDefault(child, nothing);
            LowerDirs.Below is = current.getOrDefault(child, nothing);
            String whole = ByteString.join(name, child);
            if (is.top().isEmpty()) {
                changes.add(change(Kind.DELETED, whole, was.top().orElseThrow()));
                continue;
            }
            LowerDirs.Visible now = is.top().get();
            if (was.top().isEmpty()) {
                changes.add(change(Kind.ADDED, whole, now));
            } else if (!same.apartFromTime(was.top().get(), now)) {
                changes.add(change(Kind.MODIFIED, whole, now));
            }
            if (is.isDirectory()) {
                compare(whole, was.merged(), is.merged(), changes);
            }
        }
    }

    private static Change change(Kind kind, String name, LowerDirs.Visible file) {
        FileStat stat = file.stat();
        return new Change(kind, "/" + ByteString.text(name), kind(stat), stat.isRegular() ? stat.size() : 0);
    }

    static FileKind kind(FileStat stat) {
        return switch (stat.type()) {
            case FileStat.REGULAR -> FileKind.FILE;
            case FileStat.DIRECTORY -> FileKind.DIRECTORY;
            case FileStat.SYMLINK -> FileKind.SYMLINK;
            default -> FileKind.OTHER;
        };
    }

    /**
     * @param name raw, without a slash at the beginning
     * @param top absent only for the root of an empty tree
     */
    private record Place(String name, Optional<LowerDirs.Visible> top, LowerDirs merged) {
        boolean isDirectory() {
            return top.map(t -> t.stat().isDirectory()).orElse(true);
        }
    }

    private Place rootPlace() throws IOException {
        if (root.isEmpty()) {
            return new Place("", Optional.empty(), root);
        }
        Path top = root.directories().getFirst();
        return new Place("", Optional.of(new LowerDirs.Visible(top, LinuxFiles.lstat(top))), root);
    }

    private Place directory(String path) throws IOException {
        Place place = locate(path, true).orElseThrow(() -> new NoSuchFileException(path));
        if (!place.isDirectory()) {
            throw new NotDirectoryException(path);
        }
        return place;
    }

    private static List<Place> children(Place directory) throws IOException {
        List<Place> places = new ArrayList<>();
        directory
                .merged()
                .children()
                .forEach((name, below) ->
                        places.add(new Place(ByteString.join(directory.name(), name), below.top(), below.merged())));
        return places;
    }

    private Optional<Place> locate(String path, boolean followLast) throws IOException {
        Deque<String> todo = new ArrayDeque<>(ByteString.names(ByteString.ofText(path)));
        Deque<Place> trail = new ArrayDeque<>(List.of(rootPlace()));
        int links = 0;
        while (!todo.isEmpty()) {
            String name = todo.pop();
            if (name.equals("..")) {
                if (trail.size() > 1) {
                    trail.pop();
                }
                continue;
            }
            LowerDirs.Below below = trail.peek().merged().child(name);
            if (below.top().isEmpty()) {
                return Optional.empty();
            }
            FileStat stat = below.top().get().stat();
            if (stat.isSymlink() && (followLast || !todo.isEmpty())) {
                if (++links > MAX_LINKS) {
                    throw new FileSystemLoopException(path);
                }
                String target =
                        ByteString.of(LinuxFiles.readlink(below.top().get().path()));
                if (target.startsWith("/")) {
                    trail = new ArrayDeque<>(List.of(rootPlace()));
                }
                ByteString.names(target).reversed().forEach(todo::push);
                continue;
            }
            trail.push(new Place(ByteString.join(trail.peek().name(), name), below.top(), below.merged()));
        }
        return Optional.of(trail.peek());
    }

    private Entry entry(Place place) throws IOException {
        if (place.top().isEmpty()) {
            return new Entry(
                    "/",
                    FileKind.DIRECTORY,
                    FileStat.DIRECTORY | 0755,
                    0,
                    0,
                    0,
                    Optional.empty(),
                    Instant.EPOCH,
                    Optional.empty());
        }
        Path file = place.top().get().path();
        FileStat stat = place.top().get().stat();
        Ownership.Owner owner = form.ownership().of(file, stat);
        return new Entry(
                "/" + ByteString.text(place.name()),
                kind(stat),
                stat.type() | owner.permissions(),
                owner.uid(),
                owner.gid(),
                stat.isRegular() ? stat.size() : 0,
                stat.isSymlink()
                        ? Optional.of(ByteString.text(ByteString.of(LinuxFiles.readlink(file))))
                        : Optional.empty(),
                Instant.ofEpochSecond(stat.mtimeSeconds()),
                stat.isRegular() && stat.links() > 1 ? Optional.of(stat.inode()) : Optional.empty());
    }
}
