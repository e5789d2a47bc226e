package org.layerbook.engine.linux;

import java.time.Instant;

/**
 * What {@code statx(2)} tells of a file. Owners are unsigned 32-bit numbers.
 *
 * @param mode type and permission bits, as {@code st_mode}
 * @param size bytes; of a symbolic link the length of its target
 * @param blocks of 512 bytes, really taken
 * @param device the file system it lies on, {@code major << 32 | minor}
 * @param rdevMajor of a device node
 */
public record FileStat(
        int mode,
        int uid,
        int gid,
        long size,
        long blocks,
        long mtimeSeconds,
        int mtimeNanos,
        long ctimeSeconds,
        int ctimeNanos,
        long inode,
        long device,
        int links,
        int rdevMajor,
        int rdevMinor) {
    public static final int TYPE_MASK = 0170000;
    public static final int SOCKET = 0140000;
    public static final int SYMLINK = 0120000;
    public static final int REGULAR = 0100000;
    public static final int BLOCK_DEVICE = 0060000;
    public static final int DIRECTORY = 0040000;
    public static final int CHAR_DEVICE = 0020000;
    public static final int FIFO = 0010000;

    /** A second before the epoch's first minute ends: no tool gives a file this time. */
    public static final long WHITEOUT_SECONDS = 59;

    public int type() {
        return mode & TYPE_MASK;
    }

    /** With set-user-id, set-group-id and sticky bit: {@code 07777}. */
    public int permissions() {
        return mode & 07777;
    }

    public boolean isRegular() {
        return type() == REGULAR;
    }

    public boolean isDirectory() {
        return type() == DIRECTORY;
    }

    public boolean isSymlink() {
        return type() == SYMLINK;
    }

    public boolean isDevice() {
        return type() == CHAR_DEVICE || type() == BLOCK_DEVICE;
    }

    /** In words, with an article. */
    String kind() {
        return switch (type()) {
            case REGULAR -> "a regular file";
            case DIRECTORY -> "a directory";
            case SYMLINK -> "a symbolic link";
            case FIFO -> "a FIFO";
            case SOCKET -> "a socket";
            case CHAR_DEVICE, BLOCK_DEVICE -> "a device";
            default -> "of an unknown type";
        };
    }

    /**
     * The mark of a deleted name: a character device 0:0, as overlayfs has it, or, where that cannot be made, a FIFO that
     * nobody may open, of the time {@link #WHITEOUT_SECONDS}.
     */
    public boolean isWhiteout() {
        return switch (type()) {
            case CHAR_DEVICE -> rdevMajor == 0 && rdevMinor == 0;
            case FIFO -> permissions() == 0 && mtimeSeconds == WHITEOUT_SECONDS;
            default -> false;
        };
    }

    public Instant mtime() {
        return Instant.ofEpochSecond(mtimeSeconds, mtimeNanos);
    }

    public FileStat withMtime(long seconds, int nanos) {
        return new FileStat(
                mode,
                uid,
                gid,
                size,
                blocks,
                seconds,
                nanos,
                ctimeSeconds,
                ctimeNanos,
                inode,
                device,
                links,
                rdevMajor,
                rdevMinor);
    }
}
