package org.layerbook.engine.layer.tar;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.layerbook.engine.linux.FileStat;

/**
 * The header of one member of a tar. Raw names are {@link ByteString}s.
 *
 * @param name raw, as written, without the slash at the end of a directory's
 * @param permissions {@code 07777} at most
 * @param uid unsigned
 * @param gid unsigned
 * @param size bytes of a file, 0 of everything else
 * @param link raw: a symbolic link's target, or the name of the member a hard link repeats; else empty
 * @param major of a device
 * @param minor of a device
 * @param xattrs by full name ({@code user.…}, {@code security.capability})
 */
public record TarEntry(
        Kind kind,
        String name,
        int permissions,
        int uid,
        int gid,
        long size,
        long mtimeSeconds,
        int mtimeNanos,
        String link,
        int major,
        int minor,
        SortedMap<String, byte[]> xattrs) {

    public static final SortedMap<String, byte[]> NO_XATTRS = Collections.unmodifiableSortedMap(new TreeMap<>());

    /** With the type flag that a tar header has for it. */
    public enum Kind {
        FILE('0', FileStat.REGULAR),
        HARD_LINK('1', 0),
        SYMLINK('2', FileStat.SYMLINK),
        CHAR_DEVICE('3', FileStat.CHAR_DEVICE),
        BLOCK_DEVICE('4', FileStat.BLOCK_DEVICE),
        DIRECTORY('5', FileStat.DIRECTORY),
        FIFO('6', FileStat.FIFO);

        private final char flag;
        private final int mode;

        Kind(char flag, int mode) {
            this.flag = flag;
            this.mode = mode;
        }

        char flag() {
            return flag;
        }

        /** The type bits of {@code st_mode}; 0 for a hard link, which has those of its file. */
        public int mode() {
            return mode;
        }
    }

    /** An empty file of root's, as whiteouts are. */
    public static TarEntry marker(String name) {
        return new TarEntry(Kind.FILE, name, 0, 0, 0, 0, 0, 0, "", 0, 0, NO_XATTRS);
    }

    TarEntry withSize(long bytes) {
        return bytes == size
                ? this
                : new TarEntry(
                        kind, name, permissions, uid, gid, bytes, mtimeSeconds, mtimeNanos, link, major, minor, xattrs);
    }

    public boolean isDevice() {
        return kind == Kind.CHAR_DEVICE || kind == Kind.BLOCK_DEVICE;
    }
}
