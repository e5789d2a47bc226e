package org.layerbook.engine.layer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.layerbook.engine.layer.tar.ByteString;
import org.layerbook.engine.layer.tar.MalformedLayerException;
import org.layerbook.engine.layer.tar.TarEntry;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Trees;

/**
 * An overlay diff in the making: finds and makes the directories for what is unpacked, and keeps to what overlayfs
 * expects. A whiteout stands only over something that a lower layer shows, as overlayfs would list any other; a directory
 * in the place of a deleted one is opaque. Directories get their attributes last, when nothing in them changes any more.
 *
 * <p>Nobody else may change the tree meanwhile. Names are raw and, where they are called real, relative to the root and
 * free of symbolic links.
 */
final class DiffBuilder {
    /** As many links as the kernel follows in one path. */
    private static final int MAX_LINKS = 40;

    /** A directory, perhaps one that is only below or nowhere. */
    private record Directory(List<String> names, Path path) {
        String real() {
            return String.join("/", names);
        }

        String real(String child) {
            return ByteString.join(real(), child);
        }
    }

    private record Known(List<String> names, Directory directory) {}

    private final Path root;
    private final LowerDirs lowers;
    private final TreeForm form;
    private final DirectoryAttributes attributes;
    private final NavigableSet<String> whiteouts = new TreeSet<>();
    private final NavigableSet<String> opaque = new TreeSet<>();
    /** The directory last asked for: members come in runs. */
    private Optional<Known> known = Optional.empty();

    DiffBuilder(Path root, List<Path> lowers, TreeForm form) {
        this.root = root;
        this.lowers = new LowerDirs(lowers, form);
        this.form = form;
        this.attributes = new DirectoryAttributes(root, form);
    }

    /** Where something that is no directory belongs, free or not. */
    Path spot(List<String> parent, String name, TarEntry entry) throws IOException {
        return ByteString.child(make(parent, entry).path(), name);
    }

    /** A free place for something that is no directory: what was there before from this layer is gone. */
    Path place(List<String> parent, String name, TarEntry entry) throws IOException {
        Directory directory = make(parent, entry);
        Path path = ByteString.child(directory.path(), name);
        if (LinuxFiles.lstatIfExists(path).isPresent()) {
            remove(directory.real(name), path);
        }
        return path;
    }

    void directory(List<String> parent, String name, TarEntry entry) throws IOException {
        Directory directory = make(parent, entry);
        Path path = ByteString.child(directory.path(), name);
        Optional<FileStat> existing = LinuxFiles.lstatIfExists(path);
        if (existing.isEmpty() || !existing.get().isDirectory()) {
            if (existing.isPresent()) {
                remove(directory.real(name), path);
            }
            LinuxFiles.mkdir(path, 0700);
            if (existing.isPresent()) {
                hide(directory, name, path);
            }
        }
        attributesLater(directory.real(name), entry);
    }

    /** @param real raw name of a directory; empty for the root */
    void attributesLater(String real, TarEntry entry) {
        attributes.set(real, entry);
    }

    /** Hides what lower layers have under this name. */
    void whiteout(List<String> parent, String name, TarEntry entry) throws IOException {
        if (lowersAt(find(parent).names()).child(name).top().isEmpty()) {
            return;
        }
        Directory directory = make(parent, entry);
        Path path = ByteString.child(directory.path(), name);
        Optional<FileStat> existing = LinuxFiles.lstatIfExists(path);
        if (existing.isEmpty()) {
            form.whiteout(path);
            whiteouts.add(directory.real(name));
        } else if (existing.get().isDirectory()) {
            hide(directory, name, path);
        }
    }

    /** Hides all that lower layers have in this directory. */
    void hideBelow(List<String> names, TarEntry entry) throws IOException {
        Directory directory = make(names, entry);
        if (directory.names().isEmpty()) {
            opaque.add("");
            removeWhiteoutsIn("");
            return;
        }
        List<String> real = directory.names();
        Directory parent =
                new Directory(real.subList(0, real.size() - 1), directory.path().getParent());
        hide(parent, real.getLast(), directory.path());
    }

    /** Makes a further name for a file of this layer, or of one below, which is then copied. */
    void hardLink(MemberName name, MemberName target, TarEntry entry) throws IOException {
        if (target.role() != MemberName.Role.ORDINARY) {
            throw noTarget(entry);
        }
        Path source = linkSource(target, entry);
        Path path = ByteString.child(make(name.parent(), entry).path(), name.last());
        if (!path.equals(source)) {
            LinuxFiles.link(source, place(name.parent(), name.last(), entry));
        }
    }

    private Path linkSource(MemberName target, TarEntry entry) throws IOException {
        Directory directory = find(target.parent());
        Path path = ByteString.child(directory.path(), target.last());
        Optional<FileStat> existing = LinuxFiles.lstatIfExists(path);
        if (existing.isPresent()) {
            if (existing.get().isDirectory() || existing.get().isWhiteout()) {
                throw noTarget(entry);
            }
            return path;
        }
        LowerDirs.Visible below =
                lowersAt(directory.names()).child(target.last()).top().orElseThrow(() -> noTarget(entry));
        if (below.stat().isDirectory()) {
            throw noTarget(entry);
        }
        Path copy = place(target.parent(), target.last(), entry);
        NodeCopies.copyNode(below.path(), below.stat(), copy, form);
        return copy;
    }

    private static MalformedLayerException noTarget(TarEntry entry) {
        return new MalformedLayerException("invalid layer: " + ByteString.text(entry.name()) + " is a hard link to "
                + ByteString.text(entry.link()) + ", which is not a file in this layer or below");
    }

    /** To be called once, after all else. */
    void finish() throws IOException {
        if (opaque.contains("")) {
            hideRoot();
        }
        if (!attributes.has("")) {
            if (lowers.isEmpty()) {
                attributes.setPlain("", 0, 0);
            } else {
                attributes.setAs("", lowers.directories().getFirst());
            }
        }
        attributes.apply();
    }

    /** Overlayfs merges root directories whatever their attributes, so every name in them is hidden by itself. */
    private void hideRoot() throws IOException {
        for (Map.Entry<String, LowerDirs.Below> each : lowers.children().entrySet()) {
            Path path = ByteString.child(root, each.getKey());
            Optional<FileStat> existing = LinuxFiles.lstatIfExists(path);
            if (existing.isEmpty()) {
                form.whiteout(path);
            } else if (existing.get().isDirectory() && each.getValue().isDirectory()) {
                form.setOpaque(path);
            }
        }
    }

    private void hide(Directory parent, String name, Path path) throws IOException {
        if (lowersAt(parent.names()).child(name).isDirectory()) {
            form.setOpaque(path);
            opaque.add(parent.real(name));
            removeWhiteoutsIn(parent.real(name));
        }
    }

    private void removeWhiteoutsIn(String directory) throws IOException {
        Collection<String> needless = directory.isEmpty() ? whiteouts : below(directory, whiteouts);
        for (String whiteout : needless) {
            Trees.delete(ByteString.below(root, whiteout));
        }
        needless.clear();
    }

    private static NavigableSet<String> below(String directory, NavigableSet<String> names) {
        // '0' is the character after '/'.
        return names.subSet(directory + "/", true, directory + "0", false);
    }

    private void remove(String real, Path path) throws IOException {
        Trees.delete(path);
        attributes.forget(real);
        for (NavigableSet<String> names : List.of(whiteouts, opaque)) {
            names.remove(real);
            below(real, names).clear();
        }
        known = Optional.empty();
    }

    /** The directory of these names, made with its parents where it is missing. */
    private Directory make(List<String> names, TarEntry because) throws IOException {
        if (known.isPresent() && known.get().names().equals(names)) {
            return known.get().directory();
        }
        Directory directory = resolve(names, Optional.of(because));
        known = Optional.of(new Known(names, directory));
        return directory;
    }

    /** Where the directory of these names is or would be. */
    private Directory find(List<String> names) throws IOException {
        return resolve(names, Optional.empty());
    }

    private Directory resolve(List<String> names, Optional<TarEntry> make) throws IOException {
        Deque<String> todo = new ArrayDeque<>(names);
        Directory at = new Directory(List.of(), root);
        int links = 0;
        while (!todo.isEmpty()) {
            String name = todo.pop();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                at = at.names().isEmpty() ? at : up(at);
                continue;
            }
            Path path = ByteString.child(at.path(), name);
            Optional<FileStat> stat = LinuxFiles.lstatIfExists(path);
            if (stat.isPresent() && stat.get().isSymlink()) {
                if (++links > MAX_LINKS) {
                    throw new MalformedLayerException(
                            "invalid layer: circular symbolic links: " + ByteString.text(String.join("/", names)));
                }
                String target = ByteString.of(LinuxFiles.readlink(path));
                at = target.startsWith("/") ? new Directory(List.of(), root) : at;
                ByteString.names(target).reversed().forEach(todo::push);
                continue;
            }
            if (stat.isPresent() && !stat.get().isDirectory() && !stat.get().isWhiteout()) {
                throw new MalformedLayerException(
                        "invalid layer: a file is also used as a directory: " + ByteString.text(at.real(name)));
            }
            boolean missing = stat.isEmpty() || stat.get().isWhiteout();
            if (missing && make.isPresent()) {
                makeOne(at, name, path, stat.isPresent(), make.get());
            }
            List<String> deeper = new ArrayList<>(at.names());
            deeper.add(name);
            at = new Directory(deeper, path);
        }
        return at;
    }

    private static Directory up(Directory directory) {
        List<String> names = directory.names();
        return new Directory(
                names.subList(0, names.size() - 1), directory.path().getParent());
    }

    /** A parent directory that the tar does not have, or not yet. */
    private void makeOne(Directory parent, String name, Path path, boolean wasDeleted, TarEntry because)
            throws IOException {
        Optional<LowerDirs.Visible> below = lowersAt(parent.names()).child(name).top();
        if (wasDeleted) {
            remove(parent.real(name), path);
        }
        LinuxFiles.mkdir(path, 0700);
        if (wasDeleted) {
            hide(parent, name, path);
        }
        String real = parent.real(name);
        if (!wasDeleted && below.isPresent() && below.get().stat().isDirectory()) {
            attributes.setAs(real, below.get().path());
        } else {
            attributes.setPlain(real, because.mtimeSeconds(), because.mtimeNanos());
        }
    }

    /** What lower layers show in a directory, as far as this layer lets them. */
    private LowerDirs lowersAt(List<String> names) throws IOException {
        LowerDirs at = opaque.contains("") ? lowers.none() : lowers;
        String real = "";
        for (String name : names) {
            if (at.isEmpty()) {
                return at;
            }
            real = ByteString.join(real, name);
            at = opaque.contains(real) || whiteouts.contains(real)
                    ? lowers.none()
                    : at.child(name).merged();
        }
        return at;
    }
}
