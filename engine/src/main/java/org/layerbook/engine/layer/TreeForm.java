package org.layerbook.engine.layer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.layerbook.engine.layer.tar.TarEntry;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Xattrs;

/**
 * How a layer's tree says on disk what a plain tree cannot.
 *
 * @param marks who may read overlayfs's own attributes
 */
public record TreeForm(Marks marks, Ownership ownership) {
    public static final TreeForm ROOT = new TreeForm(Marks.TRUSTED, Ownership.MAPPED);

    /** The attributes of overlayfs (Linux, Documentation/filesystems/overlayfs.rst), or our own. */
    public enum Marks {
        /** {@code trusted.overlay.*}: as root. */
        TRUSTED("trusted.overlay."),
        /** {@code user.overlay.*}: in a user namespace, mounted with {@code userxattr}. */
        USER("user.overlay."),
        /**
         * {@code user.layerbook.*}, and FIFOs for deleted names: where those of overlayfs cannot be made, as on overlayfs
         * itself, and with that in every container's own files. Nothing can be mounted over such trees.
         */
        OWN("user.layerbook.");

        private final String prefix;

        Marks(String prefix) {
            this.prefix = prefix;
        }

        /** The attribute of directories that hide what lower layers have in them. */
        public String opaque() {
            return prefix + "opaque";
        }
    }

    private static final byte[] YES = {'y'};

    /** {@code "TRUSTED MAPPED"}: the two names. */
    public String toText() {
        return marks + " " + ownership;
    }

    /** @throws IOException when it is not {@link #toText}'s */
    public static TreeForm parse(String text) throws IOException {
        String[] names = text.strip().split(" ");
        try {
            return new TreeForm(Marks.valueOf(names[0]), Ownership.valueOf(names[names.length - 1]));
        } catch (IllegalArgumentException e) {
            throw new IOException("unknown tree format", e);
        }
    }

    /** Whether this directory hides what lies below it in lower layers. */
    boolean isOpaque(Path directory) throws IOException {
        return Xattrs.get(directory, marks.opaque())
                .map(v -> new String(v, StandardCharsets.US_ASCII).equals("y"))
                .orElse(false);
    }

    void setOpaque(Path directory) throws IOException {
        Xattrs.set(directory, marks.opaque(), YES);
    }

    /** Marks a deleted name. */
    public void whiteout(Path path) throws IOException {
        if (marks == Marks.OWN) {
            LinuxFiles.mknod(path, FileStat.FIFO, 0, 0);
            LinuxFiles.setTimes(path, FileStat.WHITEOUT_SECONDS, 0);
        } else {
            LinuxFiles.whiteout(path);
        }
    }

    void clearOpaque(Path directory) throws IOException {
        Xattrs.remove(directory, marks.opaque());
    }

    /** The attributes that belong to the file as a layer has it, by name. */
    public static SortedMap<String, byte[]> attributes(Path file) throws IOException {
        SortedMap<String, byte[]> result = TarEntry.NO_XATTRS;
        for (String name : Xattrs.list(file)) {
            if (isPortable(name)) {
                if (result.isEmpty()) {
                    result = new TreeMap<>();
                }
                byte[] value = Xattrs.get(file, name).orElse(null);
                if (value != null) {
                    result.put(name, value);
                }
            }
        }
        return result;
    }

    /**
     * What a layer may carry: capabilities and the user's own attributes, as docker has it. Access lists and security
     * labels belong to the machine, those of overlayfs could redirect a lookup.
     */
    public static boolean isPortable(String name) {
        return name.equals("security.capability")
                || (name.startsWith("user.")
                        && !name.startsWith("user.overlay.")
                        && !name.startsWith("user.layerbook."));
    }
}
