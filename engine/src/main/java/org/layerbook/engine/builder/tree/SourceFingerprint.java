package org.layerbook.engine.builder.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.oci.Digest;

/**
 * What would be copied of one source: names, types, modes, owners, link targets and contents, never times. It decides
 * COPY's key, and afterwards whether the files stayed as they were while they were copied.
 */
final class SourceFingerprint {
    private record Item(SourceTree.Entry entry, String relative, String sameAs) {}

    private final SourceTree tree;
    private final List<Item> items = new ArrayList<>();

    private SourceFingerprint(SourceTree tree) {
        this.tree = tree;
    }

    /** Bytes of its regular files, each counted once. */
    long bytes() {
        return items.stream()
                .filter(item -> item.sameAs().isEmpty() && item.entry().stat().isRegular())
                .mapToLong(item -> item.entry().stat().size())
                .sum();
    }

    static SourceFingerprint of(
            SourceTree tree, SourceTree.Entry source, Selection selection, Cancellation cancellation)
            throws IOException {
        var listing = new SourceFingerprint(tree);
        selection.walk(tree, source, listing.new Collector(), cancellation);
        return listing;
    }

    private final class Collector implements Selection.Visitor {
        private final Map<Long, String> linked = new HashMap<>();
        /** Folders that are entered but not included: they count as soon as something in them does. */
        private final Deque<Item> pending = new ArrayDeque<>();

        @Override
        public void enter(SourceTree.Entry folder, String relative, boolean included) {
            pending.addLast(new Item(folder, relative, ""));
            if (included) {
                flush();
            }
        }

        @Override
        public void leave(SourceTree.Entry folder, String relative, boolean included) {
            pending.pollLast();
        }

        @Override
        public void file(SourceTree.Entry file, String relative) {
            flush();
            String sameAs = "";
            if (file.stat().isRegular() && file.stat().links() > 1) {
                String first = linked.putIfAbsent(file.stat().inode(), relative);
                sameAs = first == null ? "" : first;
            }
            items.add(new Item(file, relative, sameAs));
        }

        private void flush() {
            // Marked as taken by an empty place, so that leave() still finds one to take away.
            int size = pending.size();
            for (int i = 0; i < size; i++) {
                Item item = pending.pollFirst();
                if (item != TAKEN) {
                    items.add(item);
                }
                pending.addLast(TAKEN);
            }
        }
    }

    private static final Item TAKEN = new Item(null, "", "");

    /** Regular files among it, which have to be read. */
    List<SourceTree.Entry> files() {
        return items.stream().map(Item::entry).filter(e -> e.stat().isRegular()).toList();
    }

    /** Symbolic links that lie directly in the source. */
    List<SourceTree.Entry> linksAtTop() {
        return items.stream()
                .filter(item -> !item.relative().contains("/"))
                .map(Item::entry)
                .filter(entry -> entry.stat().isSymlink())
                .toList();
    }

    /** Of everything below the source, from the source. */
    Stream<String> paths() {
        return items.stream().map(Item::relative).filter(relative -> !relative.isEmpty());
    }

    boolean isEmpty() {
        return items.isEmpty();
    }

    /**
     * One digest of it all.
     *
     * @param contents digest of each regular file's content and attributes, by its path
     */
    Digest digest(Map<String, String> contents) throws IOException {
        MessageDigest sum = Digest.newSha256();
        for (Item item : items) {
            // What is copied of a folder is its contents: its own mode and owner do not arrive.
            if (item.relative().isEmpty() && item.entry().stat().isDirectory()) {
                continue;
            }
            sum.update(line(item, contents).getBytes(StandardCharsets.UTF_8));
            sum.update((byte) 0);
        }
        return Digest.of(sum.digest());
    }

    private String line(Item item, Map<String, String> contents) throws IOException {
        FileStat stat = item.entry().stat();
        String what = "";
        if (stat.isRegular()) {
            what = contents.get(item.entry().path()) + " " + item.sameAs();
        } else if (stat.isSymlink()) {
            what = HexFormat.of().formatHex(LinuxFiles.readlink(item.entry().file()));
        } else if (stat.isDevice()) {
            what = stat.rdevMajor() + ":" + stat.rdevMinor();
        }
        int mode = stat.isSymlink() ? stat.type() : stat.mode();
        String attributes =
                stat.isRegular() ? "" : FileDigests.attributes(item.entry().file());
        return Integer.toOctalString(mode) + " " + tree.uid(stat) + ":" + tree.gid(stat) + " " + attributes + " " + what
                + " /" + item.relative();
    }

    /** Something that is not as it was when this was made, a folder that has got or lost a file among it. */
    Optional<String> changedSince() throws IOException {
        for (Item item : items) {
            Optional<FileStat> now = LinuxFiles.lstatIfExists(item.entry().file());
            if (now.isEmpty() || !same(now.get(), item.entry().stat())) {
                return Optional.of(item.entry().path());
            }
        }
        return Optional.empty();
    }

    private static boolean same(FileStat now, FileStat then) {
        return now.mode() == then.mode()
                && now.size() == then.size()
                && now.mtimeSeconds() == then.mtimeSeconds()
                && now.mtimeNanos() == then.mtimeNanos()
                && now.ctimeSeconds() == then.ctimeSeconds()
                && now.ctimeNanos() == then.ctimeNanos();
    }
}
