package org.layerbook.interpreter.inspection;

import java.util.HashSet;
import java.util.Set;
import org.layerbook.engine.layer.FileTree;

/** Counts a file that has several names in a layer once, under the first of them, as its tar does. */
final class HardLinks {
    private final Set<Long> seen = new HashSet<>();

    long bytes(FileTree.Entry entry) {
        return entry.sharedInode().filter(inode -> !seen.add(inode)).isPresent() ? 0 : entry.size();
    }
}
