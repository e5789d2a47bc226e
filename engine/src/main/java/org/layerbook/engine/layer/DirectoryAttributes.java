package org.layerbook.engine.layer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.layerbook.engine.layer.tar.ByteString;
import org.layerbook.engine.layer.tar.TarEntry;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;

/**
 * What the directories of a tree in the making are to be like in the end. Given to them last: whatever is made in a
 * directory changes its time, its mode may lock us out, and its set-group-id bit would pass on.
 */
final class DirectoryAttributes {
    private record Attributes(Ownership.Owner owner, SortedMap<String, byte[]> xattrs, long seconds, int nanos) {}

    private final Path root;
    private final TreeForm form;
    /** By raw name without symbolic links; the root's is empty. */
    private final NavigableMap<String, Attributes> all = new TreeMap<>();

    DirectoryAttributes(Path root, TreeForm form) {
        this.root = root;
        this.form = form;
    }

    boolean has(String name) {
        return all.containsKey(name);
    }

    /** As the tar says. */
    void set(String name, TarEntry entry) {
        all.put(
                name,
                new Attributes(LayerApplier.ownerOf(entry), entry.xattrs(), entry.mtimeSeconds(), entry.mtimeNanos()));
    }

    /** As an existing directory. */
    void setAs(String name, Path directory) throws IOException {
        FileStat stat = LinuxFiles.lstat(directory);
        all.put(
                name,
                new Attributes(
                        form.ownership().of(directory, stat),
                        TreeForm.attributes(directory),
                        stat.mtimeSeconds(),
                        stat.mtimeNanos()));
    }

    /** Root's, for all to read. */
    void setPlain(String name, long seconds, int nanos) {
        all.put(name, new Attributes(new Ownership.Owner(0, 0, 0755), TarEntry.NO_XATTRS, seconds, nanos));
    }

    /** The directory is gone, with all in it. */
    void forget(String name) {
        all.remove(name);
        // '0' is the character after '/'.
        all.subMap(name + "/", name + "0").clear();
    }

    void apply() throws IOException {
        // Deepest first.
        for (Map.Entry<String, Attributes> each : all.descendingMap().entrySet()) {
            Path path = ByteString.below(root, each.getKey());
            Attributes attributes = each.getValue();
            form.ownership().set(path, FileStat.DIRECTORY, attributes.owner());
            LayerApplier.setXattrs(path, attributes.xattrs());
            LinuxFiles.setTimes(path, attributes.seconds(), attributes.nanos());
        }
    }
}
