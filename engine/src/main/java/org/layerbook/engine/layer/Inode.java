package org.layerbook.engine.layer;

import org.layerbook.engine.linux.FileStat;

/** What is the same for all names of one file. */
record Inode(long device, long number) {
    static Inode of(FileStat stat) {
        return new Inode(stat.device(), stat.inode());
    }
}
