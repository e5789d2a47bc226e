package org.layerbook.engine.layer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.layerbook.engine.linux.Errno;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxException;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Xattrs;

/** How the files of a tree have their owners and permissions. One store has one way, for all its trees. */
public enum Ownership {
    /** They just have them: as root, or in a user namespace that maps a whole range of ids. */
    MAPPED {
        @Override
        public void set(Path file, int type, Owner owner) throws IOException {
            chown(file, owner);
            setNew(file, type, owner);
        }

        @Override
        public void setNew(Path file, int type, Owner owner) throws IOException {
            if (!owner.isRoot()) {
                chown(file, owner);
            }
            if (type != FileStat.SYMLINK) {
                LinuxFiles.chmodFollowing(file, owner.permissions());
            }
        }

        /** The kernel takes no id that the user namespace does not map. */
        private void chown(Path file, Owner owner) throws IOException {
            try {
                LinuxFiles.lchown(file, owner.uid(), owner.gid());
            } catch (LinuxException e) {
                if (!e.is(Errno.EINVAL)) {
                    throw e;
                }
                throw new IOException(
                        "cannot set the owner of " + file.getFileName() + " to " + Integer.toUnsignedString(owner.uid())
                                + ":"
                                + Integer.toUnsignedString(owner.gid())
                                + ": the ID is outside your range (see /etc/subuid and /etc/subgid)",
                        e);
            }
        }

        @Override
        public Owner of(Path file, FileStat stat) {
            return new Owner(stat.uid(), stat.gid(), stat.permissions());
        }
    },

    /**
     * Where only one id is to be had, every file is that one's. Another owner, and permissions that would lock ourselves
     * out, stand in the attribute {@value #ATTRIBUTE} of files and directories. Symbolic links, FIFOs and devices cannot
     * have that attribute: they are root's. A file whose mode is changed by someone else loses the recorded one.
     */
    RECORDED {
        @Override
        public void set(Path file, int type, Owner owner) throws IOException {
            if (type == FileStat.REGULAR || type == FileStat.DIRECTORY) {
                LinuxFiles.chmodFollowing(file, accessible(type, owner.permissions()));
                Xattrs.remove(file, ATTRIBUTE);
            }
            setNew(file, type, owner);
        }

        @Override
        public void setNew(Path file, int type, Owner owner) throws IOException {
            if (type == FileStat.SYMLINK) {
                return;
            }
            int real = accessible(type, owner.permissions());
            LinuxFiles.chmodFollowing(file, real);
            boolean canHaveAttributes = type == FileStat.REGULAR || type == FileStat.DIRECTORY;
            if (canHaveAttributes && (!owner.isRoot() || real != owner.permissions())) {
                String text = Integer.toUnsignedString(owner.uid()) + ":" + Integer.toUnsignedString(owner.gid()) + ":"
                        + Integer.toOctalString(owner.permissions());
                Xattrs.set(file, ATTRIBUTE, text.getBytes(StandardCharsets.US_ASCII));
            }
        }

        @Override
        public Owner of(Path file, FileStat stat) throws IOException {
            Optional<Owner> recorded = stat.isRegular() || stat.isDirectory()
                    ? Xattrs.get(file, ATTRIBUTE).flatMap(Ownership::parse)
                    : Optional.empty();
            if (recorded.isEmpty()) {
                return new Owner(0, 0, stat.permissions());
            }
            Owner owner = recorded.get();
            boolean sameMode = accessible(stat.type(), owner.permissions()) == stat.permissions();
            return sameMode ? owner : new Owner(owner.uid(), owner.gid(), stat.permissions());
        }
    };

    static final String ATTRIBUTE = "user.layerbook.owner";

    /**
     * Gives {@code file} this owner and these permissions.
     *
     * @param type as in {@code st_mode}; a symbolic link's permissions cannot be set and are not
     */
    public abstract void set(Path file, int type, Owner owner) throws IOException;

    /** As {@link #set} for a file that this process has just made in a directory without the set-group-id bit. */
    public abstract void setNew(Path file, int type, Owner owner) throws IOException;

    /** What {@code file} has, whose {@code lstat} is given. */
    public abstract Owner of(Path file, FileStat stat) throws IOException;

    /** @param uid unsigned; @param gid unsigned; @param permissions {@code 07777} at most */
    public record Owner(int uid, int gid, int permissions) {
        boolean isRoot() {
            return uid == 0 && gid == 0;
        }
    }

    private static int accessible(int type, int permissions) {
        return permissions | (type == FileStat.DIRECTORY ? 0700 : 0600);
    }

    private static Optional<Owner> parse(byte[] attribute) {
        String[] parts = new String(attribute, StandardCharsets.US_ASCII).split(":");
        try {
            return parts.length == 3
                    ? Optional.of(new Owner(
                            Integer.parseUnsignedInt(parts[0]),
                            Integer.parseUnsignedInt(parts[1]),
                            Integer.parseInt(parts[2], 8) & 07777))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            // Something in the image has written it: not ours, and no reason to fail.
            return Optional.empty();
        }
    }
}
